import type { ReadEvent } from './wire-event.ts'

/**
 * How many events at the end of a page are the beginning of an append whose rest has not come yet. The server sends
 * the events of an append one by one; readers go by whole commands, and better get them whole.
 */
export function tornEvents(events: readonly ReadEvent[]): number {
  const last = events.at(-1)
  if (last?.event.origin === undefined) return 0
  const place = placeInAppend(last)
  if (place >= last.appendSize - 1) return 0
  const first = events.findLastIndex((event, index) => index === 0 || !continues(events[index - 1]!, event))
  return events.length - first
}

/** Whether `next` is the very next event of the same append. */
export function continues({ event }: ReadEvent, { event: next }: ReadEvent): boolean {
  const sameAppend = event.id.slice(0, indexAt) === next.id.slice(0, indexAt)
  return sameAppend && event.stream === next.stream && event.revision + 1 === next.revision
}

/** Where the index begins in the id of an event: see `eventIdOf`. */
const indexAt = 32

function placeInAppend({ event }: ReadEvent): number {
  return Number.parseInt(event.id.slice(indexAt), 16)
}
