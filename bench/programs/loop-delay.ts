import { monitorEventLoopDelay } from 'node:perf_hooks'
import { openBank } from '../accounts.ts'
import type { FullLoad } from '../cases/loop-delay.ts'
import { drive } from '../load.ts'
import type { Percentiles } from '../percentiles.ts'
import { inputOf } from '../program.ts'

/* Prints how long timers and I/O of the host process wait while the runtime works at its limit. */

const resolutionMs = 1

const { store, aggregates, outstanding } = inputOf<FullLoad>()
const bank = await openBank(store, aggregates)
const deposit = (count: number) =>
  drive(count, outstanding, (nth) => bank.accounts[nth % aggregates]!.ask({ type: 'Deposit', amount: 1 }))
await deposit(200_000)
const monitor = monitorEventLoopDelay({ resolution: resolutionMs })
monitor.enable()
await deposit(300_000)
monitor.disable()
await bank.close()
// The monitor counts its own period in.
const delays: Percentiles = {
  p50: monitor.percentile(50) / 1e6 - resolutionMs,
  p99: monitor.percentile(99) / 1e6 - resolutionMs,
  max: monitor.max / 1e6,
}
console.log(JSON.stringify(delays))
