import { open as openLmdb, type RootDatabase } from 'lmdb'

/*
 * The one file that knows lmdb. What the rest of the store relies on:
 * - One writer at a time over all processes; `transaction` waits for its turn off the event loop, and `whileAt` does
 *   without a turn of the event loop in its midst: lmdb's own thread checks the condition and writes. With one process
 *   on a folder that is nearly always enough, and the disk never waits for a busy event loop.
 * - A transaction is on disk before anybody, in this process or another, can see it: `overlappingSync` is off. With it
 *   a commit is visible before it is flushed, and what one process acts on may be gone after a power failure of both
 *   (PROTOCOL rule 19). The measured price is about a tenth of the throughput.
 * - Reads are synchronous, from the mapped file.
 */

/*
 * All that is written is written within the body of `transaction`, `together` or `whileAt`. In the latter two the bytes
 * are read when lmdb's thread comes to them: they must stay as they are until the promise is settled.
 */

/** Bytes by number, in rising order. */
export interface NumberedTable {
  /** The bytes are valid until the next read of any table: copy or decode them at once. */
  read(key: number): Buffer | undefined
  write(key: number, value: Buffer): void
  lastKeyAtOrBelow(key: number): number | undefined
}

/** Bytes by bytes. */
export interface KeyedTable {
  /** As of `NumberedTable.read`. */
  read(key: Buffer): Buffer | undefined
  write(key: Buffer, value: Buffer): void
  remove(key: Buffer): void
  /** The keys from `first` to before `end`, in rising order. */
  keys(first: Buffer, end: Buffer): readonly Buffer[]
}

/** One record that carries a number, so that other writes can depend on it. */
export interface GuardRecord {
  read(): { readonly version: number; readonly bytes: Buffer } | undefined
  write(version: number, bytes: Buffer): void
  /**
   * Runs the body at once, and writes all that it wrote, if the record still has this version by then; `undefined`: if
   * there is none yet. Resolves when it is on disk, or when it is certain that nothing of it ever will be.
   */
  whileAt(version: number | undefined, body: () => void): Promise<'written' | 'overtaken'>
}

/** An open lmdb environment: a folder with its tables. */
export interface Environment {
  /** Runs the body within a write transaction, synchronously; resolves when what it wrote is on disk. */
  transaction<Result>(body: () => Result): Promise<Result>
  /** Runs the body at once; resolves when all that it wrote is on disk together. */
  together(body: () => void): Promise<void>
  /** From here on reads see whatever was committed until now, by any process. */
  refresh(): void
  /** A text of the environment itself. */
  label(name: string): string | undefined
  /** Only within a transaction. */
  setLabel(name: string, text: string): void
  /** Is anything in it? */
  isEmpty(): boolean
  numbered(name: string): NumberedTable
  keyed(name: string): KeyedTable
  guard(name: string): GuardRecord
  close(): Promise<void>
}

/** @throws whatever lmdb throws; see `storage-trouble.ts`. */
export function openEnvironment(folder: string): Environment {
  const root: RootDatabase<string, string> = openLmdb({
    path: folder,
    noSubdir: false,
    maxDbs: 8,
    encoding: 'string',
    overlappingSync: false,
    // With it lmdb makes a promise for each batch that nobody holds: its rejection would end the process.
    eventTurnBatching: false,
  })
  /**
   * lmdb leaves the start of its thread to the end of this turn of the event loop, unless one more write comes while
   * several wait: so an empty one comes.
   */
  const startNow = (): void => {
    root.batch(() => undefined).catch(() => undefined)
  }
  return {
    transaction: (body) => withReason(root.transaction(body)),
    together: async (body) => void (await withReason(root.batch(body))),
    refresh: () => root.resetReadTxn(),
    label: (name) => root.get(name),
    setLabel: (name, text) => void root.put(name, text),
    isEmpty: () => root.getKeysCount({ limit: 1 }) === 0,
    numbered: (name) => {
      const table = root.openDB<Buffer, number>({ name, encoding: 'binary' })
      return {
        read: (key) => asBuffer(table.getBinaryFast(key)),
        write: (key, value) => void table.put(key, value),
        lastKeyAtOrBelow: (key) => {
          for (const found of table.getKeys({ start: key, reverse: true, limit: 1 })) return found
          return undefined
        },
      }
    },
    keyed: (name) => {
      const table = root.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary' })
      return {
        read: (key) => asBuffer(table.getBinaryFast(key)),
        write: (key, value) => void table.put(key, value),
        remove: (key) => void table.remove(key),
        keys: (start, end) => [...table.getKeys({ start, end })].map((key) => Buffer.from(key)),
      }
    },
    guard: (name) => {
      const table = root.openDB<Buffer, string>({ name, encoding: 'binary', useVersions: true })
      return {
        read: () => {
          const entry = table.getEntry(guardKey)
          return entry === undefined
            ? undefined
            : { version: entry.version ?? 0, bytes: asBuffer(entry.value) as Buffer }
        },
        write: (version, bytes) => void table.put(guardKey, bytes, version),
        whileAt: async (version, body) => {
          const write =
            version === undefined
              ? table.ifNoExists(guardKey, body)
              : table.ifVersion(guardKey, version, body)
          startNow()
          return (await withReason(write)) ? 'written' : 'overtaken'
        },
      }
    },
    close: () => root.close(),
  }
}

const guardKey = 'end'

/** Large values come as a view of the mapped file, which is no Buffer. */
function asBuffer(bytes: Uint8Array | undefined): Buffer | undefined {
  if (bytes === undefined || Buffer.isBuffer(bytes)) return bytes
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** lmdb rejects a failed commit with an error that promises the reason. */
async function withReason<Result>(written: Promise<Result>): Promise<Result> {
  try {
    return await written
  } catch (error) {
    if (error instanceof Error && 'commitError' in error) {
      const reason = await Promise.resolve(error.commitError).then(
        () => error,
        (cause: unknown) => cause,
      )
      throw reason
    }
    throw error
  }
}
