import { decodeHead, encodeHead } from './head-codec.ts'
import type { KeyedTable } from './lmdb.ts'
import type { LogEnd } from './log-end-codec.ts'
import type { Head } from './place.ts'
import { SortedHeads } from './sorted-heads.ts'
import { StreamHead } from './stream-head.ts'
import { streamKey } from './stream-key.ts'

export interface HeadsOptions {
  /** So many streams written since the last checkpoint begin the next one: what is kept in memory. */
  readonly streamsOfCheckpoint: number
  /** So many events since the last checkpoint begin the next one: what a process reads when it opens the store. */
  readonly eventsOfCheckpoint: number
  /** So many heads that were read from the table are kept. */
  readonly headsKept: number
}

export const defaultHeadsOptions: HeadsOptions = {
  streamsOfCheckpoint: 250_000,
  eventsOfCheckpoint: 1_000_000,
  headsKept: 50_000,
}

type HeadsByStream = Map<string, StreamHead>

/** A checkpoint under way: the streams whose heads are still to be written to the table. */
interface Checkpoint {
  /** All streams written before it began, since the one before. */
  readonly heads: HeadsByStream
  readonly upTo: number
  readonly pending: SortedHeads
}

const noHead: Head = { revision: -1, block: 0, index: 0 }

/**
 * Where each stream ends. Writing the head of every stream with every append would cost a page of the table for each,
 * so the heads of streams that were written lately are kept in memory, and flushed to the table in its order, a slice
 * with each transaction. Once all up to a position are flushed, that position is written as the checkpoint. What a
 * process finds after the checkpoint it reads from the log: its own appends before a crash, and those of others.
 *
 * Sound with several processes because the table is written in transactions whose writer knows the log to its end, so
 * that every head is true when it is written, and no older one ever takes its place.
 */
export class Heads {
  readonly #table: KeyedTable
  readonly #options: HeadsOptions
  /** Streams written since the checkpoint under way, or else the last one, began. */
  #recent: HeadsByStream = new Map()
  #generation = 1
  #checkpoint: Checkpoint | undefined
  /** Those of the last checkpoint: the table has them. */
  #flushed: HeadsByStream = new Map()
  /** Heads as the table has them, of streams not written since. Forgotten with each checkpoint. */
  readonly #read: HeadsByStream = new Map()
  #headsUpTo = 0

  constructor(table: KeyedTable, options: HeadsOptions) {
    this.#table = table
    this.#options = options
  }

  /** The head as of the end of the log that was last made known. */
  of(stream: string): StreamHead {
    return (
      this.#recent.get(stream) ??
      this.#checkpoint?.heads.get(stream) ??
      this.#flushed.get(stream) ??
      this.#read.get(stream) ??
      this.#readHead(stream)
    )
  }

  /** Forgets heads that were only read, where they are many; never while a transaction has noted what it writes. */
  trim(): void {
    if (this.#read.size >= this.#options.headsKept) this.#read.clear()
  }

  /** A head was written. */
  written(head: StreamHead): void {
    if (head.generation === this.#generation) return
    head.generation = this.#generation
    this.#recent.set(head.stream, head)
  }

  /** Forgets all: the log will be told again from its checkpoint on. */
  reset(headsUpTo: number): void {
    this.#recent = new Map()
    this.#generation++
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
    const due =
      this.#recent.size >= this.#options.streamsOfCheckpoint ||
      next - headsUpTo >= this.#options.eventsOfCheckpoint
    if (due) this.beginCheckpoint(next)
  }

  /**
   * Begins one, unless one is under way.
   * @param upTo the end of the log.
   */
  beginCheckpoint(upTo: number): void {
    if (this.#checkpoint !== undefined) return
    const heads = this.#recent
    this.#checkpoint = { heads, upTo, pending: new SortedHeads(heads.values()) }
    this.#recent = new Map()
    this.#generation++
  }

  /**
   * Writes some heads of the checkpoint under way; only within a transaction that knows the log to its end.
   * @param transaction the number of the transaction: heads that it writes itself are written as it leaves them.
   * @returns up to where the table is right with it.
   */
  flush(limit: number, transaction: number): number {
    if (this.#checkpoint === undefined) return this.#headsUpTo
    const { pending, upTo } = this.#checkpoint
    for (const head of pending.take(limit)) {
      this.#table.write(
        streamKey(head.stream),
        encodeHead(head.revisionIn(transaction), head.blockIn(transaction), head.indexIn(transaction)),
      )
    }
    return pending.left === 'none' ? upTo : this.#headsUpTo
  }

  /** The transaction of a slice was not committed: its heads are still to be written, by a later checkpoint. */
  notFlushed(): void {
    if (this.#checkpoint === undefined) return
    for (const head of this.#checkpoint.heads.values()) this.written(head)
    this.#checkpoint = undefined
  }

  #readHead(stream: string): StreamHead {
    const bytes = this.#table.read(streamKey(stream))
    const head = new StreamHead(stream, bytes === undefined ? noHead : decodeHead(bytes))
    this.#read.set(stream, head)
    return head
  }
}
