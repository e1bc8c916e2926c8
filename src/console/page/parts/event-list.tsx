import { useEffect, useState } from 'preact/hooks'
import type { EventPage, ShownEvent } from '../../wire.ts'
import { ask } from '../ask.ts'
import { number } from '../format.ts'
import { EventCells } from './event-row.tsx'
import { Notice } from './notice.tsx'

interface EventListProps {
  readonly aggregate: string
  readonly id: string
  readonly head: number
  readonly selected: number
  readonly onSelect: (revision: number) => void
}

/** The events of an aggregate, newest first; older ones as they are wanted. */
export function EventList({ aggregate, id, head, selected, onSelect }: EventListProps) {
  const { events, more, failure, loadOlder } = useEvents(aggregate, id, head)
  return (
    <section class="card">
      <h2>Events</h2>
      {failure === undefined ? null : <Notice tone="bad">{failure}</Notice>}
      {events.length === 0 ? (
        <p class="soft">None.</p>
      ) : (
        <table class="rows events">
          <thead>
            <tr>
              <th scope="col" class="number">
                Revision
              </th>
              <th scope="col">Event</th>
              <th scope="col">Command</th>
              <th scope="col">Payload</th>
              <th scope="col">Recorded</th>
            </tr>
          </thead>
          <tbody>
            {events.map((event) => (
              <tr key={event.revision} class={event.revision === selected ? 'selected' : undefined}>
                <td class="number">
                  <button
                    type="button"
                    class="quiet"
                    aria-label={`Travel to revision ${event.revision}`}
                    aria-current={event.revision === selected ? 'step' : undefined}
                    onClick={() => onSelect(event.revision)}
                  >
                    {number(event.revision)}
                  </button>
                </td>
                <th scope="row" class="event-type">
                  {event.type}
                </th>
                <td>{event.origin?.commandType ?? <span class="soft">–</span>}</td>
                <EventCells event={event} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more ? (
        <button type="button" class="more" onClick={loadOlder}>
          Older events
        </button>
      ) : null}
    </section>
  )
}

const mostListed = 2_000

/** Keeps the list at the head: what is new is asked for when the head moves. */
function useEvents(aggregate: string, id: string, head: number) {
  const [events, setEvents] = useState<readonly ShownEvent[]>([])
  const [failure, setFailure] = useState<string>()
  useEffect(() => {
    if (head < 0) return undefined
    const gone = new AbortController()
    ask<EventPage>('events', { aggregate, id }, gone.signal).then(
      (page) => {
        setFailure(undefined)
        setEvents((known) => joined(page.events, known))
      },
      (error: Error) => gone.signal.aborted || setFailure(error.message),
    )
    return () => gone.abort()
  }, [aggregate, id, head])

  const last = events.at(-1)?.revision ?? 0
  const loadOlder = (): void => {
    ask<EventPage>('events', { aggregate, id, from: last - 1 }).then(
      (page) => setEvents((known) => [...known, ...page.events.filter(({ revision }) => revision < last)]),
      (error: Error) => setFailure(error.message),
    )
  }
  return { events, failure, loadOlder, more: last > 0 && events.length < mostListed }
}

/** The newest page before what is known. Where a gap would be between them, what is known is let go. */
function joined(page: readonly ShownEvent[], known: readonly ShownEvent[]): readonly ShownEvent[] {
  const oldest = page.at(-1)?.revision ?? 0
  const rest = known.filter(({ revision }) => revision < oldest)
  return rest[0]?.revision === oldest - 1 ? [...page, ...rest] : page
}
