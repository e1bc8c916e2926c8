import type { StoreName } from '../accounts.ts'
import { outputsOf } from '../program.ts'
import { type Figure, median, milliseconds, printTable, rate } from '../table.ts'

/** Half of what the system gets done, asked at a steady rate. */
export interface HalfLoad {
  readonly store: StoreName
  readonly aggregates: number
}

export interface Latencies {
  /** Commands a second when 1,000 callers ask again as soon as they are answered. */
  readonly peak: number
  /** Milliseconds from when a command was due, as the others. */
  readonly p50: number
  readonly p99: number
  readonly max: number
}

const aggregates = 1_000
const mostMs = 20

/** How long a caller waits while the system has half of the work that it can do. */
async function latencyOn(store: StoreName, processes: number): Promise<Figure> {
  const load: HalfLoad = { store, aggregates }
  const latencies = await outputsOf<Latencies>(processes, 'latency.ts', load)
  const middle = (part: keyof Latencies): number => median(latencies.map((latency) => latency[part]))
  const each = latencies.map(({ p99 }) => p99.toFixed(1)).join(', ')
  const max = Math.max(...latencies.map((latency) => latency.max))
  return {
    what: `${store}, ${rate(middle('peak') / 2)}: p99`,
    value: milliseconds(middle('p99')),
    against: `${mostMs} ms; of ${each}; p50 ${milliseconds(middle('p50'))}, max ${milliseconds(max)}; peak ${rate(middle('peak'))}`,
    ratio: middle('p99') / mostMs,
    ...(store === 'embedded' ? { wanted: { atMost: 1 } } : {}),
  }
}

export async function latency(processes: number): Promise<void> {
  const figures: Figure[] = []
  for (const store of ['memory', 'embedded'] as const) figures.push(await latencyOn(store, processes))
  printTable(
    `Latency at half of the peak rate (${aggregates.toLocaleString('en')} aggregates; median of ${processes} processes)`,
    figures,
  )
}
