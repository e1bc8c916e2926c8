import { useEffect, useState } from 'preact/hooks'
import type { Causation as CausationAnswer, CausedCommand, ShownEvent } from '../../wire.ts'
import { ask } from '../ask.ts'
import { AggregateLink } from './aggregate-link.tsx'
import { type Cause, causesOf } from './caused.ts'
import { When } from './event-row.tsx'
import { Notice } from './notice.tsx'

/** Where an event came from, and what came of it: commands and their events, tied together by correlation. */
export function Causation({ event }: { readonly event: ShownEvent }) {
  const [wanted, setWanted] = useState(false)
  const { origin } = event
  if (origin === null) {
    return <p class="soft">Somebody else than Reenact wrote this event: no command is known.</p>
  }
  return (
    <>
      <dl class="facts">
        <dt>Command</dt>
        <dd>
          {origin.commandType} <code>{origin.commandId}</code>
        </dd>
        <dt>Caused by</dt>
        <dd>{origin.causationId === origin.commandId ? 'its caller' : <code>{origin.causationId}</code>}</dd>
        <dt>Correlation</dt>
        <dd>
          <code>{origin.correlationId}</code>
        </dd>
        {origin.metadata === undefined ? null : (
          <>
            <dt>Metadata</dt>
            <dd>
              <code>{JSON.stringify(origin.metadata)}</code>
            </dd>
          </>
        )}
        <dt>Written by</dt>
        <dd>
          <code>{origin.system}</code>
        </dd>
      </dl>
      <button type="button" aria-expanded={wanted} onClick={() => setWanted(!wanted)}>
        {wanted ? 'Hide' : 'Show'} causes and effects
      </button>
      {wanted ? <Tied correlationId={origin.correlationId} event={event} /> : null}
    </>
  )
}

function Tied({ correlationId, event }: { readonly correlationId: string; readonly event: ShownEvent }) {
  const [answer, setAnswer] = useState<CausationAnswer | string>()
  useEffect(() => {
    const gone = new AbortController()
    setAnswer(undefined)
    ask<CausationAnswer>('causation', { correlation: correlationId }, gone.signal).then(
      setAnswer,
      (error: Error) => gone.signal.aborted || setAnswer(error.message),
    )
    return () => gone.abort()
  }, [correlationId])
  if (answer === undefined) return <Notice>Reading the log …</Notice>
  if (typeof answer === 'string') return <Notice tone="bad">{answer}</Notice>
  return (
    <>
      <Causes causes={causesOf(answer.commands)} event={event} />
      {answer.complete ? null : <p class="soft">There are more: only the first events are shown.</p>}
    </>
  )
}

interface CausesProps {
  readonly causes: readonly Cause[]
  readonly event: ShownEvent
}

function Causes({ causes, event }: CausesProps) {
  return (
    <ul class="causes">
      {causes.map(({ command, caused }) => (
        <li key={keyOf(command)}>
          <Command command={command} event={event} />
          {caused.length === 0 ? null : <Causes causes={caused} event={event} />}
        </li>
      ))}
    </ul>
  )
}

function Command({
  command: { origin, events },
  event,
}: {
  readonly command: CausedCommand
  readonly event: ShownEvent
}) {
  const [first] = events
  if (first === undefined) return null
  return (
    <>
      <p>
        <b>{origin.commandType}</b> <AggregateLink aggregate={first.aggregate} id={first.id} />{' '}
        <span class="soft">
          <When at={first.recordedAt} />
        </span>
      </p>
      <ul class="caused-events">
        {events.map(({ eventId, aggregate, id, revision, type }) => (
          <li key={eventId} class={eventId === event.eventId ? 'selected' : undefined}>
            <span class="event-type">{type}</span>{' '}
            <span class="soft">
              at <AggregateLinkAt aggregate={aggregate} id={id} revision={revision} />
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function AggregateLinkAt({ aggregate, id, revision }: Pick<ShownEvent, 'aggregate' | 'id' | 'revision'>) {
  return (
    <>
      revision {revision} of <AggregateLink aggregate={aggregate} id={id} revision={revision} />
    </>
  )
}

function keyOf({ origin, events }: CausedCommand): string {
  return JSON.stringify([events[0]?.aggregate, events[0]?.id, origin.commandId])
}
