import { streamOf } from '../../event/stream-name.ts'
import { eventsOf } from '../../store/events-of.ts'
import { eventAt } from '../../store/single-event.ts'
import { shownEvent } from '../shown-event.ts'
import type { EventPage, ShownEvent } from '../wire.ts'
import { type ApiContext, type Asked, addressed, NotAnswered, wholeNumber } from './context.ts'

const eventsOfPage = 50

/** The events of one aggregate at and below a revision, newest first. */
export async function events(context: ApiContext, asked: Asked): Promise<EventPage> {
  const { definition, id } = addressed(context, asked)
  const from = asked.parameters.has('from') ? { from: wholeNumber(asked, 'from', 0) } : {}
  const stream = streamOf(definition.name, id)
  const shown: ShownEvent[] = []
  const range = { ...from, direction: 'backwards', limit: eventsOfPage } as const
  for await (const event of eventsOf(context.insight.events.readStream(stream, range))) {
    shown.push(shownEvent(event))
  }
  return { events: shown, more: (shown.at(-1)?.revision ?? 0) > 0 }
}

/** One event with its whole payload. */
export async function event(context: ApiContext, asked: Asked): Promise<ShownEvent> {
  const { definition, id } = addressed(context, asked)
  const revision = wholeNumber(asked, 'revision', 0)
  const found = await eventAt(context.insight.events, streamOf(definition.name, id), revision)
  if (found === undefined) throw new NotAnswered(404, `There is no event at revision ${revision}.`)
  return shownEvent(found, 'whole')
}
