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

/** Heads that may be forgotten once the table has them, but those that were written after this generation. */
interface Forgettable {
  readonly heads: StreamHead[]
  readonly generation: number
}

/** A checkpoint under way: all streams written since the one before it. */
interface Checkpoint extends Forgettable {
  readonly upTo: number
  /** Those whose heads are still to be written to the table. */
  readonly pending: SortedHeads
}

/** Forgetting hundreds of thousands at once would hold up the event loop. */
const forgottenAtOnce = 1_024
/** The generation of heads that were only read. */
const neverWritten = 0

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
  /** All that are known. One map: each append looks its stream up, and among many streams that is what it costs. */
  #known = new Map<string, StreamHead>()
  /** Streams written since the checkpoint under way, or else the last one, began. */
  #recent: StreamHead[] = []
  #generation = neverWritten + 1
  #checkpoint: Checkpoint | undefined
  /** Those of the last checkpoint: the table has them. */
  #flushed: Forgettable = { heads: [], generation: neverWritten }
  /** Heads as the table has them, of streams that were not written when they were read. */
  #read: StreamHead[] = []
  readonly #forgettable: Forgettable[] = []
  #headsUpTo = 0

  constructor(table: KeyedTable, options: HeadsOptions) {
    this.#table = table
    this.#options = options
  }

  /** The head as of the end of the log that was last made known. */
  of(stream: string): StreamHead {
    return this.#known.get(stream) ?? this.#readHead(stream)
  }

  /** Forgets heads that the table has, where they are many, a few with each call. */
  trim(): void {
    if (this.#read.length >= this.#options.headsKept) this.#forgetRead()
    for (let left = forgottenAtOnce; left > 0; ) {
      const oldest = this.#forgettable[0]
      if (oldest === undefined) return
      const heads = oldest.heads.splice(-left)
      for (const head of heads) if (head.generation <= oldest.generation) this.#known.delete(head.stream)
      if (oldest.heads.length === 0) this.#forgettable.shift()
      left -= heads.length
    }
  }

  /** A head was written. */
  written(head: StreamHead): void {
    if (head.generation === this.#generation) return
    head.generation = this.#generation
    this.#recent.push(head)
    // It may have been forgotten, and read again by others, while its transaction was under way.
    this.#known.set(head.stream, head)
  }

  /** Forgets all: the log will be told again from its checkpoint on. */
  reset(headsUpTo: number): void {
    this.#known = new Map()
    this.#recent = []
    this.#generation++
    this.#checkpoint = undefined
    this.#flushed = { heads: [], generation: neverWritten }
    this.#read = []
    this.#forgettable.length = 0
    this.#headsUpTo = headsUpTo
  }

  /** The end of the log was learnt: begins a checkpoint where it is time, and ends one that anybody has completed. */
  reached({ next, headsUpTo }: LogEnd): void {
    this.#headsUpTo = headsUpTo
    const checkpoint = this.#checkpoint
    if (checkpoint !== undefined && headsUpTo >= checkpoint.upTo) {
      this.#checkpoint = undefined
      this.#forgettable.push(this.#flushed)
      this.#flushed = checkpoint
      this.#forgetRead()
    }
    const due =
      this.#recent.length >= this.#options.streamsOfCheckpoint ||
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
    this.#checkpoint = { heads, generation: this.#generation, upTo, pending: new SortedHeads(heads) }
    this.#recent = []
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
    for (const head of this.#checkpoint.heads) this.written(head)
    this.#checkpoint = undefined
  }

  #forgetRead(): void {
    if (this.#read.length > 0) this.#forgettable.push({ heads: this.#read, generation: neverWritten })
    this.#read = []
  }

  #readHead(stream: string): StreamHead {
    const bytes = this.#table.read(streamKey(stream))
    const head = new StreamHead(stream, bytes === undefined ? noHead : decodeHead(bytes))
    this.#read.push(head)
    this.#known.set(stream, head)
    return head
  }
}
