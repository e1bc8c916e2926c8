import { type Position, position } from '../../event/position.ts'
import type { RecordedEvent } from '../../event/recorded-event.ts'
import { youngArray } from '../../young.ts'
import { eventsIn } from '../append-limits.ts'
import type { EventMatcher } from '../event-matcher.ts'
import type { Append, StoredSnapshot, Verdict } from '../event-store.ts'
import { Page } from '../page.ts'
import { writeNumbers } from '../record/append-record.ts'
import type { ByteWriter } from '../record/byte-writer.ts'
import { recordNames } from '../record/name-table.ts'
import { type RecordRange, RecordReader } from '../record/record-reader.ts'
import type { StreamRange } from '../stream-range.ts'
import type { TailPage } from '../tail-subscription.ts'
import { Arenas } from './arenas.ts'
import { BatchTexts } from './batch-texts.ts'
import { OwnStretch } from './own-stretch.ts'
import { Segment, segmentBits, segmentSize } from './segment.ts'

interface Stream {
  head: number
  /** The ordinal of its newest append; each append knows the one before it. */
  last: number
}

/** Appends that one page looks at, so that a filter which nothing fits cannot hold up the event loop. */
const scanLimit = 20_000

/**
 * The data of a memory store. An append is kept as one record of bytes; event objects, ids and parsed payloads are
 * made when they are read. An append is known by its ordinal, an event by its position: the events are counted from
 * 1, so that 0 is the place before the first.
 */
export class MemoryLog {
  readonly snapshots = new Map<string, readonly StoredSnapshot[]>()
  readonly listeners = new Set<() => void>()
  readonly #streams = new Map<string, Stream>()
  readonly #arenas = new Arenas()
  readonly #segments: Segment[] = []
  readonly #names = recordNames()
  readonly #reader = new RecordReader()
  readonly #own = new OwnStretch()
  #appends = 0
  #events = 0

  get end(): Position {
    return position(this.#events)
  }

  head(stream: string): number {
    return this.#streams.get(stream)?.head ?? -1
  }

  /** Writes each append of a batch, or tells why not. */
  write(batch: readonly Append[], maxBytes: number, recordedAt: number): readonly Verdict[] {
    const verdicts = youngArray<Verdict>(batch.length)
    const texts = new BatchTexts(batch, maxBytes)
    for (let index = 0; index < batch.length; ) {
      const arena = this.#arenas.current
      const start = arena.length
      const appends = this.#appends
      const next = texts.begin(index, arena)
      for (; index < next; index++) {
        const error = texts.find(index, arena)
        verdicts[index] =
          error === undefined
            ? this.#write(batch[index]!, texts, arena, recordedAt)
            : { status: 'refused', error }
      }
      // Texts that no record leads to: those of a whole piece, such as of one append that conflicts, are given back.
      if (this.#appends === appends) arena.endAt(start)
    }
    return verdicts
  }

  #write(append: Append, text: BatchTexts, arena: ByteWriter, recordedAt: number): Verdict {
    let stream = this.#streams.get(append.stream)
    const head = stream === undefined ? -1 : stream.head
    if (head !== append.expectedRevision) return this.#verdictOnRepeat(append, stream, head)
    if (stream === undefined) {
      stream = { head: -1, last: -1 }
      this.#streams.set(append.stream, stream)
    }
    const events = eventsIn(append)
    const offset = arena.length
    writeNumbers(arena, append, events, this.#names)
    const ordinal = this.#appends++
    this.#own.add(ordinal, append)
    if ((ordinal & (segmentSize - 1)) === 0) this.#segments.push(new Segment())
    const first = this.#events + 1
    this.#segmentOf(ordinal).set(
      ordinal,
      this.#arenas.number,
      offset,
      text,
      first,
      head,
      stream.last,
      recordedAt,
    )
    stream.last = ordinal
    stream.head += events
    this.#events += events
    return { status: 'written', revision: stream.head, position: this.end }
  }

  /** The revision is not the head: it may be taken by this very append, sent before. */
  #verdictOnRepeat(append: Append, stream: Stream | undefined, head: number): Verdict {
    const { expectedRevision } = append
    const ordinal = this.#ordinalsOf(stream, expectedRevision + 1, expectedRevision + 1)[0]
    if (ordinal !== undefined) {
      const record = this.#read(ordinal)
      if (record.expectedRevision === expectedRevision && record.appendId === append.id) {
        const last = this.#segmentOf(ordinal).position(ordinal) + record.events - 1
        return { status: 'written', revision: expectedRevision + record.events, position: position(last) }
      }
    }
    return { status: 'conflict', revision: head }
  }

  /** Pages of one stream, whole appends where the range allows it. */
  *pagesOf(
    stream: string,
    { first, last, direction }: StreamRange,
  ): Generator<readonly RecordedEvent[], void, undefined> {
    const ordinals = this.#ordinalsOf(this.#streams.get(stream), first, last)
    let page = new Page()
    for (const ordinal of direction === 'forwards' ? ordinals : ordinals.reverse()) {
      const before = this.#segmentOf(ordinal).expectedRevision(ordinal)
      const { length } = page
      this.#collect(ordinal, { first: first - before - 1, last: last - before - 1 }, undefined, page)
      if (direction === 'backwards') page.reverseSince(length)
      if (!page.full) continue
      yield page.events
      page = new Page()
    }
    if (page.length > 0) yield page.events
  }

  /** Whole appends after the cursor until the page is full. `exceptSystem`: not what this system wrote. */
  pageAfter(cursor: Position, matcher: EventMatcher | undefined, exceptSystem?: string): TailPage {
    const page = new Page()
    const except = exceptSystem === undefined ? undefined : this.#names.systems.numberOf(exceptSystem)
    let ordinal = this.#ordinalAfter(cursor)
    if (exceptSystem !== undefined && this.#own.holds(ordinal, exceptSystem)) ordinal = this.#appends
    const limit = Math.min(this.#appends, ordinal + scanLimit)
    for (; ordinal < limit && !page.full; ordinal++) {
      if (except !== undefined && this.#read(ordinal).isBy(except)) continue
      const first = cursor - this.#segmentOf(ordinal).position(ordinal) + 1
      this.#collect(ordinal, { first, last: Number.POSITIVE_INFINITY }, matcher, page)
    }
    if (ordinal === this.#appends) return { events: page.events, cursor: this.end, reached: 'end' }
    const next = position(this.#segmentOf(ordinal).position(ordinal) - 1)
    return { events: page.events, cursor: next, reached: 'limit' }
  }

  /** The ordinals of the stream's appends that hold the revisions `first` to `last`, in rising order. */
  #ordinalsOf(stream: Stream | undefined, first: number, last: number): number[] {
    const ordinals: number[] = []
    if (stream === undefined || first > last || first > stream.head) return ordinals
    for (let ordinal = stream.last; ordinal >= 0; ) {
      const segment = this.#segmentOf(ordinal)
      const before = segment.expectedRevision(ordinal)
      if (before < last) ordinals.push(ordinal)
      if (before < first) break
      ordinal = segment.previous(ordinal)
    }
    return ordinals.reverse()
  }

  #collect(ordinal: number, range: RecordRange, matcher: EventMatcher | undefined, page: Page): void {
    const segment = this.#segmentOf(ordinal)
    const record = this.#read(ordinal)
    record.collect(range, segment.position(ordinal), segment.recordedAt(ordinal), this.#names, matcher, page)
  }

  #read(ordinal: number): RecordReader {
    const segment = this.#segmentOf(ordinal)
    const bytes = this.#arenas.bytesOf(segment.arena(ordinal))
    return this.#reader.open(
      bytes,
      segment.offset(ordinal),
      segment.textStart(ordinal),
      segment.textEnd(ordinal),
      segment.textEncoding(ordinal),
    )
  }

  /** The ordinal of the append that holds the first event after the cursor. */
  #ordinalAfter(cursor: Position): number {
    if (cursor >= this.#events) return this.#appends
    let low = 0
    let high = this.#appends - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#segmentOf(middle).position(middle) <= cursor + 1) low = middle
      else high = middle - 1
    }
    return low
  }

  #segmentOf(ordinal: number): Segment {
    return this.#segments[ordinal >>> segmentBits]!
  }
}
