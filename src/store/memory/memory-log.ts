import { eventIdOf } from '../../event/event-id.ts'
import { type Position, position } from '../../event/position.ts'
import type { JsonObject, RecordedEvent } from '../../event/recorded-event.ts'
import type { EventMatcher } from '../event-matcher.ts'
import type { Append, StoredSnapshot, Verdict } from '../event-store.ts'
import { Page } from '../page.ts'
import type { StreamRange } from '../stream-range.ts'
import type { TailPage } from '../tail-subscription.ts'
import { Segment, segmentBits, segmentSize } from './segment.ts'

interface Stream {
  head: number
  /** The ordinal of its newest append; each append knows the one before it. */
  last: number
}

/** Appends that one page looks at, so that a filter which nothing fits cannot hold up the event loop. */
const scanLimit = 20_000

/**
 * The data of a memory store. The append as it came in is what is kept: event objects, ids and parsed payloads are
 * made when they are read. An append is known by its ordinal, an event by its position: the events are counted from
 * 1, so that 0 is the place before the first.
 */
export class MemoryLog {
  readonly snapshots = new Map<string, readonly StoredSnapshot[]>()
  readonly listeners = new Set<() => void>()
  readonly #streams = new Map<string, Stream>()
  readonly #segments: Segment[] = []
  #appends = 0
  #events = 0

  get end(): Position {
    return position(this.#events)
  }

  head(stream: string): number {
    return this.#streams.get(stream)?.head ?? -1
  }

  write(append: Append, events: number, recordedAt: number): Verdict {
    let stream = this.#streams.get(append.stream)
    const head = stream === undefined ? -1 : stream.head
    if (head !== append.expectedRevision) return this.#verdictOnRepeat(append, stream, head)
    if (stream === undefined) {
      stream = { head: -1, last: -1 }
      this.#streams.set(append.stream, stream)
    }
    const ordinal = this.#appends++
    if ((ordinal & (segmentSize - 1)) === 0) this.#segments.push(new Segment())
    this.#segmentOf(ordinal).add(append, this.#events + 1, stream.last, recordedAt)
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
      const segment = this.#segmentOf(ordinal)
      const stored = segment.appendAt(ordinal)
      if (stored.id === append.id && stored.expectedRevision === expectedRevision) {
        const events = eventCount(stored)
        const last = segment.positionAt(ordinal) + events - 1
        return { status: 'written', revision: expectedRevision + events, position: position(last) }
      }
    }
    return { status: 'conflict', revision: head }
  }

  /** Pages of one stream, whole appends where the range allows it. */
  *pagesOf(stream: string, { first, last, direction }: StreamRange): Generator<Page, void, undefined> {
    const ordinals = this.#ordinalsOf(this.#streams.get(stream), first, last)
    let page = new Page()
    for (const ordinal of direction === 'forwards' ? ordinals : ordinals.reverse()) {
      const { expectedRevision } = this.#segmentOf(ordinal).appendAt(ordinal)
      const length = page.events.length
      this.#collect(ordinal, first - expectedRevision - 1, last - expectedRevision - 1, undefined, page)
      if (direction === 'backwards') page.reverseSince(length)
      if (!page.full) continue
      yield page
      page = new Page()
    }
    if (page.events.length > 0) yield page
  }

  /** Whole appends after the cursor until the page is full. `exceptSystem`: not what this system wrote. */
  pageAfter(cursor: Position, matcher: EventMatcher | undefined, exceptSystem?: string): TailPage {
    const page = new Page()
    let ordinal = this.#ordinalAfter(cursor)
    const limit = Math.min(this.#appends, ordinal + scanLimit)
    for (; ordinal < limit && !page.full; ordinal++) {
      const segment = this.#segmentOf(ordinal)
      const append = segment.appendAt(ordinal)
      if (exceptSystem !== undefined && append.commands[0]!.origin.system === exceptSystem) continue
      if (matcher !== undefined && !matcher.stream(append.stream)) continue
      const first = segment.positionAt(ordinal)
      this.#collect(ordinal, cursor - first + 1, Number.POSITIVE_INFINITY, matcher, page)
    }
    if (ordinal === this.#appends) return { events: page.events, cursor: this.end, reached: 'end' }
    const next = position(this.#segmentOf(ordinal).positionAt(ordinal) - 1)
    return { events: page.events, cursor: next, reached: 'limit' }
  }

  /** The ordinals of the stream's appends that hold the revisions `first` to `last`, in rising order. */
  #ordinalsOf(stream: Stream | undefined, first: number, last: number): number[] {
    const ordinals: number[] = []
    if (stream === undefined || first > last || first > stream.head) return ordinals
    for (let ordinal = stream.last; ordinal >= 0; ) {
      const segment = this.#segmentOf(ordinal)
      const before = segment.appendAt(ordinal).expectedRevision
      if (before < last) ordinals.push(ordinal)
      if (before < first) break
      ordinal = segment.previousAt(ordinal)
    }
    return ordinals.reverse()
  }

  /** Adds the events `first` to `last` of an append, counted within it from 0, that fit. */
  #collect(
    ordinal: number,
    first: number,
    last: number,
    matcher: EventMatcher | undefined,
    page: Page,
  ): void {
    const segment = this.#segmentOf(ordinal)
    const append = segment.appendAt(ordinal)
    const firstPosition = segment.positionAt(ordinal)
    const recordedAt = segment.recordedAt(ordinal)
    let offset = 0
    for (const { origin, schemaVersion, events } of append.commands) {
      const fits = matcher === undefined || matcher.correlation(origin.correlationId)
      for (let index = 0; index < events.length; index++, offset++) {
        const { type, json } = events[index]!
        if (!fits || offset < first || offset > last) continue
        if (matcher !== undefined && !matcher.type(type)) continue
        const event: RecordedEvent = {
          stream: append.stream,
          revision: append.expectedRevision + 1 + offset,
          position: position(firstPosition + offset),
          id: eventIdOf(append.id, offset),
          type,
          data: JSON.parse(json) as JsonObject,
          schemaVersion,
          index,
          origin,
          recordedAt,
        }
        page.add(event, json.length)
      }
    }
  }

  /** The ordinal of the append that holds the first event after the cursor. */
  #ordinalAfter(cursor: Position): number {
    if (cursor >= this.#events) return this.#appends
    let low = 0
    let high = this.#appends - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#segmentOf(middle).positionAt(middle) <= cursor + 1) low = middle
      else high = middle - 1
    }
    return low
  }

  #segmentOf(ordinal: number): Segment {
    return this.#segments[ordinal >>> segmentBits]!
  }
}

export function eventCount(append: Append): number {
  let count = 0
  for (const command of append.commands) count += command.events.length
  return count
}
