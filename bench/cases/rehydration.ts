import { start } from 'reenact'
import { account, freshStore, type StoreName } from '../accounts.ts'
import { drive } from '../load.ts'
import { type Figure, median, milliseconds, printTable, rate } from '../table.ts'

const events = 100_000

async function fill(store: StoreName, snapshotEvery: number) {
  const { provider, dispose } = await freshStore(store)
  const system = await start({ aggregates: [account], store: provider, settings: { snapshotEvery } })
  const reference = system.get(account, 'long')
  await reference.ask({ type: 'Open', owner: 'bench' })
  await drive(events - 1, 1_000, () => reference.ask({ type: 'Deposit', amount: 1 }))
  await system.stop()
  return { provider, dispose }
}

/** Seconds from a new system to the state of an aggregate with 100,000 events; checks the state. */
async function rehydrate(
  provider: Awaited<ReturnType<typeof fill>>['provider'],
  snapshotEvery: number,
): Promise<number> {
  const system = await start({ aggregates: [account], store: provider, settings: { snapshotEvery } })
  const startedAt = performance.now()
  const { revision, context } = await system.get(account, 'long').state()
  const seconds = (performance.now() - startedAt) / 1000
  await system.stop()
  if (revision !== events - 1 || context.balance !== events - 1)
    throw new Error(`Wrong state at ${revision}.`)
  return seconds
}

export async function rehydration(rounds: number): Promise<void> {
  const figures: Figure[] = []
  for (const store of ['memory', 'embedded'] as const) {
    const plain = await fill(store, 0)
    const withSnapshots = await fill(store, 10_000)
    const slow: number[] = []
    const quick: number[] = []
    for (let round = 0; round < rounds; round++) {
      slow.push(await rehydrate(plain.provider, 0))
      quick.push(await rehydrate(withSnapshots.provider, 10_000))
    }
    await plain.dispose()
    await withSnapshots.dispose()
    figures.push(
      {
        what: `${store}, from the start`,
        value: rate(events / median(slow)),
        against: `${milliseconds(median(slow) * 1000)} in all`,
      },
      {
        what: `${store}, with a snapshot every 10,000 events`,
        value: milliseconds(median(quick) * 1000),
        against: 'from the start',
        ratio: median(quick) / median(slow),
      },
    )
  }
  printTable(`Rehydration of an aggregate with ${events.toLocaleString('en')} events`, figures)
}
