import type { StoreName } from '../accounts.ts'
import { middleP99, type Percentiles } from '../percentiles.ts'
import { outputsOf } from '../program.ts'
import { type Figure, printTable } from '../table.ts'

/** More commands under way than the runtime gets done in one go. */
export interface FullLoad {
  readonly store: StoreName
  readonly aggregates: number
  readonly outstanding: number
}

/** How long timers and I/O of the host process wait while the runtime works at its limit. */
async function delayUnder(load: FullLoad, processes: number): Promise<Figure> {
  const delays = await outputsOf<Percentiles>(processes, 'loop-delay.ts', load)
  return {
    what: `${load.store}, ${load.aggregates.toLocaleString('en')} aggregates, ${load.outstanding.toLocaleString('en')} outstanding: p99`,
    ...middleP99(delays, 20),
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
