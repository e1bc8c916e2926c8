import type { ShownEvent } from '../../wire.ts'
import { isoTime, time } from '../format.ts'

/** The payload on one line, as far as it goes. */
export function Payload({ event: { data, cut } }: { readonly event: ShownEvent }) {
  const empty = data === '{}'
  return (
    <code class="payload" title={empty ? undefined : data}>
      {empty ? '' : data}
      {cut ? '…' : ''}
    </code>
  )
}

export function When({ at }: { readonly at: number }) {
  return (
    <time dateTime={isoTime(at)} title={isoTime(at)}>
      {time(at)}
    </time>
  )
}

/** The end of an event's row in a table: its payload, and when it was recorded. */
export function EventCells({ event }: { readonly event: ShownEvent }) {
  return (
    <>
      <td class="wide">
        <Payload event={event} />
      </td>
      <td class="soft">
        <When at={event.recordedAt} />
      </td>
    </>
  )
}
