import { position } from '../../event/position.ts'
import type { Append, Verdict } from '../event-store.ts'
import { BlockWriter } from './block-writer.ts'
import { Gathering, type WaitingBlock } from './gathering.ts'
import type { LogEnd } from './log-end-codec.ts'
import type { LogReader } from './log-reader.ts'
import { type LogTables, writeLogEnd } from './log-tables.ts'
import type { LogView } from './log-view.ts'
import type { Marks } from './marks.ts'
import type { StreamHead } from './stream-head.ts'
import type { WaitingAppend } from './waiting-append.ts'

/** What a transaction that was committed has done. */
interface Committed {
  readonly verdicts: readonly Verdict[]
  readonly from: number
  readonly end: LogEnd
  readonly written: readonly StreamHead[]
}

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
  readonly #gathering = new Gathering()
  /** For what is left of a block of which a part was not written. */
  readonly #rest = new BlockWriter()
  #taken: readonly WaitingBlock[] = []
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

  /** @returns why it is refused; then it will not be settled. */
  write(waiting: WaitingAppend): Error | undefined {
    const refusal = this.#gathering.add(waiting)
    if (refusal === undefined && this.#state === 'idle') void this.#writeAll()
    return refusal
  }

  async #writeAll(): Promise<void> {
    this.#state = 'writing'
    while (!this.#gathering.isEmpty) {
      this.#taken = []
      let verdicts: readonly Verdict[]
      try {
        verdicts = this.#learn(await this.#tables.environment.transaction(() => this.#transact()))
      } catch (cause) {
        verdicts = this.#notCommitted(cause)
      }
      settleAll(this.#taken, verdicts)
      this.#gathering.done(this.#taken)
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
    this.#taken = this.#gathering.take()
    this.#transaction++
    const before = this.#view.end
    const written: StreamHead[] = []
    const verdicts: Verdict[] = []
    let next = before.next
    for (const waiting of this.#taken) next += this.#place(waiting, next, verdicts, written)
    const limit = Math.max(headsOfTransaction, verdicts.length)
    const headsUpTo = this.#view.heads.flush(limit, this.#transaction)
    // Last, so that whatever fails before leaves nothing behind the end of the log that anybody would look at.
    if (next !== before.next || headsUpTo !== before.headsUpTo) {
      writeLogEnd(this.#tables, { next, headsUpTo })
    }
    return { verdicts, from: before.next, end: { next, headsUpTo }, written }
  }

  /** Gives a block its place in the log. @returns how many events were written. */
  #place(
    { block, appends }: WaitingBlock,
    first: number,
    verdicts: Verdict[],
    written: StreamHead[],
  ): number {
    const accepted: WaitingAppend[] = []
    const links: number[] = []
    let next = first
    for (const waiting of appends) {
      const { append, size } = waiting
      const head = this.#view.heads.of(append.stream)
      const { expectedRevision } = append
      if (head.revisionIn(this.#transaction) !== expectedRevision) {
        verdicts.push(this.#verdictOnRepeat(append, head, verdicts))
        continue
      }
      links.push(head.blockIn(this.#transaction), head.indexIn(this.#transaction))
      const revision = expectedRevision + size.events
      const index = accepted.length
      if (!head.isWrittenBy(this.#transaction)) written.push(head)
      head.note(this.#transaction, revision, first, index)
      this.#marks.mark(append.stream, expectedRevision, revision, first, index)
      accepted.push(waiting)
      next += size.events
      verdicts.push({ status: 'written', revision, position: position(next - 1) })
    }
    if (accepted.length === 0) return 0
    const placed = accepted.length === appends.length ? block : this.#withoutTheOthers(accepted)
    for (let link = 0; link < links.length; link += 2) placed.link(links[link]!, links[link + 1]!)
    this.#tables.blocks.write(first, placed.finish(first))
    return next - first
  }

  #withoutTheOthers(accepted: readonly WaitingAppend[]): BlockWriter {
    this.#rest.clear()
    for (const { append, size, recordedAt } of accepted) this.#rest.add(append, size.events, recordedAt)
    return this.#rest
  }

  #verdictOnRepeat(append: Append, head: StreamHead, verdicts: readonly Verdict[]): Verdict {
    const verdict = this.#reader.verdictOnRepeat(append)
    if (verdict.status === 'written' || !head.isWrittenBy(this.#transaction)) return verdict
    // The stream is written in this very transaction: the same append may have come twice.
    const taken = this.#taken.flatMap(({ appends }) => appends)
    const first = taken.findIndex(
      ({ append: { id, expectedRevision } }, index) =>
        id === append.id &&
        expectedRevision === append.expectedRevision &&
        verdicts[index]?.status === 'written',
    )
    return verdicts[first] ?? { status: 'conflict', revision: head.revisionIn(this.#transaction) }
  }

  #learn({ verdicts, from, end, written }: Committed): readonly Verdict[] {
    if (written.length > 0) this.#hasWritten = true
    this.#view.committed(end, from, written, systemOf(this.#taken))
    return verdicts
  }

  /**
   * A transaction failed: its end is reached, so what is not in the log now will never be. Where even that cannot be
   * read, nothing is known.
   */
  #notCommitted(cause: unknown): readonly Verdict[] {
    if (this.#taken.length === 0) this.#taken = this.#gathering.take()
    this.#view.heads.notFlushed()
    const error = this.#trouble(cause)
    return this.#taken.flatMap(({ appends }) =>
      appends.map(({ append }) => this.#verdictAfterTrouble(append, error)),
    )
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

function settleAll(taken: readonly WaitingBlock[], verdicts: readonly Verdict[]): void {
  let place = 0
  for (const { appends } of taken) {
    for (const { batch, index } of appends) batch.settle(index, verdicts[place++]!)
  }
}

/** The system that wrote all blocks, where it was one. */
function systemOf(taken: readonly WaitingBlock[]): string | undefined {
  const system = taken[0]?.block.onlySystem
  return taken.every(({ block }) => block.onlySystem === system) ? system : undefined
}
