import { memoryStore, type Settings, type StoreProvider, start } from 'reenact'
import { account } from '../accounts.ts'
import { collectGarbage } from '../load.ts'
import { bytes, type Figure, printTable } from '../table.ts'

const atOnce = 10_000
const unbounded = {
  liveAggregates: Infinity,
  snapshotEvery: 0,
  passivateAfterMs: 0,
} satisfies Partial<Settings>

async function settledHeap(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    collectGarbage()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

async function inBatches(count: number, call: (id: string) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += atOnce) {
    const calls = Array.from({ length: Math.min(atOnce, count - from) }, (_, nth) =>
      call(`account-${from + nth}`),
    )
    await Promise.all(calls)
  }
}

/** By another system, and before, so that what the store keeps is not counted. */
async function openAccounts(provider: StoreProvider, count: number): Promise<void> {
  const system = await start({ aggregates: [account], store: provider, settings: unbounded })
  await inBatches(count, (id) => system.get(account, id).ask({ type: 'Open', owner: 'bench' }))
  await system.stop()
}

/** Heap of live aggregates at rest, each with one event; they are loaded by a look at their state. */
async function heapOfEach(count: number, nactActors: Settings['nactActors']): Promise<number> {
  const provider = memoryStore()
  await openAccounts(provider, count)
  const before = await settledHeap()
  const system = await start({
    aggregates: [account],
    store: provider,
    settings: { ...unbounded, nactActors },
  })
  await inBatches(count, (id) => system.get(account, id).state())
  const each = ((await settledHeap()) - before) / count
  if (system.metrics().live !== count) throw new Error(`${system.metrics().live} of ${count} are live.`)
  await system.stop()
  return each
}

export async function idleMemory(count: number): Promise<void> {
  const figures: Figure[] = []
  for (const [nactActors, most] of [
    ['kept', 2_560],
    ['onDemand', 1_024],
  ] as const) {
    const each = await heapOfEach(count, nactActors)
    figures.push({
      what: `nact actors ${nactActors}`,
      value: bytes(each),
      against: bytes(most),
      ratio: each / most,
      wanted: { atMost: 1 },
    })
  }
  printTable(
    `Heap of an idle live aggregate (${count.toLocaleString('en')} of them; context, state and place in the registry included)`,
    figures,
  )
}
