import { decodeHead, encodeHead } from './head-codec.ts'
import type { KeyedTable } from './lmdb.ts'
import type { LogEnd } from './log-end-codec.ts'
import type { Head } from './place.ts'
import { SortedRuns } from './sorted-runs.ts'
import { streamKey } from './stream-key.ts'

export interface HeadsOptions {
  /** So many streams written since the last checkpoint begin the next one. */
  readonly streamsOfCheckpoint: number
  /** So many events since the last checkpoint begin the next one: what a process reads when it opens the store. */
  readonly eventsOfCheckpoint: number
  /** So many heads that were read from the table are kept. */
  readonly headsKept: number
}

export const defaultHeadsOptions: HeadsOptions = {
  streamsOfCheckpoint: 100_000,
  eventsOfCheckpoint: 1_000_000,
  headsKept: 50_000,
}

/** A checkpoint under way: the streams whose heads are still to be written to the table. */
interface Checkpoint {
  /** All streams written before it began, since the one before. */
  readonly heads: ReadonlyMap<string, Head>
  readonly upTo: number
  readonly pending: SortedRuns
}

/**
 * Where each stream ends. Writing the head of every stream with every append would cost a page of the table for each,
 * so the heads of streams that were written lately are kept in memory, and flushed to the table in their order, a slice
 * with each transaction. Once all up to a position are flushed, that position is written as the checkpoint. What a
 * process finds after the checkpoint it reads from the log: its own appends before a crash, and those of others.
 *
 * Sound with several processes because the table is written in transactions whose writer knows the log to its end, so
 * that every head is true when it is written, and no older one ever takes its place.
 */
export class Heads {
  readonly #table: KeyedTable
  readonly #options: HeadsOptions
  /** Streams written since the checkpoint under way, or the last one, began. */
  #recent = new Map<string, Head>()
  #checkpoint: Checkpoint | undefined
  /** Those of the last checkpoint: the table holds the same. */
  #flushed: ReadonlyMap<string, Head> = new Map()
  /** Heads as the table has them, of streams not written since. Forgotten with each checkpoint. */
  readonly #read = new Map<string, Head | undefined>()
  #headsUpTo = 0

  constructor(table: KeyedTable, options: HeadsOptions) {
    this.#table = table
    this.#options = options
  }

  /** The head as of the end of the log that was last made known. */
  of(stream: string): Head | undefined {
    const known = this.#recent.get(stream) ?? this.#checkpoint?.heads.get(stream) ?? this.#flushed.get(stream)
    if (known !== undefined) return known
    if (this.#read.has(stream)) return this.#read.get(stream)
    const bytes = this.#table.read(streamKey(stream))
    const head = bytes === undefined ? undefined : decodeHead(bytes)
    if (this.#read.size >= this.#options.headsKept) this.#read.clear()
    this.#read.set(stream, head)
    return head
  }

  /** A stream was written, in the order of the log. */
  set(stream: string, head: Head): void {
    this.#recent.set(stream, head)
  }

  /** Forgets all: the log will be told again from its checkpoint on. */
  reset(headsUpTo: number): void {
    this.#recent = new Map()
    this.#checkpoint = undefined
    this.#flushed = new Map()
    this.#read.clear()
    this.#headsUpTo = headsUpTo
  }

  /** The end of the log was learnt: begins a checkpoint where it is time, and ends one that anybody has completed. */
  reached({ next, headsUpTo }: LogEnd): void {
    this.#headsUpTo = headsUpTo
    const checkpoint = this.#checkpoint
    if (checkpoint !== undefined && headsUpTo >= checkpoint.upTo) {
      this.#checkpoint = undefined
      this.#flushed = checkpoint.heads
      this.#read.clear()
    }
    if (this.#checkpoint !== undefined || this.#recent.size === 0) return
    const due =
      this.#recent.size >= this.#options.streamsOfCheckpoint ||
      next - headsUpTo >= this.#options.eventsOfCheckpoint
    if (due) this.beginCheckpoint(next)
  }

  /** @param upTo the end of the log. */
  beginCheckpoint(upTo: number): void {
    if (this.#checkpoint !== undefined) return
    // In the order of the table, so that a slice goes to few of its pages.
    this.#checkpoint = { heads: this.#recent, upTo, pending: new SortedRuns(this.#recent.keys()) }
    this.#recent = new Map()
  }

  get checkpointUnderWay(): boolean {
    return this.#checkpoint !== undefined
  }

  /**
   * Writes up to `limit` heads of the checkpoint under way; only within a transaction that knows the log to its end.
   * @param written heads that this very transaction makes.
   * @returns up to where the table is right with it.
   */
  flush(limit: number, written: ReadonlyMap<string, Head>): number {
    const checkpoint = this.#checkpoint
    if (checkpoint === undefined) return this.#headsUpTo
    const { texts, left } = checkpoint.pending.take(limit)
    for (const stream of texts) {
      const head = written.get(stream) ?? this.#recent.get(stream) ?? checkpoint.heads.get(stream)!
      this.#table.write(streamKey(stream), encodeHead(head))
    }
    return left === 'none' ? checkpoint.upTo : this.#headsUpTo
  }

  /** The transaction of a slice was not committed: its heads are still to be written, by a later checkpoint. */
  notFlushed(): void {
    if (this.#checkpoint === undefined) return
    this.#recent = new Map([...this.#checkpoint.heads, ...this.#recent])
    this.#checkpoint = undefined
  }
}
