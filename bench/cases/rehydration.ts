import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open as openLmdb } from 'lmdb'
import { start } from 'reenact'
import { account, freshStore, type StoreName } from '../accounts.ts'
import { drive } from '../load.ts'
import { bytesOfEvent } from '../store.ts'
import { type Figure, milliseconds, printTable, rate } from '../table.ts'

const events = 100_000
/** Events a second from memory. */
const promised = 1_000_000

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

/** As many records of as many bytes in a bare lmdb log, gone through once. */
async function bareLog(): Promise<{ scan: () => number; dispose: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'reenact-bench-'))
  const log = openLmdb<Buffer, number>({ path: folder, encoding: 'binary' })
  const record = Buffer.alloc(bytesOfEvent(), 'x')
  for (let nth = 0; nth < events; nth++) void log.put(nth, record)
  await log.flushed
  return {
    scan: () => {
      const startedAt = performance.now()
      let found = 0
      for (const { value } of log.getRange({})) if (value.length > 0) found++
      if (found !== events) throw new Error(`${found} records.`)
      return (performance.now() - startedAt) / 1000
    },
    dispose: async () => {
      await log.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The quickest of the rounds, which take turns: what a busy machine adds differs from round to round. */
export async function rehydration(rounds: number): Promise<void> {
  const figures: Figure[] = []
  const bare = await bareLog()
  for (const store of ['memory', 'embedded'] as const) {
    const plain = await fill(store, 0)
    const withSnapshots = await fill(store, 10_000)
    const slow: number[] = []
    const quick: number[] = []
    const scans: number[] = []
    for (let round = 0; round < rounds; round++) {
      scans.push(bare.scan())
      slow.push(await rehydrate(plain.provider, 0))
      quick.push(await rehydrate(withSnapshots.provider, 10_000))
    }
    await plain.dispose()
    await withSnapshots.dispose()
    const [all, some, scan] = [slow, quick, scans].map((taken) => Math.min(...taken)) as [
      number,
      number,
      number,
    ]
    figures.push(
      store === 'memory'
        ? {
            what: 'memory, from the start',
            value: rate(events / all),
            against: rate(promised),
            ratio: events / all / promised,
            wanted: { atLeast: 1 },
          }
        : {
            what: 'embedded, from the start',
            value: rate(events / all),
            against: `a bare scan of an lmdb log ${rate(events / scan)}`,
            ratio: scan / all,
            wanted: { atLeast: 0.5 },
          },
      {
        what: `${store}, with a snapshot every 10,000 events`,
        value: milliseconds(some * 1000),
        against: `from the start ${milliseconds(all * 1000)}`,
        ratio: some / all,
      },
    )
  }
  await bare.dispose()
  printTable(
    `Rehydration of an aggregate with ${events.toLocaleString('en')} events (quickest of ${rounds})`,
    figures,
  )
}
