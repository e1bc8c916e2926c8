import { position } from '../../event/position.ts'
import type { AppendSize } from '../append-limits.ts'
import type { Append, Verdict } from '../event-store.ts'
import { BlockWriter } from './block-writer.ts'
import type { LogEnd } from './log-end-codec.ts'
import type { LogReader } from './log-reader.ts'
import { type LogTables, writeLogEnd } from './log-tables.ts'
import type { LogView } from './log-view.ts'
import type { Marks } from './marks.ts'
import type { StreamHead } from './stream-head.ts'

/** An append that waits for its transaction. */
export interface WaitingAppend {
  readonly append: Append
  readonly size: AppendSize
  readonly recordedAt: number
  /** The batch that it came with, and its number in there. */
  readonly batch: WaitingBatch
  readonly index: number
}

export interface WaitingBatch {
  settle(index: number, verdict: Verdict): void
}

/** What a transaction that was committed has done. */
interface Committed {
  readonly verdicts: readonly Verdict[]
  readonly from: number
  readonly end: LogEnd
  readonly written: readonly StreamHead[]
}

/**
 * One transaction holds the event loop while it is written (its commit does not), so it is bounded; and a larger one
 * would not be faster (measured).
 */
const eventsOfTransaction = 4_096
const charactersOfTransaction = 8_000_000

/** Heads that a transaction flushes beside what it writes, so that a checkpoint costs no turn of its own. */
const headsOfTransaction = 256

/**
 * Writes appends. While one transaction is under way those that come gather, and go together as the next: the batch
 * grows with the load, and nothing ever waits for a timer.
 */
export class LogWriter {
  readonly #tables: LogTables
  readonly #view: LogView
  readonly #reader: LogReader
  readonly #marks: Marks
  readonly #onCommit: () => void
  readonly #trouble: (cause: unknown) => Error
  readonly #block = new BlockWriter()
  #waiting: WaitingAppend[] = []
  #taken: readonly WaitingAppend[] = []
  #state: 'idle' | 'writing' = 'idle'
  #hasWritten = false
  #transaction = 0

  constructor(
    tables: LogTables,
    view: LogView,
    reader: LogReader,
    marks: Marks,
    on: { readonly commit: () => void; readonly trouble: (cause: unknown) => Error },
  ) {
    this.#tables = tables
    this.#view = view
    this.#reader = reader
    this.#marks = marks
    this.#onCommit = on.commit
    this.#trouble = on.trouble
  }

  /** Has this process written anything? */
  get hasWritten(): boolean {
    return this.#hasWritten
  }

  write(appends: readonly WaitingAppend[]): void {
    for (const append of appends) this.#waiting.push(append)
    if (this.#state === 'idle' && this.#waiting.length > 0) void this.#writeAll()
  }

  async #writeAll(): Promise<void> {
    this.#state = 'writing'
    while (this.#waiting.length > 0) {
      this.#taken = []
      let settled: () => void
      try {
        settled = this.#learn(await this.#tables.environment.transaction(() => this.#transact()))
      } catch (cause) {
        settled = this.#notCommitted(cause)
      }
      settled()
      this.#onCommit()
    }
    this.#state = 'idle'
  }

  /**
   * The body of a transaction. It begins with learning what others have written, so that every expected revision is
   * checked against the log as it is under the lock of the writer.
   */
  #transact(): Committed {
    this.#view.catchUp()
    this.#taken = this.#take()
    this.#transaction++
    const before = this.#view.end
    const verdicts: Verdict[] = []
    const written: StreamHead[] = []
    this.#block.begin(before.next)
    for (const waiting of this.#taken) verdicts.push(this.#add(waiting, verdicts, written))
    this.#closeBlock()
    const limit = Math.max(headsOfTransaction, this.#taken.length)
    const headsUpTo = this.#view.heads.flush(limit, this.#transaction)
    const end = { next: this.#block.next, headsUpTo }
    // Last, so that whatever fails before leaves nothing behind the end of the log that anybody would look at.
    if (end.next !== before.next || end.headsUpTo !== before.headsUpTo) writeLogEnd(this.#tables, end)
    return { verdicts, from: before.next, end, written }
  }

  #take(): readonly WaitingAppend[] {
    let events = 0
    let characters = 0
    let count = 0
    for (const { size } of this.#waiting) {
      events += size.events
      characters += size.characters
      if (count > 0 && (events > eventsOfTransaction || characters > charactersOfTransaction)) break
      count++
    }
    return this.#waiting.splice(0, count)
  }

  #add(
    { append, size, recordedAt }: WaitingAppend,
    verdicts: readonly Verdict[],
    written: StreamHead[],
  ): Verdict {
    const head = this.#view.heads.of(append.stream)
    const { expectedRevision } = append
    if (head.revisionIn(this.#transaction) !== expectedRevision) {
      return this.#verdictOnRepeat(append, head, verdicts)
    }
    if (this.#block.isFullFor(size.events)) {
      this.#closeBlock()
      this.#block.begin(this.#block.next)
    }
    const previousBlock = head.blockIn(this.#transaction)
    const previousIndex = head.indexIn(this.#transaction)
    const refusal = this.#block.add(append, size.events, previousBlock, previousIndex, recordedAt)
    if (refusal !== undefined) return { status: 'refused', error: refusal }
    const revision = expectedRevision + size.events
    const block = this.#block.first
    const index = this.#block.records - 1
    if (!head.isWrittenBy(this.#transaction)) written.push(head)
    head.note(this.#transaction, revision, block, index)
    this.#marks.mark(append.stream, expectedRevision, revision, block, index)
    return { status: 'written', revision, position: position(this.#block.next - 1) }
  }

  #verdictOnRepeat(append: Append, head: StreamHead, verdicts: readonly Verdict[]): Verdict {
    const verdict = this.#reader.verdictOnRepeat(append)
    if (verdict.status === 'written' || !head.isWrittenBy(this.#transaction)) return verdict
    // The stream is written in this very transaction: the same append may have come twice.
    const first = this.#taken.findIndex(
      ({ append: { id, expectedRevision } }, index) =>
        id === append.id &&
        expectedRevision === append.expectedRevision &&
        verdicts[index]?.status === 'written',
    )
    return verdicts[first] ?? { status: 'conflict', revision: head.revisionIn(this.#transaction) }
  }

  #closeBlock(): void {
    if (this.#block.records > 0) this.#tables.blocks.write(this.#block.first, this.#block.finish())
  }

  #learn({ verdicts, from, end, written }: Committed): () => void {
    const taken = this.#taken
    if (written.length > 0) this.#hasWritten = true
    this.#view.committed(end, from, written, systemOf(taken, verdicts))
    return () => settleAll(taken, verdicts)
  }

  /**
   * A transaction failed: its end is reached, so what is not in the log now will never be. Where even that cannot be
   * read, nothing is known.
   */
  #notCommitted(cause: unknown): () => void {
    const taken = this.#taken.length > 0 ? this.#taken : this.#waiting.splice(0)
    this.#view.heads.notFlushed()
    const error = this.#trouble(cause)
    const verdicts = taken.map(({ append }) => this.#verdictAfterTrouble(append, error))
    return () => settleAll(taken, verdicts)
  }

  #verdictAfterTrouble(append: Append, error: Error): Verdict {
    try {
      this.#view.refresh()
      const verdict = this.#reader.verdictOnRepeat(append)
      return verdict.status === 'written' ? verdict : { status: 'refused', error }
    } catch {
      return { status: 'unknown', cause: error }
    }
  }
}

function settleAll(taken: readonly WaitingAppend[], verdicts: readonly Verdict[]): void {
  for (let place = 0; place < taken.length; place++) {
    const { batch, index } = taken[place]!
    batch.settle(index, verdicts[place]!)
  }
}

/** The system that wrote all that was written, where it was one. */
function systemOf(taken: readonly WaitingAppend[], verdicts: readonly Verdict[]): string | undefined {
  let system: string | undefined
  for (let index = 0; index < taken.length; index++) {
    if (verdicts[index]!.status !== 'written') continue
    for (const { origin } of taken[index]!.append.commands) {
      system ??= origin.system
      if (origin.system !== system) return undefined
    }
  }
  return system
}
