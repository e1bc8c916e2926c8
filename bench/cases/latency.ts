import type { StoreName } from '../accounts.ts'
import { middleP99, type Percentiles } from '../percentiles.ts'
import { outputsOf } from '../program.ts'
import { type Figure, median, printTable, rate } from '../table.ts'

/** Half of what the system gets done, asked at a steady rate. */
export interface HalfLoad {
  readonly store: StoreName
  readonly aggregates: number
}

/** From when a command was due. */
export interface Latencies extends Percentiles {
  /** Commands a second when 1,000 callers ask again as soon as they are answered. */
  readonly peak: number
}

const aggregates = 1_000

/** How long a caller waits while the system has half of the work that it can do. */
async function latencyOn(store: StoreName, processes: number): Promise<Figure> {
  const load: HalfLoad = { store, aggregates }
  const latencies = await outputsOf<Latencies>(processes, 'latency.ts', load)
  const peak = median(latencies.map((latency) => latency.peak))
  const p99 = middleP99(latencies, 20)
  return {
    what: `${store}, ${rate(peak / 2)}: p99`,
    ...p99,
    against: `${p99.against}; peak ${rate(peak)}`,
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
