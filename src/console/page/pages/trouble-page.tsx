import { useState } from 'preact/hooks'
import type { Quarantined, Trouble, TroubleEntry } from '../../wire.ts'
import { number } from '../format.ts'
import { useLive } from '../live.ts'
import { AggregateLink } from '../parts/aggregate-link.tsx'
import { Badge } from '../parts/badge.tsx'
import { Payload, When } from '../parts/event-row.tsx'
import { Notice } from '../parts/notice.tsx'

const kinds: readonly { readonly kind: TroubleEntry['kind']; readonly label: string }[] = [
  { kind: 'conflict', label: 'Conflicts' },
  { kind: 'exhausted', label: 'Retries exhausted' },
  { kind: 'failed', label: 'Commands failed' },
  { kind: 'refused', label: 'Appends refused' },
  { kind: 'unsettled', label: 'Appends unsettled' },
  { kind: 'quarantined', label: 'Quarantines' },
]

const grave: ReadonlySet<TroubleEntry['kind']> = new Set(['exhausted', 'quarantined', 'refused'])

/** What went wrong. */
export function TroublePage() {
  const [trouble, setTrouble] = useState<Trouble>()
  useLive({ page: 'trouble' }, { trouble: setTrouble })
  if (trouble === undefined) {
    return (
      <>
        <h1>Trouble</h1>
        <Notice>Looking …</Notice>
      </>
    )
  }
  const { quarantined, entries, counts } = trouble
  return (
    <>
      <h1>Trouble</h1>
      <dl class="figures">
        {kinds.map(({ kind, label }) => (
          <div key={kind} class="card figure">
            <dt>{label}</dt>
            <dd class={grave.has(kind) && counts[kind] > 0 ? 'bad' : 'plain'}>{number(counts[kind])}</dd>
          </div>
        ))}
      </dl>
      <h2>In quarantine</h2>
      {quarantined.length === 0 ? <Notice>No aggregate is in quarantine.</Notice> : null}
      {quarantined.map((each) => (
        <QuarantineCard key={JSON.stringify([each.aggregate, each.id])} {...each} />
      ))}
      <h2>Lately</h2>
      {entries.length === 0 ? <Notice>Nothing went wrong.</Notice> : <Entries entries={entries} />}
    </>
  )
}

function QuarantineCard({ aggregate, id, reason, message, event }: Quarantined) {
  return (
    <section class="card quarantine">
      <h3>
        <AggregateLink aggregate={aggregate} id={id} /> <Badge tone="bad">{reason}</Badge>
      </h3>
      <p>{message}</p>
      {event === null ? null : (
        <p>
          Revision {event.revision}: <span class="event-type">{event.type}</span> <Payload event={event} />{' '}
          <span class="soft">
            <When at={event.recordedAt} />
          </span>
        </p>
      )}
    </section>
  )
}

function Entries({ entries }: { readonly entries: readonly TroubleEntry[] }) {
  return (
    <table class="card rows troubles">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Kind</th>
          <th scope="col">Aggregate</th>
          <th scope="col">What</th>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ at, kind, aggregate, id, what }, index) => (
          <tr key={`${at} ${index}`}>
            <td class="soft">
              <When at={at} />
            </td>
            <td>
              <Badge tone={grave.has(kind) ? 'bad' : 'plain'}>{kind}</Badge>
            </td>
            <td>
              <AggregateLink aggregate={aggregate} id={id} />
            </td>
            <td class="wide">{what}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
