import { mkdir, open, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StoreUnavailable } from '../../errors.ts'
import { storageTrouble } from './storage-trouble.ts'

/**
 * Makes the folder of a store where it does not exist.
 * @returns its real path, the same whichever way it is named.
 * @throws StoreUnavailable where it cannot be a store's.
 */
export async function prepareFolder(path: string): Promise<string> {
  try {
    const found = await stat(path).catch(() => undefined)
    if (found?.isFile()) {
      throw new StoreUnavailable(
        `The path '${path}' of the embedded store is a file.`,
        'Give the path of a folder; it is made if it does not exist.',
      )
    }
    await makeFolder(path)
    const folder = await realpath(path)
    await checkDataFile(path, join(folder, 'data.mdb'))
    return folder
  } catch (cause) {
    throw storageTrouble(path, 'be opened', cause)
  }
}

/** By hand, because Node's own recursive `mkdir` never returns where a parent can hold no folders (/proc). */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    await mkdir(path)
  }
}

const magic = 0xbeefc0de
/** Where it stands in a first page: behind the page's header, of 24 bytes or, in older builds of lmdb, of 16. */
const magicPlaces = [24, 16] as const

/** lmdb ends the whole process at a file that is none of its own, so it must not get to see one. */
async function checkDataFile(path: string, file: string): Promise<void> {
  if ((await stat(file).catch(() => undefined)) === undefined) return
  const handle = await open(file, 'r')
  try {
    const start = Buffer.alloc(32)
    const { bytesRead } = await handle.read(start, 0, start.length, 0)
    // lmdb makes the file before it fills it: an empty one is a store that was never used.
    if (bytesRead === 0) return
    if (magicPlaces.some((place) => start.readUInt32LE(place) === magic)) return
    throw new StoreUnavailable(
      `The embedded store '${path}' could not be opened: its data.mdb is no lmdb database.`,
      'Choose another folder, or restore a back-up.',
    )
  } finally {
    await handle.close()
  }
}
