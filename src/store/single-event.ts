import type { RecordedEvent } from '../event/recorded-event.ts'
import type { EventStore } from './event-store.ts'

type Reads = Pick<EventStore, 'readStream'>

/** The event at a revision; `undefined` where the store shows none there. */
export async function eventAt(
  store: Reads,
  stream: string,
  revision: number,
): Promise<RecordedEvent | undefined> {
  for await (const [event] of store.readStream(stream, { from: revision, limit: 1 })) return event
  return undefined
}

/** The last event of a stream; `undefined` where there is none. */
export async function lastEventOf(store: Reads, stream: string): Promise<RecordedEvent | undefined> {
  for await (const [event] of store.readStream(stream, { direction: 'backwards', limit: 1 })) return event
  return undefined
}
