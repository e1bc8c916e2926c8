import { open as openLmdb, type RootDatabase } from 'lmdb'

/*
 * The one file that knows lmdb. What the rest of the store relies on:
 * - One writer at a time over all processes; `transaction` waits for its turn off the event loop.
 * - A transaction is on disk before anybody, in this process or another, can see it: `overlappingSync` is off. With it
 *   a commit is visible before it is flushed, and what one process acts on may be gone after a power failure of both
 *   (PROTOCOL rule 19). The measured price is about a tenth of the throughput.
 * - Reads are synchronous, from the mapped file.
 */

/** Bytes by number, in rising order. */
export interface NumberedTable {
  /** The bytes are valid until the next read of any table: copy or decode them at once. */
  read(key: number): Buffer | undefined
  /** Only within a transaction; the bytes are copied. */
  write(key: number, value: Buffer): void
  lastKeyAtOrBelow(key: number): number | undefined
}

/** Bytes by bytes. */
export interface KeyedTable {
  /** As of `NumberedTable.read`. */
  read(key: Buffer): Buffer | undefined
  /** Only within a transaction; the bytes are copied. */
  write(key: Buffer, value: Buffer): void
  /** Only within a transaction. */
  remove(key: Buffer): void
  /** The keys from `first` to before `end`, in rising order. */
  keys(first: Buffer, end: Buffer): readonly Buffer[]
}

/** An open lmdb environment: a folder with its tables. */
export interface Environment {
  /** Runs the body within a write transaction, synchronously; resolves when what it wrote is on disk. */
  transaction<Result>(body: () => Result): Promise<Result>
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
  return {
    transaction: async (body) => {
      try {
        return await root.transaction(body)
      } catch (error) {
        throw await reasonOf(error)
      }
    },
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
    close: () => root.close(),
  }
}

/** Large values come as a view of the mapped file, which is no Buffer. */
function asBuffer(bytes: Uint8Array | undefined): Buffer | undefined {
  if (bytes === undefined || Buffer.isBuffer(bytes)) return bytes
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** lmdb rejects a failed commit with an error that promises the reason. */
async function reasonOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error
  try {
    await error.commitError
    return error
  } catch (reason) {
    return reason
  }
}
