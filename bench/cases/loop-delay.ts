import { monitorEventLoopDelay } from 'node:perf_hooks'
import { openBank, type StoreName } from '../accounts.ts'
import { drive } from '../load.ts'
import { type Figure, milliseconds, printTable } from '../table.ts'

const resolutionMs = 1

/** How long timers and I/O of the host process wait while the runtime works at its limit. */
async function delayAt(store: StoreName, aggregates: number): Promise<Figure> {
  const bank = await openBank(store, aggregates)
  const deposit = (count: number) =>
    drive(count, 10_000, (nth) => bank.accounts[nth % aggregates]!.ask({ type: 'Deposit', amount: 1 }))
  await deposit(50_000)
  const monitor = monitorEventLoopDelay({ resolution: resolutionMs })
  monitor.enable()
  await deposit(300_000)
  monitor.disable()
  await bank.close()
  // The monitor counts its own period in.
  const p99 = monitor.percentile(99) / 1e6 - resolutionMs
  return {
    what: `${store}, ${aggregates.toLocaleString('en')} aggregates, 10,000 outstanding: p99`,
    value: milliseconds(p99),
    against: `20 ms; p50 ${milliseconds(monitor.percentile(50) / 1e6 - resolutionMs)}, max ${milliseconds(monitor.max / 1e6)}`,
    ratio: p99 / 20,
    wanted: { atMost: 1 },
  }
}

export async function loopDelay(): Promise<void> {
  const figures: Figure[] = []
  for (const store of ['memory', 'embedded'] as const) {
    for (const aggregates of [1_000, 100_000]) figures.push(await delayAt(store, aggregates))
  }
  printTable('Delay of the event loop at full load', figures)
}
