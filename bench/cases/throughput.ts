import type { Engine } from 'reenact'
import { kernelOf } from '../../src/machine/kernel-of.ts'
import { accountMachine, depositSchemas } from '../account.ts'
import { barePartsPerSecond, type Deposits, depositsPerSecond } from '../deposits.ts'
import { drive, quickestOf, repeat } from '../load.ts'
import { type Figure, median, printTable, rate } from '../table.ts'

/**
 * W1 and W2 of ENode's benchmarks on our stores: one command, one event, the bank's Deposit, from the first ask to
 * the last outcome. Every shape runs once in each round, so that a noisy machine is noisy for all of them.
 */
interface Shape extends Omit<Deposits, 'engine' | 'warmUp' | 'stretches'> {
  /** Default: compiled. */
  readonly engine?: Engine['kind']
}

/** Each figure of a round is the quickest of so many: what a busy machine does to the others is not theirs. */
const stretches = 5

/** Every step taken by xstate itself: what the runtime costs beside an interpreter, and durability beside that. */
const interpreted: Shape = {
  engine: 'interpreted',
  store: 'memory',
  aggregates: 1_000,
  outstanding: 1_000,
  commands: 25_000,
}
const interpretedDurable: Shape = { ...interpreted, store: 'embedded' }

/** What the others are held against. */
const mainShape: Shape = { store: 'memory', aggregates: 1_000, outstanding: 1_000, commands: 100_000 }

/** The runtime alone: nothing is kept. */
const forgetful: Shape = { ...mainShape, store: 'forgetful' }

/** What it costs that there are many aggregates is one thing, that many commands are under way another. */
const manyUnderWay: Shape = { ...mainShape, outstanding: 10_000 }
const manyOfMany: Shape = { ...manyUnderWay, aggregates: 100_000 }

const otherShapes: readonly Shape[] = [
  { store: 'memory', aggregates: 1, outstanding: 1_000, commands: 100_000 },
  manyUnderWay,
  { store: 'memory', aggregates: 8, outstanding: 1_000, commands: 100_000 },
  { store: 'memory', aggregates: 100_000, outstanding: 1_000, commands: 100_000 },
  manyOfMany,
  { store: 'memory', aggregates: 1_000, outstanding: 1, commands: 10_000 },
  { store: 'embedded', aggregates: 1_000, outstanding: 1_000, commands: 100_000 },
  { store: 'embedded', aggregates: 1, outstanding: 1_000, commands: 100_000 },
  { store: 'embedded', aggregates: 1_000, outstanding: 10_000, commands: 100_000 },
  { store: 'embedded', aggregates: 100_000, outstanding: 10_000, commands: 100_000 },
  { store: 'embedded', aggregates: 1_000, outstanding: 1, commands: 1_000 },
]

const measured = (shape: Shape): Deposits => ({
  engine: 'compiled',
  warmUp: shape.commands * 6,
  stretches,
  ...shape,
})

const nameOf = ({ engine, store, aggregates, outstanding }: Shape): string =>
  `${engine === 'interpreted' ? 'interpreted, ' : ''}${store}, ${aggregates.toLocaleString('en')} aggregates, ${outstanding.toLocaleString('en')} outstanding`

/** decide and evolve alone: no validation, no encoding, no promise. */
function kernelAlone(engine: Engine['kind'], commands: number): number {
  const kernel = kernelOf(accountMachine, engine)
  const states = Array.from({ length: 1_000 }, (_, nth) =>
    kernel.evolve(kernel.initial(`${nth}`), { type: 'Opened', owner: 'bench' } as never),
  )
  return repeat(commands, (nth) => {
    const state = states[nth % 1_000]!
    const emission = kernel.decide(state, { type: 'Deposit', amount: 1 } as never)
    if (emission.status === 'emitted') states[nth % 1_000] = kernel.evolve(state, emission.events[0]!)
  })
}

/** The schemas of a command and of its event alone: no copy, no encoding. */
function validationAlone(commands: number): number {
  return repeat(commands, (nth) => {
    for (const schema of depositSchemas) {
      const result = schema['~standard'].validate({ amount: (nth % 1_000) + 1 })
      if (result instanceof Promise || result.issues !== undefined) throw new Error('a deposit was refused')
    }
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

/** What a part does once it is warm: V8 gives up the code of what has rested for a while. */
async function warm(part: () => number | Promise<number>): Promise<number> {
  await part()
  return quickestOf(stretches, part)
}

export async function throughput(rounds: number): Promise<void> {
  const rates = new Map<string, number[]>()
  const note = (what: string, perSecond: number): void => {
    rates.set(what, [...(rates.get(what) ?? []), perSecond])
  }
  for (let round = 0; round < rounds; round++) {
    note('compiled', await warm(() => kernelAlone('compiled', 200_000)))
    note('validation', await warm(() => validationAlone(200_000)))
    note('interpreted', await warm(() => kernelAlone('interpreted', 20_000)))
    note('promises', await warm(() => promisesAlone(200_000)))
    note('parts, forgetful', await barePartsPerSecond(measured(forgetful)))
    note('parts', await barePartsPerSecond(measured(mainShape)))
    for (const shape of [forgetful, mainShape, ...otherShapes, interpreted, interpretedDurable]) {
      note(nameOf(shape), await depositsPerSecond(measured(shape)))
    }
  }
  const middle = (what: string): number => median(rates.get(what) ?? [])
  /** The median of the ratios round by round: what drifts between rounds drifts for both. */
  const ratio = (what: string, against: string): number =>
    median((rates.get(what) ?? []).map((value, round) => value / rates.get(against)![round]!))
  const main = nameOf(mainShape)
  const against = (what: string, other: string, label: string, wanted?: Figure['wanted']): Figure => ({
    what,
    value: rate(middle(what)),
    against: `${label} ${rate(middle(other))}`,
    ratio: ratio(what, other),
    wanted,
  })
  /** What a way of doing it adds to kernel and validation, in loops of bare promises. */
  const addedBy = (what: string): number =>
    median(
      rates.get(what)!.map((value, round) => {
        const seconds = (part: string): number => 1 / rates.get(part)![round]!
        return (1 / value - seconds('compiled') - seconds('validation')) / seconds('promises')
      }),
    )
  const addition = (what: string, of: string, wanted?: Figure['wanted']): Figure => {
    const added = addedBy(of)
    return {
      what,
      value: `${added.toFixed(1)} promises`,
      against: 'one promise of the loop',
      ratio: added,
      wanted,
    }
  }
  printTable(
    `Commands a second (median of ${rounds} rounds, each the quickest of ${stretches} stretches; deposits, one event each)`,
    [
      { what: 'compiled kernel alone: decide + evolve', value: rate(middle('compiled')) },
      { what: 'validation alone: the schemas of command and event', value: rate(middle('validation')) },
      { what: 'interpreted kernel alone', value: rate(middle('interpreted')) },
      { what: 'a loop of promises alone, 1,000 outstanding', value: rate(middle('promises')) },
      against(nameOf(interpreted), 'interpreted', 'interpreted kernel alone', { atLeast: 0.45 }),
      against(nameOf(interpretedDurable), nameOf(interpreted), 'the same on memory', { atLeast: 0.8 }),
      against(main, 'compiled', 'compiled kernel alone'),
      addition('what the runtime adds to kernel and validation', main, { atMost: 6 }),
      against(main, 'parts', 'its parts alone, without it'),
      addition('what its parts alone add', 'parts'),
      against(nameOf(forgetful), main, 'memory, 1,000 / 1,000'),
      addition('what the runtime adds where nothing is kept', nameOf(forgetful)),
      against(nameOf(forgetful), 'parts, forgetful', 'its parts alone, without it'),
      addition('what its parts alone add where nothing is kept', 'parts, forgetful'),
      ...otherShapes.map(
        (shape): Figure => against(nameOf(shape), main, 'memory, 1,000 / 1,000', wantedOf(shape)),
      ),
      against(nameOf(manyOfMany), nameOf(manyUnderWay), 'memory, 1,000 / 10,000', { atLeast: 0.4 }),
    ],
  )
}

function wantedOf({ store, aggregates, outstanding }: Shape): Figure['wanted'] {
  if (outstanding !== 1_000) return undefined
  if (store === 'memory' && aggregates === 1) return { atLeast: 1.5 }
  if (store === 'memory' && aggregates === 100_000) return { atLeast: 0.4 }
  return undefined
}
