import { position } from '../../event/position.ts'
import type { Append, Verdict } from '../event-store.ts'
import { eventsOfBlock } from './block.ts'
import { BlockWriter } from './block-writer.ts'
import type { WaitingBlock } from './gathering.ts'
import type { LogEnd } from './log-end-codec.ts'
import type { LogReader } from './log-reader.ts'
import type { LogView } from './log-view.ts'
import { type Mark, marksOf } from './marks.ts'
import type { StreamHead } from './stream-head.ts'
import type { WaitingAppend } from './waiting-append.ts'

/** Blocks that have their place behind the end of the log, if the log still ends there when they are written. */
export interface Placed {
  /** The number of the write; the heads have noted what it leaves behind. */
  readonly write: number
  readonly before: LogEnd
  readonly next: number
  /** Of every append, in the order in which they waited. */
  readonly verdicts: readonly Verdict[]
  readonly blocks: readonly PlacedBlock[]
  readonly marks: readonly Mark[]
  /** Of the streams that are written. */
  readonly heads: readonly StreamHead[]
}

interface PlacedBlock {
  readonly first: number
  readonly bytes: Buffer
}

/** Finds the place of each append, or why it has none, before anything is written: a throw here leaves nothing behind. */
export class Placing {
  readonly #view: LogView
  readonly #reader: LogReader
  readonly #write: number
  readonly #taken: readonly WaitingBlock[]
  readonly #before: LogEnd
  #next: number
  readonly #verdicts: Verdict[] = []
  readonly #blocks: PlacedBlock[] = []
  readonly #marks: Mark[] = []
  readonly #heads: StreamHead[] = []
  /** The heads of the appends of a block. */
  readonly #found: StreamHead[] = []
  readonly #links = new Float64Array(2 * eventsOfBlock)

  constructor(view: LogView, reader: LogReader, write: number, taken: readonly WaitingBlock[]) {
    this.#view = view
    this.#reader = reader
    this.#write = write
    this.#taken = taken
    this.#before = view.end
    this.#next = view.end.next
  }

  place(): Placed {
    for (const waiting of this.#taken) this.#place(waiting)
    return {
      write: this.#write,
      before: this.#before,
      next: this.#next,
      verdicts: this.#verdicts,
      blocks: this.#blocks,
      marks: this.#marks,
      heads: this.#heads,
    }
  }

  #place({ block, appends }: WaitingBlock): void {
    const first = this.#next
    const write = this.#write
    const links = this.#links
    let records = 0
    /** Those that are written, once one is not. */
    let written: WaitingAppend[] | undefined
    // Looked up one after the other, so that the processor waits for several at once where they are not in its cache.
    const found = this.#found
    for (let nth = 0; nth < appends.length; nth++)
      found[nth] = this.#view.heads.of(appends[nth]!.append.stream)
    for (let nth = 0; nth < appends.length; nth++) {
      const { append, events } = appends[nth]!
      const { expectedRevision } = append
      const head = found[nth]!
      if (head.revisionIn(write) !== expectedRevision) {
        this.#verdicts.push(this.#verdictOnRepeat(append, head))
        written ??= appends.slice(0, nth)
        continue
      }
      written?.push(appends[nth]!)
      links[records * 2] = head.blockIn(write)
      links[records * 2 + 1] = head.indexIn(write)
      const revision = expectedRevision + events
      if (!head.isWrittenBy(write)) this.#heads.push(head)
      head.note(write, revision, first, records)
      marksOf(append.stream, expectedRevision, revision, first, records, this.#marks)
      records++
      this.#next += events
      this.#verdicts.push({ status: 'written', revision, position: position(this.#next - 1) })
    }
    if (records === 0) return
    const placed = written === undefined ? block : blockOf(written)
    this.#blocks.push({ first, bytes: placed.finish(first, links) })
  }

  #verdictOnRepeat(append: Append, head: StreamHead): Verdict {
    const verdict = this.#reader.verdictOnRepeat(append)
    if (verdict.status === 'written' || !head.isWrittenBy(this.#write)) return verdict
    // The stream is written in this very write: the same append may have come twice.
    const all = this.#taken.flatMap(({ appends }) => appends)
    const first = all.findIndex(
      ({ append: { id, expectedRevision } }, index) =>
        id === append.id &&
        expectedRevision === append.expectedRevision &&
        this.#verdicts[index]?.status === 'written',
    )
    return this.#verdicts[first] ?? { status: 'conflict', revision: head.revisionIn(this.#write) }
  }
}

/** A block of these only. */
function blockOf(appends: readonly WaitingAppend[]): BlockWriter {
  const block = new BlockWriter()
  for (const { append, events, batch } of appends) block.add(append, events, batch.recordedAt)
  block.close()
  return block
}
