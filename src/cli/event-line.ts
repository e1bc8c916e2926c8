import type { RecordedEvent } from '../event/recorded-event.ts'
import { isoTime } from './printable.ts'

/** A stored event as `--json` shows it: all that the store holds, the time as people write it. */
export function eventJson({ recordedAt, origin, ...event }: RecordedEvent): object {
  return { ...event, recordedAt: isoTime(recordedAt), ...(origin === undefined ? {} : { origin }) }
}
