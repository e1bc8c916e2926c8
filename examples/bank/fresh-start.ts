import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from './arguments.ts'
import { isServer } from './bank-store.ts'

/** What an embedded store keeps in its directory. */
const storeFiles: ReadonlySet<string> = new Set(['data.mdb', 'lock.mdb'])

/**
 * Forgets what a store directory holds; one that is not there yet is fine.
 * @throws UsageError where the store is a server, or other things are in the directory: not the bank's to delete.
 */
export async function forget(path: string): Promise<void> {
  if (isServer(path))
    throw new UsageError('--fresh is for a directory: the bank deletes nothing on a server.')
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new UsageError(`--fresh cannot look into ${path}: ${error.message}.`)
  })
  const foreign = names.filter((name) => !storeFiles.has(name))
  if (foreign.length > 0) {
    throw new UsageError(
      `--fresh forgets a bank's directory, but ${path} holds other things: ${foreign.slice(0, 3).join(', ')}. Nothing was deleted; name another directory with --store.`,
    )
  }
  for (const name of names) await rm(join(path, name))
}
