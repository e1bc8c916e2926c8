import { memoryStore, start } from 'reenact'
import { account } from '../accounts.ts'
import { collectGarbage } from '../load.ts'
import { bytes, printTable } from '../table.ts'

async function settledHeap(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    collectGarbage()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/**
 * Heap of live aggregates at rest, each after its first command. The store is filled by another system before, so
 * that what it keeps is not counted; the live ones are loaded by a look at their state.
 */
export async function idleMemory(count: number): Promise<void> {
  const provider = memoryStore()
  const settings = { liveAggregates: 2_000_000, snapshotEvery: 0, passivateAfterMs: 0 }
  const writer = await start({ aggregates: [account], store: provider, settings })
  for (let from = 0; from < count; from += 10_000) {
    await Promise.all(
      Array.from({ length: Math.min(10_000, count - from) }, (_, nth) =>
        writer.get(account, `account-${from + nth}`).ask({ type: 'Open', owner: 'bench' }),
      ),
    )
  }
  await writer.stop()
  const system = await start({ aggregates: [account], store: provider, settings })
  const before = await settledHeap()
  for (let from = 0; from < count; from += 10_000) {
    await Promise.all(
      Array.from({ length: Math.min(10_000, count - from) }, (_, nth) =>
        system.get(account, `account-${from + nth}`).state(),
      ),
    )
  }
  const each = ((await settledHeap()) - before) / count
  const live = system.metrics().live
  await system.stop()
  printTable(`Heap of an idle live aggregate (${live.toLocaleString('en')} of them, context included)`, [
    { what: 'each', value: bytes(each), against: '2,560 B', ratio: each / 2_560, wanted: { atMost: 1 } },
  ])
}
