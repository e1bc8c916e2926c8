import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { StoreName } from '../accounts.ts'
import { depositsPerSecond } from '../deposits.ts'
import { type Figure, printTable, rate } from '../table.ts'

const folder = join(import.meta.dirname, '..', 'emmett')

/** One workload on both: deposits, each one command with one event, on open accounts. */
interface Workload {
  readonly name: string
  readonly emmett: 'memory' | 'sqlite' | 'hot'
  readonly store: StoreName
  readonly accounts: number
  /** On Emmett, which slows down with every further one. */
  readonly commands: number
  readonly wanted: number
}

const workloads: readonly Workload[] = [
  {
    name: 'memory, 1,000 accounts',
    emmett: 'memory',
    store: 'memory',
    accounts: 1_000,
    commands: 20_000,
    wanted: 10,
  },
  {
    name: 'durable, 1,000 accounts',
    emmett: 'sqlite',
    store: 'embedded',
    accounts: 1_000,
    commands: 5_000,
    wanted: 30,
  },
  {
    name: 'memory, one hot account',
    emmett: 'hot',
    store: 'memory',
    accounts: 1,
    commands: 10_000,
    wanted: 300,
  },
]

/** Commands under way here: few are kind to the garbage collector, many fill the batches of a disk. */
const underWayHere = [100, 1_000] as const

/** Here a command costs what the first one did, and so few would be over before a busy machine shows its mean. */
const timesAsMany = 8

interface Result {
  readonly underWay: number
  readonly perSecond: number
}

interface EmmettResult extends Result {
  readonly failed: number
}

async function emmett({ emmett: kind, commands }: Workload): Promise<readonly EmmettResult[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['main.mjs', kind, String(commands)], {
    cwd: folder,
  })
  return JSON.parse(stdout) as readonly EmmettResult[]
}

async function reenact({ store, accounts, commands }: Workload): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const underWay of underWayHere) {
    const perSecond = await depositsPerSecond({
      engine: 'compiled',
      store,
      aggregates: accounts,
      outstanding: underWay,
      warmUp: commands * timesAsMany * 3,
      commands: commands * timesAsMany,
      // As there: the mean, and not the quickest.
      stretches: 1,
    })
    results.push({ underWay, perSecond })
  }
  return results
}

/** Against Emmett, each at the number of commands under way that suits it best, the same commands, in turn. */
export async function emmettComparison(rounds: number): Promise<void> {
  if (!existsSync(join(folder, 'node_modules', '@event-driven-io', 'emmett'))) {
    console.log(
      '\nAgainst Emmett: not installed. Install it with `npm ci --prefix bench/emmett`, then run this again.',
    )
    return
  }
  const figures: Figure[] = []
  for (const workload of workloads) {
    const own: Result[] = []
    const theirs: EmmettResult[] = []
    try {
      for (let round = 0; round < rounds; round++) {
        own.push(...(await reenact(workload)))
        const results = await emmett(workload)
        theirs.push(results.reduce(quicker))
      }
    } catch (error) {
      console.log(`\n${workload.name}: Emmett does not run here: ${reasonOf(error)}`)
      continue
    }
    const quickest = theirs.reduce(quicker)
    const here = own.reduce(quicker)
    const failed = theirs.reduce((sum, { failed: count }) => sum + count, 0)
    figures.push({
      what: `${workload.name}, ${workload.commands.toLocaleString('en')} deposits`,
      value: `${rate(here.perSecond)} with ${here.underWay.toLocaleString('en')} under way`,
      against: `Emmett ${rate(quickest.perSecond)} with ${quickest.underWay} under way${failed > 0 ? `, ${failed} failed` : ''}`,
      ratio: here.perSecond / quickest.perSecond,
      wanted: { atLeast: workload.wanted },
    })
  }
  printTable(`Against Emmett (quickest of ${rounds} rounds of each)`, figures)
}

function quicker<R extends Result>(one: R, other: R): R {
  return other.perSecond > one.perSecond ? other : one
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return (
    text
      .split('\n')
      .find((line) => line.includes('Error:'))
      ?.trim() ?? text
  )
}
