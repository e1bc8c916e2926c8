import { start } from 'reenact'
import { account, freshStore } from '../accounts.ts'
import { drive } from '../load.ts'
import { type Figure, median, milliseconds, printTable } from '../table.ts'

const events = 100_000
const snapshotEvery = 1_000
/** What was promised: the ratio to it must be at most 1. */
const promisedMs = 100

/**
 * The revisions that are asked for. Few of the older snapshots are kept, and the widest gap between two is where the
 * newest begin. The middle stands for a click somewhere on a slider.
 */
const moments = [
  { name: 'between the newest snapshots', revision: 98_600 },
  { name: 'in the middle', revision: 50_000 },
  { name: 'as far from a snapshot as can be', revision: 97_500 },
]

/** The state of an account at a revision of its 100,000, with the snapshots that a store keeps by itself. */
export async function timeTravel(rounds: number): Promise<void> {
  const figures: Figure[] = []
  for (const store of ['memory', 'embedded'] as const) {
    const { provider, dispose } = await freshStore(store)
    const system = await start({ aggregates: [account], store: provider, settings: { snapshotEvery } })
    const reference = system.get(account, 'long')
    await reference.ask({ type: 'Open', owner: 'bench' })
    await drive(events - 1, 1_000, () => reference.ask({ type: 'Deposit', amount: 1 }))
    const { recordedAt } = await eventOf(system, 50_000)
    for (const { name, revision } of moments) {
      const taken = await times(rounds, async () => {
        const { context } = await system.at(account, 'long', { revision })
        if (context.balance !== revision) throw new Error(`Wrong state at ${revision}.`)
      })
      figures.push(figureOf(`${store}, ${name}`, taken))
    }
    const taken = await times(rounds, () => system.at(account, 'long', { time: recordedAt }))
    figures.push(figureOf(`${store}, at the time of the middle`, taken))
    await system.stop()
    await dispose()
  }
  printTable(`The state at a moment of ${events.toLocaleString('en')} events`, figures)
}

async function eventOf(system: Awaited<ReturnType<typeof start>>, revision: number) {
  for await (const { event } of system.history(account, 'long', { from: revision, limit: 1 })) return event
  throw new Error(`There is no revision ${revision}.`)
}

async function times(rounds: number, travel: () => Promise<unknown>): Promise<readonly number[]> {
  const taken: number[] = []
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now()
    await travel()
    taken.push(performance.now() - startedAt)
  }
  return taken
}

function figureOf(what: string, taken: readonly number[]): Figure {
  const typical = median(taken)
  return {
    what,
    value: milliseconds(typical),
    against: `${promisedMs} ms`,
    ratio: typical / promisedMs,
    wanted: { atMost: 1 },
  }
}
