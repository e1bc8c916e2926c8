import { useEffect, useState } from 'preact/hooks'
import type { AggregateRow, AggregateRows, AggregateScope, SystemInfo } from '../../wire.ts'
import { number, plural } from '../format.ts'
import { useLive } from '../live.ts'
import { AggregateLink } from '../parts/aggregate-link.tsx'
import { AggregateSelect } from '../parts/aggregate-select.tsx'
import { PhaseBadge } from '../parts/badge.tsx'
import { Notice } from '../parts/notice.tsx'
import { Select } from '../parts/select.tsx'

/** Searching begins when nobody types for so long. */
const restMs = 150

/** Which aggregates there are, searched by name and id. */
export function AggregatesPage({ system }: { readonly system: SystemInfo }) {
  const [search, setSearch] = useState('')
  const [name, setName] = useState('')
  const [chosen, setScope] = useState<AggregateScope>()
  const [found, setFound] = useState<AggregateRows>()
  const settled = useSettled(search)
  const [nothingLive, setNothingLive] = useState(false)
  // Where nothing is in memory, as in a console that runs no commands, the store is what there is to look through.
  const scope = chosen ?? (nothingLive ? 'stored' : 'live')
  const hear = (rows: AggregateRows): void => {
    setFound(rows)
    if (scope === 'live' && settled === '' && rows.found === 0) setNothingLive(true)
  }
  const wanted = { search: settled, scope, ...(name === '' ? {} : { aggregate: name }) }
  useLive({ page: 'aggregates', ...wanted }, { aggregates: hear })
  return (
    <>
      <h1>Aggregates</h1>
      <search class="filters">
        <label class="field grow">
          <span>Search</span>
          <input
            type="search"
            value={search}
            placeholder="a part of a name or id"
            autocomplete="off"
            spellcheck={false}
            onInput={({ currentTarget }) => setSearch(currentTarget.value)}
          />
        </label>
        {system.definitions.length > 1 ? (
          <AggregateSelect system={system} value={name} onChange={setName} />
        ) : null}
        <Select
          label="Where"
          value={scope}
          options={[
            { value: 'live', label: 'in memory' },
            { value: 'stored', label: 'in the whole store' },
          ]}
          onChange={(value) => setScope(value as AggregateScope)}
        />
      </search>
      {found === undefined ? <Notice>Looking …</Notice> : <Found {...found} scope={scope} />}
    </>
  )
}

function Found({ rows, found, index, scope }: AggregateRows & { readonly scope: AggregateScope }) {
  return (
    <>
      <p class="soft" role="status">
        {plural(found, 'aggregate')}
        {found > rows.length ? `, the first ${number(rows.length)} are shown` : ''}
        {index?.state === 'reading'
          ? `; still reading the log, ${plural(index.streams, 'stream')} so far`
          : ''}
        {index?.state === 'full' ? `; of the first ${plural(index.streams, 'stream')} of the store` : ''}
      </p>
      {rows.length === 0 ? (
        <Notice>
          {scope === 'live'
            ? 'None in memory fits. Those at rest are found by their whole id, or in the whole store.'
            : 'None fits.'}
        </Notice>
      ) : (
        <Table rows={rows} />
      )}
    </>
  )
}

function Table({ rows }: { readonly rows: readonly AggregateRow[] }) {
  return (
    <table class="card rows aggregates">
      <thead>
        <tr>
          <th scope="col">Aggregate</th>
          <th scope="col">State</th>
          <th scope="col" class="number">
            Revision
          </th>
          <th scope="col" class="number">
            Mailbox
          </th>
          <th scope="col">Phase</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ aggregate, id, state, revision, depth, phase }) => (
          <tr key={JSON.stringify([aggregate, id])}>
            <th scope="row">
              <AggregateLink aggregate={aggregate} id={id} />
            </th>
            <td>{state ?? <span class="soft">–</span>}</td>
            <td class="number" data-label="revision">
              {revision === null ? '–' : number(revision)}
            </td>
            <td class="number" data-label="mailbox">
              {phase === null ? '–' : number(depth)}
            </td>
            <td>
              <PhaseBadge phase={phase} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The value, once it has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), restMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
