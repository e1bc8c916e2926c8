import { StoreUnavailable } from '../../errors.ts'
import { type Position, position } from '../../event/position.ts'
import type { RecordedEvent } from '../../event/recorded-event.ts'
import type { EventMatcher } from '../event-matcher.ts'
import type { Append, Verdict } from '../event-store.ts'
import { Page } from '../page.ts'
import type { StreamRange } from '../stream-range.ts'
import type { TailPage } from '../tail-subscription.ts'
import type { BlockReader } from './block-reader.ts'
import type { LogBlocks } from './log-blocks.ts'
import type { LogView } from './log-view.ts'
import { lastOfStretch, type Marks, stretchOf } from './marks.ts'
import type { Place } from './place.ts'

/** Events that one page looks at, so that a filter which nothing fits cannot hold up the event loop. */
const scanLimit = 20_000

/** Of a stretch so much is kept while its beginning is searched. */
const charactersKept = 4_000_000

/** Reads events out of the blocks. Nothing is held between two pages: a page finds its block again by its position. */
export class LogReader {
  readonly #blocks: LogBlocks
  readonly #marks: Marks
  readonly #view: LogView

  constructor(blocks: LogBlocks, marks: Marks, view: LogView) {
    this.#blocks = blocks
    this.#marks = marks
    this.#view = view
  }

  /** The position of the last event. */
  get end(): Position {
    return position(this.#view.end.next - 1)
  }

  headOf(stream: string): number {
    return this.#view.heads.of(stream).revision
  }

  /** The verdict on an append at a revision that is not the head: it may have been written before, as this very one. */
  verdictOnRepeat(append: Append): Verdict {
    const head = this.headOf(append.stream)
    const { expectedRevision } = append
    if (Number.isInteger(expectedRevision) && expectedRevision >= -1 && expectedRevision < head) {
      for (const block of this.#backwards(append.stream, expectedRevision + 1, expectedRevision + 1)) {
        const { record } = block
        if (record.expectedRevision !== expectedRevision || record.appendId !== append.id) break
        return {
          status: 'written',
          revision: expectedRevision + record.events,
          position: position(block.position + record.events - 1),
        }
      }
    }
    return { status: 'conflict', revision: head }
  }

  /** Pages of one stream. */
  *pagesOf(stream: string, range: StreamRange): Generator<readonly RecordedEvent[], void, undefined> {
    const pages =
      range.direction === 'forwards' ? this.#forwardPages(stream, range) : this.#backwardPages(stream, range)
    for (const { events } of pages) yield events
  }

  *#backwardPages(stream: string, { first, last }: StreamRange): Generator<Page, void, undefined> {
    for (let page = new Page(), next = last; next >= first; page = new Page()) {
      for (const block of this.#backwards(stream, first, next)) {
        const length = page.length
        collectRevisions(block, first, next, page)
        page.reverseSince(length)
        next = block.record.expectedRevision
        if (page.full) break
      }
      if (page.length === 0) throw damaged(stream, this.#view.heads.of(stream))
      yield page
    }
  }

  *#forwardPages(stream: string, { first, last }: StreamRange): Generator<Page, void, undefined> {
    let page = new Page()
    for (let from = first; from <= last; ) {
      const to = Math.min(last, lastOfStretch(stretchOf(from)))
      for (const step of this.#stretch(stream, from, to)) {
        if (!(step instanceof Page)) {
          collectRevisions(this.#blocks.loadAndKeep(step.block).at(step.index), from, to, page)
        } else if (page.length === 0) page = step
        else page.addAll(step)
        if (!page.full) continue
        yield page
        page = new Page()
      }
      from = to + 1
    }
    if (page.length > 0) yield page
  }

  /**
   * The appends of a stretch in their order: read at once, because they are found from the last to the first, and only
   * remembered by their place where they are too large to be kept.
   */
  #stretch(stream: string, from: number, to: number): readonly (Page | Place)[] {
    const steps: (Page | Place)[] = []
    let page = new Page()
    let characters = 0
    const endPage = (): void => {
      characters += page.characters
      page.reverse()
      steps.push(page)
      page = new Page()
    }
    for (const block of this.#backwards(stream, from, to)) {
      if (characters > charactersKept) {
        steps.push({ block: block.first, index: block.index })
        continue
      }
      const { length } = page
      collectRevisions(block, from, to, page)
      if (page.length > length + 1) page.reverseSince(length)
      if (page.full) endPage()
    }
    // Where places follow it was ended, for only a full page exceeds what is kept.
    if (page.length > 0) endPage()
    return steps.reverse()
  }

  /** The blocks, opened at the records that hold these revisions of a stream, from the last to the first. */
  *#backwards(stream: string, first: number, last: number): Generator<BlockReader, void, undefined> {
    for (let place = this.#placeOf(stream, last); place !== undefined; ) {
      const block = this.#blocks.loadAndKeep(place.block).at(place.index)
      const before = block.record.expectedRevision
      const { previous } = block
      // Each append leads to one before it. Where that is not so the file is damaged, and following it has no end.
      if (previous !== undefined && !isBefore(previous, place)) throw damaged(stream, place)
      if (before < last) yield block
      if (before < first) return
      place = previous
    }
  }

  /** An append of the stream at or after a revision, and near it. */
  #placeOf(stream: string, revision: number): Place | undefined {
    const head = this.#view.heads.of(stream)
    if (head.revision < 0) return undefined
    const stretch = stretchOf(revision)
    return head.revision < lastOfStretch(stretch) ? head : (this.#marks.of(stream, stretch) ?? head)
  }

  /** Whole appends after the cursor until the page is full. `exceptSystem`: not what this system wrote. */
  pageAfter(cursor: Position, matcher: EventMatcher | undefined, exceptSystem?: string): TailPage {
    const page = new Page()
    const end = this.#view.end.next
    let reached: number = cursor
    const limit = reached + scanLimit
    while (reached + 1 < end && reached < limit && !page.full) {
      if (exceptSystem !== undefined) {
        const behind = this.#view.behindOwn(exceptSystem, reached)
        if (behind !== reached) {
          reached = behind
          continue
        }
      }
      const block = this.#blocks.load(this.#blocks.firstOfBlockAt(reached + 1))
      const behind = mayFit(block, matcher, exceptSystem)
        ? collectAfter(block, reached, matcher, exceptSystem, page)
        : block.next - 1
      if (!(behind > reached)) throw damaged('of all events', { block: reached + 1, index: 0 })
      reached = behind
    }
    return {
      events: page.events,
      cursor: position(reached),
      reached: reached + 1 < end ? 'limit' : 'end',
    }
  }
}

function isBefore(left: Place, right: Place): boolean {
  return left.block < right.block || (left.block === right.block && left.index < right.index)
}

function damaged(stream: string, { block, index }: Place): StoreUnavailable {
  return new StoreUnavailable(
    `The embedded store is damaged: the stream ${stream} cannot be followed at block ${block}, append ${index}.`,
    'Restore the folder from a back-up.',
  )
}

function collectRevisions(block: BlockReader, first: number, last: number, page: Page): void {
  const start = block.record.expectedRevision + 1
  block.collect({ first: first - start, last: last - start }, undefined, page)
}

/** Can any event of the block be wanted? Its names tell without decoding one. */
function mayFit(
  { names }: BlockReader,
  matcher: EventMatcher | undefined,
  exceptSystem: string | undefined,
): boolean {
  const { systems, eventTypes } = names
  if (exceptSystem !== undefined && systems.names.length === 1 && systems.has(exceptSystem)) return false
  return matcher === undefined || eventTypes.names.some((type) => matcher.type(type))
}

/** @returns the position that was reached: the end of the block, or of the append that filled the page. */
function collectAfter(
  block: BlockReader,
  cursor: number,
  matcher: EventMatcher | undefined,
  exceptSystem: string | undefined,
  page: Page,
): number {
  const { records, names } = block
  const except = exceptSystem === undefined ? undefined : names.systems.existing(exceptSystem)
  for (let index = 0; index < records; index++) {
    const { record } = block.at(index)
    const last = block.position + record.events - 1
    if (last <= cursor || record.isBy(except)) continue
    block.collect({ first: cursor - block.position + 1, last: Number.POSITIVE_INFINITY }, matcher, page)
    if (page.full) return last
  }
  return block.next - 1
}
