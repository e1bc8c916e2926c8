import { createHistogram } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { type OpenBank, openBank } from '../accounts.ts'
import type { HalfLoad, Latencies } from '../cases/latency.ts'
import { collectGarbage, drive } from '../load.ts'
import type { Percentiles } from '../percentiles.ts'
import { inputOf } from '../program.ts'
import { median } from '../table.ts'

/* Prints how long a caller waits while the system has half of the work that it can do. */

const { store, aggregates } = inputOf<HalfLoad>()
const seconds = 5
/** Asked before those that count, at the same rate: the code for small batches is compiled anew. */
const warmUpSeconds = 2

const deposit = (bank: OpenBank, nth: number): Promise<unknown> =>
  bank.accounts[nth % aggregates]!.ask({ type: 'Deposit', amount: 1 })

/** Commands a second when 1,000 callers ask again as soon as they are answered. */
async function peakOf(bank: OpenBank): Promise<number> {
  const rates: number[] = []
  for (let round = 0; round < 5; round++) {
    collectGarbage()
    rates.push((await drive(100_000, 1_000, (nth) => deposit(bank, nth))).perSecond)
  }
  return median(rates)
}

/**
 * Asks at a steady rate, whether the answers come or not, and counts from when a command was due, not from when it
 * could be asked: so a pause counts for all that it holds up.
 * @returns milliseconds.
 */
async function latenciesAt(bank: OpenBank, perSecond: number): Promise<Percentiles> {
  const histogram = createHistogram()
  const count = Math.round(perSecond * (warmUpSeconds + seconds))
  const counted = perSecond * warmUpSeconds
  const startedAt = performance.now()
  let open = count
  let allAnswered = (): void => undefined
  const end = new Promise<void>((resolve) => {
    allAnswered = resolve
  })
  for (let next = 0; next < count; ) {
    const due = Math.min(count, Math.floor(((performance.now() - startedAt) * perSecond) / 1_000))
    for (; next < due; next++) {
      const counts = next >= counted
      const dueAt = startedAt + (next * 1_000) / perSecond
      // Counted, not kept: so many promises would make the garbage collector's pauses the bench's own.
      void deposit(bank, next).then(() => {
        if (counts) histogram.record(Math.max(1, Math.round((performance.now() - dueAt) * 1e6)))
        if (--open === 0) allAnswered()
      })
    }
    // A loop without a pause would fill the young generation by itself, and take the processor from the disk's thread.
    await setTimeout(1)
  }
  await end
  return {
    p50: histogram.percentile(50) / 1e6,
    p99: histogram.percentile(99) / 1e6,
    max: histogram.max / 1e6,
  }
}

const bank = await openBank(store, aggregates)
const peak = await peakOf(bank)
const latencies: Latencies = { peak, ...(await latenciesAt(bank, peak / 2)) }
await bank.close()
console.log(JSON.stringify(latencies))
