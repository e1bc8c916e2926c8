import { prepareFolder } from './folder.ts'
import { checkFormat } from './format.ts'
import { defaultHeadsOptions, type HeadsOptions } from './heads.ts'
import { openEnvironment } from './lmdb.ts'
import { OpenLog } from './open-log.ts'
import { storageTrouble } from './storage-trouble.ts'

/** A log that several handles of this process use. */
interface SharedLog {
  readonly log: Promise<OpenLog>
  users: number
}

/**
 * The logs that this process has open, by their real path. Global on purpose: two handles on one folder must be one
 * writer, or each would wait for the lock of the other.
 */
const shared = new Map<string, SharedLog>()
/** Those that are being closed: a folder is opened again only afterwards. */
const closing = new Map<string, Promise<void>>()

export interface LogLease {
  readonly log: OpenLog
  /** Gives it back; the last one closes it. */
  release(): Promise<void>
}

/**
 * @param options count for the first one to open it.
 * @throws StoreUnavailable where it cannot be opened.
 */
export async function leaseLog(path: string, options: HeadsOptions = defaultHeadsOptions): Promise<LogLease> {
  const folder = await prepareFolder(path)
  while (closing.has(folder)) await closing.get(folder)
  let entry = shared.get(folder)
  if (entry === undefined) {
    entry = { log: openLog(path, folder, options), users: 0 }
    shared.set(folder, entry)
  }
  const { log } = entry
  entry.users++
  const giveBack = async (): Promise<void> => {
    if (--entry.users > 0) return
    shared.delete(folder)
    const closed = log.then((open) => open.close()).finally(() => closing.delete(folder))
    closing.set(
      folder,
      closed.catch(() => undefined),
    )
    await closed
  }
  try {
    return { log: await log, release: giveBack }
  } catch (error) {
    shared.delete(folder)
    throw error
  }
}

async function openLog(path: string, folder: string, options: HeadsOptions): Promise<OpenLog> {
  try {
    const environment = openEnvironment(folder)
    try {
      await checkFormat(path, environment)
      return new OpenLog(path, environment, options)
    } catch (error) {
      await environment.close()
      throw error
    }
  } catch (cause) {
    throw storageTrouble(path, 'be opened', cause)
  }
}
