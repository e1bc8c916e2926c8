import { memoryStore, type Settings, type StoreProvider, start } from 'reenact'
import { account } from '../accounts.ts'
import { collectGarbage } from '../load.ts'
import { bytes, type Figure, printTable } from '../table.ts'

const atOnce = 10_000
/** Nothing, as far as a heap can be measured. */
const passivatedAtMost = 16
const unbounded = {
  liveAggregates: Infinity,
  snapshotEvery: 0,
  passivateAfterMs: 0,
  // A collection of gigabytes on a busy machine is no reason to give up.
  timeoutMs: 600_000,
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

/** Heap of the context of such an aggregate alone, as a read of its event leaves it. */
async function heapOfContext(): Promise<number> {
  const count = 100_000
  const before = await settledHeap()
  const contexts = Array.from({ length: count }, () => JSON.parse('{"owner":"bench","balance":0}') as object)
  const each = ((await settledHeap()) - before) / count
  return contexts.length === count ? each : Number.NaN
}

/** Heap that stays of each aggregate that was loaded once, and passivated to make room for the next ones. */
async function heapOfEachPassivated(count: number): Promise<number> {
  const provider = memoryStore()
  await openAccounts(provider, count)
  const liveAggregates = 1_000
  const system = await start({
    aggregates: [account],
    store: provider,
    settings: { ...unbounded, liveAggregates },
  })
  const lookAt = async (many: number): Promise<number> => {
    await inBatches(many, (id) => system.get(account, id).state())
    // They leave in turns of their own, after the last look.
    while (system.metrics().live > liveAggregates) await new Promise((resolve) => setImmediate(resolve))
    return settledHeap()
  }
  // What stays live is there before, so that the difference is what the others leave behind.
  const before = await lookAt(count / 10)
  const each = ((await lookAt(count)) - before) / count
  await system.stop()
  return each
}

export async function idleMemory(count: number): Promise<void> {
  const figures: Figure[] = []
  const context = await heapOfContext()
  for (const [nactActors, without] of [
    ['kept', 2_560],
    ['onDemand', 1_024],
  ] as const) {
    const each = await heapOfEach(count, nactActors)
    const most = without + context
    figures.push({
      what: `live, nact actors ${nactActors}`,
      value: bytes(each),
      against: `${bytes(without)} and its context, ${bytes(context)}`,
      ratio: each / most,
      wanted: { atMost: 1 },
    })
  }
  const passivated = await heapOfEachPassivated(count / 10)
  figures.push({
    what: `passivated (${(count / 10).toLocaleString('en')} of them)`,
    value: bytes(passivated),
    against: bytes(passivatedAtMost),
    ratio: passivated / passivatedAtMost,
    wanted: { atMost: 1 },
  })
  printTable(
    `Heap of an idle aggregate (${count.toLocaleString('en')} of them; context, state and place in the registry included)`,
    figures,
  )
}
