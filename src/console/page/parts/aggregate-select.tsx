import type { SystemInfo } from '../../wire.ts'
import { Select } from './select.tsx'

interface AggregateSelectProps {
  readonly system: SystemInfo
  /** The name of an aggregate; empty: all of them. */
  readonly value: string
  readonly onChange: (value: string) => void
}

/** One of the aggregates that the system runs, or all. */
export function AggregateSelect({ system, value, onChange }: AggregateSelectProps) {
  const names = system.definitions.map(({ name }) => ({ value: name, label: name }))
  const options = [{ value: '', label: 'all' }, ...names]
  return <Select label="Aggregate" value={value} options={options} onChange={onChange} />
}
