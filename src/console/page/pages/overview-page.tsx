import type { Sample } from '../../wire.ts'
import { milliseconds, number } from '../format.ts'
import { samples, useLive } from '../live.ts'
import { type Line, LineChart } from '../parts/line-chart.tsx'
import { useShared } from '../shared.ts'

interface Figure {
  readonly label: string
  readonly text: (sample: Sample) => string
  readonly tone?: (sample: Sample) => 'plain' | 'bad'
}

const figures: readonly Figure[] = [
  { label: 'Commands per second', text: ({ answered }) => number(answered) },
  {
    label: 'Latency, 99th percentile',
    text: ({ latency }) => (latency === null ? '–' : milliseconds(latency.p99)),
  },
  { label: 'Outstanding commands', text: ({ outstanding }) => number(outstanding) },
  { label: 'Live aggregates', text: ({ live }) => number(live) },
  {
    label: 'In quarantine',
    text: ({ quarantined }) => number(quarantined),
    tone: ({ quarantined }) => (quarantined > 0 ? 'bad' : 'plain'),
  },
]

const line = (label: string, value: Line['value'], format: Line['format'] = number): Line => ({
  label,
  value,
  format,
})

const charts: readonly { readonly title: string; readonly lines: readonly Line[] }[] = [
  {
    title: 'Commands per second',
    lines: [
      line('answered', ({ answered }) => answered),
      line('rejected', ({ rejected }) => rejected),
      line('failed', ({ failed }) => failed),
    ],
  },
  {
    title: 'Latency',
    lines: [
      line('p50', ({ latency }) => latency?.p50 ?? null, milliseconds),
      line('p90', ({ latency }) => latency?.p90 ?? null, milliseconds),
      line('p99', ({ latency }) => latency?.p99 ?? null, milliseconds),
    ],
  },
  {
    title: 'Commands waiting',
    lines: [
      line('outstanding', ({ outstanding }) => outstanding),
      line('recovering aggregates', ({ recovering }) => recovering),
    ],
  },
  {
    title: 'Commands of one append',
    lines: [
      line('mean', ({ batch }) => batch?.mean ?? null),
      line('largest', ({ batch }) => batch?.largest ?? null),
    ],
  },
  {
    title: 'Written per second',
    lines: [line('events', ({ events }) => events), line('appends', ({ appends }) => appends)],
  },
  {
    title: 'Trouble per second',
    lines: [line('conflicts', ({ conflicts }) => conflicts), line('restarts', ({ restarts }) => restarts)],
  },
]

/** What the system does just now. */
export function OverviewPage() {
  useLive({ page: 'overview' }, {})
  const seen = useShared(samples)
  const now = seen.at(-1)
  return (
    <>
      <h1>Overview</h1>
      <dl class="figures">
        {figures.map(({ label, text, tone }) => (
          <div key={label} class="card figure">
            <dt>{label}</dt>
            <dd class={now === undefined ? 'plain' : (tone?.(now) ?? 'plain')}>
              {now === undefined ? '–' : text(now)}
            </dd>
          </div>
        ))}
      </dl>
      <div class="charts">
        {charts.map((chart) => (
          <LineChart key={chart.title} {...chart} samples={seen} />
        ))}
      </div>
    </>
  )
}
