import { StoreUnavailable } from '../../errors.ts'
import type { Environment } from './lmdb.ts'

/** The version of all that is on disk together. A change that older releases could not read must raise it. */
export const formatVersion = 3

const label = 'reenact'

/**
 * Makes sure that the folder holds a store of this format, and makes an empty one to one.
 * @throws StoreUnavailable where it holds something else.
 */
export async function checkFormat(path: string, environment: Environment): Promise<void> {
  const found = await environment.transaction(() => {
    const text = environment.label(label)
    if (text !== undefined) return text
    if (!environment.isEmpty()) return 'another database'
    environment.setLabel(label, String(formatVersion))
    return String(formatVersion)
  })
  if (found === String(formatVersion)) return
  if (/^\d+$/.test(found)) {
    throw new StoreUnavailable(
      `The embedded store '${path}' has the format ${found}; this release of Reenact reads the format ${formatVersion}.`,
      'Use a release that knows it, or choose another path.',
    )
  }
  throw new StoreUnavailable(
    `The folder '${path}' holds an lmdb database that is no store of Reenact.`,
    'Choose another path.',
  )
}
