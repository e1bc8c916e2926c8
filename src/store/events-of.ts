import type { RecordedEvent } from '../event/recorded-event.ts'

/** Flattens the pages of a read. For tools and tests: on a hot path the promise for each event costs more than it. */
export async function* eventsOf(
  pages: AsyncIterable<readonly RecordedEvent[]>,
): AsyncGenerator<RecordedEvent, void, undefined> {
  for await (const page of pages) yield* page
}
