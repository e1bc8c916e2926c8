import type { Append, Verdict } from '../event-store.ts'
import { Gathering, type WaitingBlock } from './gathering.ts'
import type { LogReader } from './log-reader.ts'
import { type LogTables, whileLogEndsAt, writeLogEnd } from './log-tables.ts'
import type { LogView } from './log-view.ts'
import type { Marks } from './marks.ts'
import { type Placed, Placing } from './placing.ts'
import type { WaitingAppend } from './waiting-append.ts'

/** Heads that a write flushes beside what it appends, so that a checkpoint costs no turn of its own. */
const headsOfWrite = 256

/**
 * Once so many events wait, they are written before those of the last write are answered, so that the disk works while
 * the answers are taken up. Fewer are better written together with what the answers lead to.
 */
const eventsOfReadyWrite = 400

/** So many writes go under the lock after another process was met, before the short way is tried again. */
const lockedAfterMeeting = 64

/**
 * Writes appends. While one write is under way those that come gather, and go together as the next: the batch grows
 * with the load, and nothing ever waits for a timer.
 *
 * A write is made on what this process knows of the log, and handed over to lmdb whole, with the condition that the log
 * still ends there. So the disk has it without a further turn of this event loop, which may be busy for milliseconds.
 * Where another process was quicker nothing is written, and the writes that follow take the lock first, so that nobody
 * loses for ever.
 */
export class LogWriter {
  readonly #tables: LogTables
  readonly #view: LogView
  readonly #reader: LogReader
  readonly #marks: Marks
  readonly #onCommit: () => void
  readonly #trouble: (cause: unknown) => Error
  readonly #gathering = new Gathering()
  #state: 'idle' | 'writing' = 'idle'
  #hasWritten = false
  #writes = 0
  #locked = 0

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

  /**
   * @param characters the UTF-16 units of its payloads.
   * @returns why it is refused; then it will not be settled.
   */
  write(waiting: WaitingAppend, characters: number): Error | undefined {
    const refusal = this.#gathering.add(waiting, characters)
    if (refusal === undefined && this.#state === 'idle') {
      this.#state = 'writing'
      this.#beginSoon()
    }
    return refusal
  }

  #begin(): void {
    const taken = this.#gathering.take()
    void this.#write(taken).then((verdicts) => {
      const enough = this.#gathering.events >= eventsOfReadyWrite
      if (enough) this.#begin()
      settleAll(taken, verdicts)
      this.#gathering.done(taken)
      this.#onCommit()
      if (enough) return
      if (this.#gathering.isEmpty) this.#state = 'idle'
      else this.#beginSoon()
    })
  }

  /** Not at once: what is handed over in this turn, also by callers who go on now, belongs to the same write. */
  #beginSoon(): void {
    setImmediate(() => this.#begin())
  }

  /** Never rejects. */
  async #write(taken: readonly WaitingBlock[]): Promise<readonly Verdict[]> {
    try {
      return (await this.#writeUnlessOvertaken(taken)) ?? (await this.#writeUnderLock(taken))
    } catch (cause) {
      return this.#notWritten(taken, cause)
    }
  }

  /** @returns `undefined` where nothing was written, because others have written. */
  async #writeUnlessOvertaken(taken: readonly WaitingBlock[]): Promise<readonly Verdict[] | undefined> {
    if (this.#locked > 0) {
      this.#locked--
      return undefined
    }
    this.#view.refresh()
    const placed = this.#place(taken)
    let headsUpTo = placed.before.headsUpTo
    const outcome = await whileLogEndsAt(this.#tables, placed.before.next, () => {
      headsUpTo = this.#put(placed)
    })
    if (outcome === 'written') return this.#learn(taken, placed, headsUpTo)
    this.#locked = lockedAfterMeeting
    this.#view.heads.notFlushed()
    for (const { block } of taken) block.unfinish()
    return undefined
  }

  /** It begins with learning what others have written, so that every expected revision is checked under the lock. */
  async #writeUnderLock(taken: readonly WaitingBlock[]): Promise<readonly Verdict[]> {
    const [placed, headsUpTo] = await this.#tables.environment.transaction(() => {
      this.#view.catchUp()
      const found = this.#place(taken)
      return [found, this.#put(found)] as const
    })
    return this.#learn(taken, placed, headsUpTo)
  }

  #place(taken: readonly WaitingBlock[]): Placed {
    return new Placing(this.#view, this.#reader, ++this.#writes, taken).place()
  }

  /** Writes what was placed, and some heads. @returns up to where the table of heads is right with it. */
  #put({ before, next, blocks, marks, verdicts, write }: Placed): number {
    const { blocks: table } = this.#tables
    for (const { first, bytes } of blocks) table.write(first, bytes)
    for (const mark of marks) this.#marks.write(mark)
    const headsUpTo = this.#view.heads.flush(Math.max(headsOfWrite, verdicts.length), write)
    if (next !== before.next || headsUpTo !== before.headsUpTo) {
      writeLogEnd(this.#tables, { next, headsUpTo })
    }
    return headsUpTo
  }

  #learn(
    taken: readonly WaitingBlock[],
    { before, next, heads, verdicts }: Placed,
    headsUpTo: number,
  ): readonly Verdict[] {
    if (heads.length > 0) this.#hasWritten = true
    this.#view.committed({ next, headsUpTo }, before.next, heads, systemOf(taken))
    return verdicts
  }

  /**
   * A write failed: its end is reached, so what is not in the log now will never be. Where even that cannot be read,
   * nothing is known.
   */
  #notWritten(taken: readonly WaitingBlock[], cause: unknown): readonly Verdict[] {
    this.#view.heads.notFlushed()
    const error = this.#trouble(cause)
    return taken.flatMap(({ appends }) =>
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
