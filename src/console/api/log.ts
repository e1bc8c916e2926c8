import { position } from '../../event/position.ts'
import type { RecordedEvent } from '../../event/recorded-event.ts'
import type { EventFilter } from '../../store/event-store.ts'
import { eventsOf } from '../../store/events-of.ts'
import { shownEvent } from '../shown-event.ts'
import type { LogPage, RecentEvents, ShownEvent } from '../wire.ts'
import { type ApiContext, type Asked, wholeNumber } from './context.ts'

const eventsOfPage = 100
/** A store reads its log forwards only; a longer one is not read through for its last page. */
const longestRead = 50_000

/** A page of the log, from the start or strictly after a position. */
export async function log(context: ApiContext, asked: Asked): Promise<LogPage> {
  const after = asked.parameters.has('after') ? { after: position(wholeNumber(asked, 'after', 0)) } : {}
  const range = { ...after, filter: logFilter(asked.parameters), limit: eventsOfPage }
  const shown: ShownEvent[] = []
  for await (const event of eventsOf(context.insight.events.readAll(range))) {
    shown.push(shownEvent(event))
    if (asked.signal.aborted) break
  }
  return { events: shown, more: shown.length === eventsOfPage }
}

/** The last events, newest first, where the log is short enough to be read for them. */
export async function recent({ insight }: ApiContext, { parameters, signal }: Asked): Promise<RecentEvents> {
  const last: RecordedEvent[] = []
  let left = longestRead
  const range = { filter: logFilter(parameters), limit: longestRead }
  for await (const page of insight.events.readAll(range)) {
    left -= page.length
    last.push(...page)
    last.splice(0, last.length - eventsOfPage)
    if (signal.aborted) break
  }
  return left > 0
    ? { events: last.toReversed().map((event) => shownEvent(event)), log: 'read' }
    : { events: [], log: 'too long' }
}

/** What the log is filtered by; each name may be given more than once. */
export function logFilter(parameters: URLSearchParams): EventFilter {
  const categories = parameters.getAll('aggregate').filter((name) => name !== '')
  const eventTypes = parameters.getAll('type').filter((name) => name !== '')
  return {
    ...(categories.length === 0 ? {} : { categories }),
    ...(eventTypes.length === 0 ? {} : { eventTypes }),
  }
}
