import type { CommandOrigin, RecordedEvent } from '../../event/recorded-event.ts'
import { eventsOf } from '../../store/events-of.ts'
import { shownEvent } from '../shown-event.ts'
import type { Causation, ShownEvent } from '../wire.ts'
import { type ApiContext, type Asked, NotAnswered } from './context.ts'

const mostEvents = 500

/** Every command that a correlation id ties together, with its events, in the order of the log. Reads the log. */
export async function causation({ insight }: ApiContext, { parameters, signal }: Asked): Promise<Causation> {
  const correlationId = parameters.get('correlation')
  if (correlationId === null) throw new NotAnswered(400, 'The correlation id is missing.')
  const commands = new Map<string, { origin: CommandOrigin; events: ShownEvent[] }>()
  let left = mostEvents
  const found = insight.events.readAll({ filter: { correlationId }, limit: mostEvents })
  for await (const event of eventsOf(found)) {
    left--
    if (signal.aborted) break
    if (event.origin !== undefined) commandOf(commands, event, event.origin).push(shownEvent(event))
  }
  return { correlationId, commands: [...commands.values()], complete: left > 0 }
}

function commandOf(
  commands: Map<string, { origin: CommandOrigin; events: ShownEvent[] }>,
  { stream }: RecordedEvent,
  origin: CommandOrigin,
): ShownEvent[] {
  // A command id is unique at one aggregate only.
  const key = JSON.stringify([stream, origin.commandId])
  const known = commands.get(key)
  if (known !== undefined) return known.events
  const events: ShownEvent[] = []
  commands.set(key, { origin, events })
  return events
}
