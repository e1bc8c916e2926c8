import { type HeapProfiler, Session } from 'node:inspector/promises'
import { setTimeout } from 'node:timers/promises'
import { openBank } from '../accounts.ts'
import type { SteadyLoad } from '../cases/survivors.ts'
import { inputOf } from '../program.ts'

/* Prints how many bytes of each command outlive the minor collections, as V8's sampling heap profiler sees it. */

const { store, perSecond, aggregates } = inputOf<SteadyLoad>()
const bank = await openBank(store, aggregates)

/** @returns how many were asked. */
async function askFor(seconds: number): Promise<number> {
  const startedAt = performance.now()
  let asked = 0
  for (let passed = 0; passed < seconds; passed = (performance.now() - startedAt) / 1_000) {
    for (; asked < passed * perSecond; asked++) {
      void bank.accounts[asked % aggregates]!.ask({ type: 'Deposit', amount: 1 })
    }
    await setTimeout(1)
  }
  return asked
}

await askFor(2)
const session = new Session()
session.connect()
const options = {
  samplingInterval: 4_096,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: false,
}
await session.post('HeapProfiler.startSampling', options)
const asked = await askFor(3)
const { profile } = await session.post('HeapProfiler.stopSampling')
const bytesOf = ({ selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number =>
  children.reduce((sum, child) => sum + bytesOf(child), selfSize)
console.log(bytesOf(profile.head) / asked)
await bank.close()
