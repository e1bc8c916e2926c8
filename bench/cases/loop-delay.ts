import type { StoreName } from '../accounts.ts'
import { outputsOf } from '../program.ts'
import { type Figure, median, milliseconds, printTable } from '../table.ts'

/** More commands under way than the runtime gets done in one go. */
export interface FullLoad {
  readonly store: StoreName
  readonly aggregates: number
  readonly outstanding: number
}

/** Milliseconds. */
export interface Delays {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

const mostMs = 20

/** How long timers and I/O of the host process wait while the runtime works at its limit. */
async function delayUnder(load: FullLoad, processes: number): Promise<Figure> {
  const delays = await outputsOf<Delays>(processes, 'loop-delay.ts', load)
  const p99 = median(delays.map((delay) => delay.p99))
  const each = delays.map((delay) => delay.p99.toFixed(1)).join(', ')
  const max = Math.max(...delays.map((delay) => delay.max))
  return {
    what: `${load.store}, ${load.aggregates.toLocaleString('en')} aggregates, ${load.outstanding.toLocaleString('en')} outstanding: p99`,
    value: milliseconds(p99),
    against: `${mostMs} ms; of ${each}; p50 ${milliseconds(median(delays.map((delay) => delay.p50)))}, max ${milliseconds(max)}`,
    ratio: p99 / mostMs,
    wanted: { atMost: 1 },
  }
}

export async function loopDelay(processes: number): Promise<void> {
  const figures: Figure[] = []
  for (const store of ['memory', 'embedded'] as const) {
    for (const aggregates of [1_000, 100_000]) {
      figures.push(await delayUnder({ store, aggregates, outstanding: 10_000 }, processes))
    }
  }
  printTable(`Delay of the event loop at full load (median of ${processes} processes)`, figures)
}
