import type { RecordedEvent } from '../../event/recorded-event.ts'
import type { ReadStreamOptions } from '../event-store.ts'
import type { Calls } from './calls.ts'
import { decodeEvents } from './wire-event.ts'

/**
 * Reads a stream page by page. Each page is a call of its own, so a reader who leaves early leaves nothing open.
 * @throws StreamDeleted where the stream was deleted, softly too. @throws StoreUnavailable @throws AccessDenied
 */
export async function* readStreamPages(
  calls: Calls,
  pageEvents: number,
  stream: string,
  options: ReadStreamOptions,
): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  const { direction = 'forwards', limit = Number.POSITIVE_INFINITY } = options
  let from: number | 'start' | 'end' = startOf(options)
  let left = limit
  while (left > 0 && (typeof from !== 'number' || from >= 0)) {
    const count = Math.min(left, pageEvents)
    const answer = await calls.ask({ kind: 'readPage', stream, from, direction, count })
    if (answer.kind !== 'page') return
    const events = decodeEvents(answer.events)
    const last = events.at(-1)
    if (last !== undefined) {
      left -= events.length
      from = direction === 'forwards' ? last.revision + 1 : last.revision - 1
      yield events
    }
    if (answer.reached !== 'cut') return
  }
}

function startOf({ direction = 'forwards', from }: ReadStreamOptions): number | 'start' | 'end' {
  if (direction === 'forwards') return from === undefined || from <= 0 ? 'start' : from
  return from ?? 'end'
}
