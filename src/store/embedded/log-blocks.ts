import { BlockReader } from './block-reader.ts'
import type { NumberedTable } from './lmdb.ts'

/** Memory for the blocks that reads of streams come back to. */
const bytesKept = 4 * 1024 * 1024

/**
 * Loads blocks of the log. A block that is within the log never changes, so those that were loaded last may be kept:
 * the records of one stream stand side by side where it is busy, and streams that were busy together are often read
 * together.
 */
export class LogBlocks {
  readonly #table: NumberedTable
  readonly #passing = new BlockReader()
  #copy = Buffer.allocUnsafeSlow(64 * 1024)
  #loaded = -1
  /** In the order in which they were loaded: what was loaded first goes first. */
  readonly #kept = new Map<number, BlockReader>()
  #bytes = 0

  constructor(table: NumberedTable) {
    this.#table = table
  }

  /**
   * For whoever passes through the log; valid until the next call.
   * @throws Error where there is no such block, or one that cannot be read: the file is damaged.
   */
  load(first: number): BlockReader {
    if (first === this.#loaded) return this.#passing
    const kept = this.#kept.get(first)
    if (kept !== undefined) return kept
    const bytes = this.#read(first)
    const { length } = bytes
    if (length > this.#copy.length) this.#copy = Buffer.allocUnsafeSlow(length * 2)
    this.#copy.set(bytes)
    this.#loaded = -1
    this.#passing.open(first, this.#copy)
    this.#loaded = first
    return this.#passing
  }

  /** For whoever follows one stream, and will come back to this block for the next one. Throws like `load`. */
  loadAndKeep(first: number): BlockReader {
    const kept = this.#kept.get(first)
    if (kept !== undefined) return kept
    const bytes = this.#read(first)
    if (bytes.length > bytesKept / 8) return this.load(first)
    const copy = Buffer.allocUnsafeSlow(bytes.length)
    copy.set(bytes)
    const reader = new BlockReader().open(first, copy)
    this.#kept.set(first, reader)
    this.#bytes += copy.length
    for (const [oldest, { size }] of this.#kept) {
      if (this.#bytes <= bytesKept) break
      this.#kept.delete(oldest)
      this.#bytes -= size
    }
    return reader
  }

  /** The files were replaced: nothing that was loaded still counts. */
  forget(): void {
    this.#loaded = -1
    this.#kept.clear()
    this.#bytes = 0
  }

  /** The block that holds the event at a position, or the first one after it. */
  firstOfBlockAt(position: number): number {
    return this.#table.lastKeyAtOrBelow(position) ?? 1
  }

  /** The bytes are overwritten by the next read. */
  #read(first: number): Buffer {
    const bytes = this.#table.read(first)
    if (bytes === undefined) throw new Error(`There is no block at position ${first} of the log.`)
    // lmdb gives a longer buffer and only sets its length.
    return bytes.subarray(0, bytes.length)
  }
}
