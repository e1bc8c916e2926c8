import { BlockReader } from './block-reader.ts'
import type { NumberedTable } from './lmdb.ts'

/**
 * Loads blocks of the log. A block that is within the log never changes, so the one that was loaded last is kept: the
 * records of one stream stand side by side where it is busy.
 */
export class LogBlocks {
  readonly #table: NumberedTable
  readonly #reader = new BlockReader()
  #copy = Buffer.allocUnsafeSlow(64 * 1024)
  #loaded = -1

  constructor(table: NumberedTable) {
    this.#table = table
  }

  /** @throws Error where there is no such block, or one that cannot be read: the file is damaged. */
  load(first: number): BlockReader {
    if (first === this.#loaded) return this.#reader
    const bytes = this.#table.read(first)
    if (bytes === undefined) throw new Error(`There is no block at position ${first} of the log.`)
    // The bytes that lmdb gives are overwritten by its next read.
    const { length } = bytes
    if (length > this.#copy.length) this.#copy = Buffer.allocUnsafeSlow(length * 2)
    this.#copy.set(bytes.subarray(0, length))
    this.#loaded = -1
    this.#reader.open(first, this.#copy)
    this.#loaded = first
    return this.#reader
  }

  /** The block that holds the event at a position, or the first one after it. */
  firstOfBlockAt(position: number): number {
    return this.#table.lastKeyAtOrBelow(position) ?? 1
  }
}
