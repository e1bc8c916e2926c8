import type { StoreName } from '../accounts.ts'
import { outputsOf } from '../program.ts'
import { type Figure, median, printTable } from '../table.ts'

/** Commands at a rate that leaves the processor time, so that a command waits for a few milliseconds only. */
export interface SteadyLoad {
  readonly store: StoreName
  readonly aggregates: number
  readonly perSecond: number
}

/**
 * What of a command outlives the collections of the young generation, although it is answered long before: it is copied
 * twice, and stays until the whole heap is marked. Whether V8 makes something in its old space (`src/young.ts`) is
 * decided anew by each process, so several are asked.
 */
export async function survivors(processes: number): Promise<void> {
  const figures: Figure[] = []
  for (const store of ['memory', 'embedded'] as const) {
    const load: SteadyLoad = { store, aggregates: 1_000, perSecond: 30_000 }
    const bytes = await outputsOf<number>(processes, 'survivors.ts', load)
    const most = Math.max(...bytes)
    figures.push({
      what: `${store}, 1,000 aggregates, 30,000 commands/s`,
      value: `${Math.round(most)} bytes`,
      against: `500 bytes; the most of ${processes} processes, median ${Math.round(median(bytes))}`,
      ratio: most / 500,
      wanted: { atMost: 1 },
    })
  }
  printTable('What of each command outlives minor collections', figures)
}
