import { kernelOf } from '../../src/machine/kernel-of.ts'
import { accountMachine } from '../account.ts'
import { type OpenBank, openBank, type StoreName } from '../accounts.ts'
import { collectGarbage, drive, repeat } from '../load.ts'
import { type Figure, median, printTable, rate } from '../table.ts'

/**
 * W1 and W2 of ENode's benchmarks on our stores: one command, one event, the bank's Deposit, from the first ask to
 * the last outcome. Every shape runs once in each round, so that a noisy machine is noisy for all of them.
 */
interface Shape {
  readonly store: StoreName
  readonly aggregates: number
  readonly outstanding: number
  readonly commands: number
}

const shapes: readonly Shape[] = [
  { store: 'memory', aggregates: 1_000, outstanding: 1_000, commands: 100_000 },
  { store: 'memory', aggregates: 1, outstanding: 1_000, commands: 100_000 },
  { store: 'memory', aggregates: 1_000, outstanding: 10_000, commands: 100_000 },
  { store: 'memory', aggregates: 8, outstanding: 1_000, commands: 100_000 },
  { store: 'memory', aggregates: 100_000, outstanding: 10_000, commands: 100_000 },
  { store: 'memory', aggregates: 1_000, outstanding: 1, commands: 20_000 },
  { store: 'embedded', aggregates: 1_000, outstanding: 1_000, commands: 100_000 },
  { store: 'embedded', aggregates: 1, outstanding: 1_000, commands: 100_000 },
  { store: 'embedded', aggregates: 1_000, outstanding: 10_000, commands: 100_000 },
  { store: 'embedded', aggregates: 100_000, outstanding: 10_000, commands: 100_000 },
  { store: 'embedded', aggregates: 1_000, outstanding: 1, commands: 2_000 },
]

const nameOf = ({ store, aggregates, outstanding }: Shape): string =>
  `${store}, ${aggregates.toLocaleString('en')} aggregates, ${outstanding.toLocaleString('en')} outstanding`

/** decide and evolve alone: no validation, no encoding, no promise. */
function kernelAlone(commands: number): number {
  const kernel = kernelOf(accountMachine)
  const states = Array.from({ length: 1_000 }, (_, nth) =>
    kernel.evolve(kernel.initial(`${nth}`), { type: 'Opened', owner: 'bench' } as never),
  )
  return repeat(commands, (nth) => {
    const state = states[nth % 1_000]!
    const emission = kernel.decide(state, { type: 'Deposit', amount: 1 } as never)
    if (emission.status === 'emitted') states[nth % 1_000] = kernel.evolve(state, emission.events[0]!)
  })
}

/** What a caller pays without any runtime: a loop of promises that are resolved a turn of the event loop later. */
async function promisesAlone(commands: number): Promise<number> {
  let waiting: (() => void)[] = []
  const later = (): Promise<void> =>
    new Promise((resolve) => {
      if (waiting.length === 0) {
        setImmediate(() => {
          const due = waiting
          waiting = []
          for (const settle of due) settle()
        })
      }
      waiting.push(resolve)
    })
  return (await drive(commands, 1_000, later)).perSecond
}

async function depositRate(bank: OpenBank, { aggregates, outstanding, commands }: Shape): Promise<number> {
  collectGarbage()
  const result = await drive(commands, outstanding, (nth) =>
    bank.accounts[nth % aggregates]!.ask({ type: 'Deposit', amount: 1 }),
  )
  return result.perSecond
}

export async function throughput(rounds: number): Promise<void> {
  const rates = new Map<string, number[]>()
  const note = (what: string, perSecond: number): void => {
    rates.set(what, [...(rates.get(what) ?? []), perSecond])
  }
  for (let round = 0; round <= rounds; round++) {
    // Round 0 warms up.
    const record = round === 0 ? () => undefined : note
    record('kernel', kernelAlone(200_000))
    record('promises', await promisesAlone(200_000))
    for (const shape of shapes) {
      const bank = await openBank(shape.store, shape.aggregates)
      record(nameOf(shape), await depositRate(bank, shape))
      await bank.close()
    }
  }
  const middle = (what: string): number => median(rates.get(what) ?? [])
  /** The median of the ratios round by round: what drifts between rounds drifts for both. */
  const ratio = (what: string, against: string): number =>
    median((rates.get(what) ?? []).map((value, round) => value / rates.get(against)![round]!))
  const main = nameOf(shapes[0]!)
  const against = (what: string, other: string, label: string, wanted?: Figure['wanted']): Figure => ({
    what,
    value: rate(middle(what)),
    against: `${label} ${rate(middle(other))}`,
    ratio: ratio(what, other),
    ...(wanted === undefined ? {} : { wanted }),
  })
  printTable(
    `Commands a second (median of ${rounds} rounds; deposits, one event each; kernel: ${kernelOf(accountMachine).engine.kind})`,
    [
      { what: 'kernel alone: decide + evolve', value: rate(middle('kernel')) },
      { what: 'a loop of promises alone, 1,000 outstanding', value: rate(middle('promises')) },
      against(main, 'kernel', 'kernel alone', { atLeast: 0.45 }),
      ...shapes.slice(1).map((shape): Figure => {
        const isHot = shape.store === 'memory' && shape.aggregates === 1
        const isDurable =
          shape.store === 'embedded' && shape.aggregates === 1_000 && shape.outstanding === 1_000
        const wanted = isHot ? { atLeast: 1 } : isDurable ? { atLeast: 0.8 } : undefined
        return against(nameOf(shape), main, 'memory, 1,000 / 1,000', wanted)
      }),
    ],
  )
}
