import { Heads, type HeadsOptions } from './heads.ts'
import type { LogBlocks } from './log-blocks.ts'
import { emptyLog, type LogEnd } from './log-end-codec.ts'
import { type LogTables, readLogEnd } from './log-tables.ts'
import type { StreamHead } from './stream-head.ts'

/** A stretch of the log that one system wrote through this process. */
interface OwnWrites {
  readonly system: string
  readonly from: number
  readonly next: number
}

/** What this process knows of the log: how far it goes, and where each stream ends. */
export class LogView {
  readonly heads: Heads
  readonly #tables: LogTables
  readonly #blocks: LogBlocks
  readonly #options: HeadsOptions
  #end: LogEnd = emptyLog
  #own: OwnWrites | undefined

  constructor(tables: LogTables, blocks: LogBlocks, options: HeadsOptions) {
    this.#tables = tables
    this.#blocks = blocks
    this.#options = options
    this.heads = new Heads(tables.heads, options)
    this.#start(readLogEnd(tables))
  }

  get end(): LogEnd {
    return this.#end
  }

  /** Learns whatever any process has committed until now. All of that is on disk. */
  refresh(): void {
    this.#tables.environment.refresh()
    this.catchUp()
  }

  /** Learns what the transaction at hand sees. */
  catchUp(): void {
    this.heads.trim()
    const end = readLogEnd(this.#tables)
    if (end.next === this.#end.next && end.headsUpTo === this.#end.headsUpTo) return
    // Far behind, the checkpoint is nearer than the place where this process left off. And where the log became
    // shorter, the files were replaced under us: nothing that was known still counts.
    const behind = end.next - this.#end.next
    if (behind < 0 || (behind > this.#options.eventsOfCheckpoint && end.headsUpTo > this.#end.next)) {
      this.#start(end)
    } else this.#learn(this.#end.next, end)
  }

  /** A transaction of this process was committed: what it wrote need not be read again. */
  committed(end: LogEnd, from: number, written: readonly StreamHead[], system: string | undefined): void {
    if (system !== undefined) {
      const goesOn = this.#own?.system === system && this.#own.next === from
      this.#own = { system, from: goesOn ? this.#own!.from : from, next: end.next }
    }
    // Some read may have come first, and have learnt it from the log.
    if (this.#end.next !== from) return
    for (const head of written) {
      head.commit()
      this.heads.written(head)
    }
    this.#end = end
    this.heads.reached(end)
  }

  /** Where to read on behind a position if the events after it are known to be by this system. */
  behindOwn(system: string, position: number): number {
    const own = this.#own
    if (own === undefined || own.system !== system) return position
    return position + 1 >= own.from && position + 1 < own.next ? own.next - 1 : position
  }

  #start(end: LogEnd): void {
    this.#own = undefined
    this.#blocks.forget()
    this.heads.reset(end.headsUpTo)
    this.#learn(end.headsUpTo, end)
  }

  #learn(from: number, end: LogEnd): void {
    for (let first = from; first < end.next; ) {
      const block = this.#blocks.load(first)
      const { records } = block
      for (let index = 0; index < records; index++) {
        const { stream, expectedRevision, events } = block.at(index).record
        const head = this.heads.of(stream)
        head.set(expectedRevision + events, first, index)
        this.heads.written(head)
      }
      first = block.next
    }
    this.#end = end
    this.heads.reached(end)
  }
}
