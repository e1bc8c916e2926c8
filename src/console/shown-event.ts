import type { RecordedEvent } from '../event/recorded-event.ts'
import { categoryOf, idOf } from '../event/stream-name.ts'
import type { ShownEvent } from './wire.ts'

/** - `line`: for a list, its payload cut to what a line can hold; `whole`: all of it. */
type Detail = 'line' | 'whole'

const charactersOfLine = 400

export function shownEvent(event: RecordedEvent, detail: Detail = 'line'): ShownEvent {
  const { stream, revision, position, id, type, data, schemaVersion, recordedAt, origin } = event
  const text = JSON.stringify(data)
  const cut = detail === 'line' && text.length > charactersOfLine
  return {
    aggregate: categoryOf(stream),
    id: idOf(stream),
    revision,
    position,
    eventId: id,
    type,
    data: cut ? text.slice(0, charactersOfLine).toWellFormed() : text,
    cut,
    schemaVersion,
    recordedAt,
    origin: origin ?? null,
  }
}
