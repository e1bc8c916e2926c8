import { useEffect, useState } from 'preact/hooks'
import type { LogNews, LogPage as LogPageAnswer, RecentEvents, ShownEvent, SystemInfo } from '../../wire.ts'
import { ask } from '../ask.ts'
import { plural } from '../format.ts'
import { useLive } from '../live.ts'
import { AggregateLink } from '../parts/aggregate-link.tsx'
import { AggregateSelect } from '../parts/aggregate-select.tsx'
import { EventCells } from '../parts/event-row.tsx'
import { Notice } from '../parts/notice.tsx'
import { Select } from '../parts/select.tsx'

const mostFollowed = 500

/** Everything that is stored, in its order: from the start, or as it comes. */
export function LogPage({ system }: { readonly system: SystemInfo }) {
  const [aggregate, setAggregate] = useState('')
  const [type, setType] = useState('')
  const [typed, setTyped] = useState('')
  const [mode, setMode] = useState<Mode>('follow')
  const types = system.definitions.flatMap(({ events }) => events)
  const filter = {
    ...(aggregate === '' ? {} : { aggregate }),
    ...(type === '' ? {} : { type }),
  }
  const key = JSON.stringify([filter, mode])
  return (
    <>
      <h1>Log</h1>
      <search class="filters">
        <AggregateSelect system={system} value={aggregate} onChange={setAggregate} />
        <label class="field grow">
          <span>Event type</span>
          <input
            list="types"
            value={typed}
            placeholder="all"
            autocomplete="off"
            spellcheck={false}
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
            // When it is chosen or typed to its end: no half name is looked for.
            onChange={({ currentTarget }) => setType(currentTarget.value.trim())}
          />
          <datalist id="types">
            {[...new Set(types)].map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </label>
        <Select
          label="Show"
          value={mode}
          options={[
            { value: 'follow', label: 'the newest' },
            { value: 'start', label: 'from the start' },
          ]}
          onChange={(value) => setMode(value as Mode)}
        />
      </search>
      {mode === 'follow' ? <Followed key={key} filter={filter} /> : <FromStart key={key} filter={filter} />}
    </>
  )
}

type Mode = 'follow' | 'start'

interface Filtered {
  readonly filter: { readonly aggregate?: string; readonly type?: string }
}

/** The last events, where they can be had, and new ones on top of them. */
function Followed({ filter }: Filtered) {
  const [recent, setRecent] = useState<RecentEvents>()
  useEffect(() => {
    const gone = new AbortController()
    ask<RecentEvents>('recent', filter, gone.signal).then(
      setRecent,
      () => gone.signal.aborted || setRecent({ events: [], log: 'too long' }),
    )
    return () => gone.abort()
  }, [])
  return recent === undefined ? <Notice>Reading …</Notice> : <Following filter={filter} {...recent} />
}

/** After a cut it goes on behind the last event that it has. */
function Following({ filter, events: recent, log }: Filtered & RecentEvents) {
  const [events, setEvents] = useState(recent)
  const [gaps, setGaps] = useState(0)
  const hear = ({ events: fresh, gap }: LogNews): void => {
    setEvents((known) => [...fresh.toReversed(), ...known].slice(0, mostFollowed))
    if (gap) setGaps((count) => count + 1)
  }
  useLive({ page: 'log', ...filter }, { log: hear }, () => {
    const newest = events[0]
    if (newest !== undefined) return { after: newest.position }
    // There was none in all of the log: from its start, or one that came meanwhile would be missed.
    return log === 'read' ? { after: 'start' } : {}
  })
  return (
    <>
      <p class="soft" role="status">
        {events.length === 0 ? 'Waiting for events …' : `The newest ${plural(events.length, 'event')}`}
        {gaps > 0 ? '; more were stored than this page takes, so some are left out' : ''}
      </p>
      {events.length === 0 ? null : <Events events={events} />}
    </>
  )
}

function FromStart({ filter }: Filtered) {
  const [events, setEvents] = useState<readonly ShownEvent[]>([])
  const [state, setState] = useState<'reading' | 'more' | 'end' | Error>('reading')
  useLive({ page: 'overview' }, {})
  const load = (): void => {
    const after = events.at(-1)?.position
    setState('reading')
    ask<LogPageAnswer>('log', { ...filter, after }).then((page) => {
      setEvents((known) => [...known, ...page.events])
      setState(page.more ? 'more' : 'end')
    }, setState)
  }
  // Each filter has a component of its own.
  useEffect(load, [])
  return (
    <>
      <p class="soft" role="status">
        {state === 'reading' ? 'Reading …' : plural(events.length, 'event')}
        {state === 'end' ? ', all that are stored' : ''}
      </p>
      {state instanceof Error ? <Notice tone="bad">{state.message}</Notice> : null}
      {events.length === 0 ? null : <Events events={events} />}
      {state === 'more' ? (
        <button type="button" class="more" onClick={load}>
          Later events
        </button>
      ) : null}
    </>
  )
}

function Events({ events }: { readonly events: readonly ShownEvent[] }) {
  return (
    <table class="card rows log">
      <thead>
        <tr>
          <th scope="col">Event</th>
          <th scope="col">Aggregate</th>
          <th scope="col" class="number">
            Revision
          </th>
          <th scope="col">Payload</th>
          <th scope="col">Recorded</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={event.eventId}>
            <th scope="row" class="event-type">
              {event.type}
            </th>
            <td>
              <AggregateLink aggregate={event.aggregate} id={event.id} revision={event.revision} />
            </td>
            <td class="number" data-label="revision">
              {event.revision}
            </td>
            <EventCells event={event} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}
