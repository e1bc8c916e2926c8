import { setTimeout as pause } from 'node:timers/promises'
import { eventStoreDB } from 'reenact/eventstoredb'
import { foreignWriter } from '../../src/testing/foreign-writer.ts'
import { DoubleProcess } from '../../test/support/eventstoredb/double-process.ts'
import { type OpenBank, openBankOn } from '../eventstoredb/bank.ts'
import { BareLoop } from '../eventstoredb/bare-loop.ts'
import { mainThreadCpu } from '../eventstoredb/main-thread-cpu.ts'
import { collectGarbage, drive } from '../load.ts'
import { type Figure, median, milliseconds, printTable, rate } from '../table.ts'

const commands = 20_000
const outstanding = 1_000
/** Where the bare loop is at its best differs from machine to machine, so it has its choice. */
const bareOutstanding = [64, 250, 1_000, 4_000]

interface Measured {
  readonly perSecond: number
  /** Microseconds of the main thread for each command. */
  readonly mainCpu: number
}

type Run = () => Promise<{ perSecond: number }>

interface Taken {
  /** The median over the rounds. */
  middle(name: string, value: keyof Measured): number
  /** The median of the ratios round by round: what drifts between rounds drifts for both. */
  ratio(name: string, to: string, value: keyof Measured): number
}

/** Each once in every round, after one that warms up. */
async function inTurn(shapes: ReadonlyMap<string, Run>, rounds: number): Promise<Taken> {
  const taken = new Map([...shapes.keys()].map((name) => [name, [] as Measured[]]))
  for (let round = -1; round < rounds; round++) {
    for (const [name, run] of shapes) {
      const result = await measured(commands, run)
      if (round >= 0) taken.get(name)!.push(result)
    }
  }
  const of = (name: string, value: keyof Measured) => taken.get(name)!.map((one) => one[value])
  return {
    middle: (name, value) => median(of(name, value)),
    ratio: (name, to, value) => median(of(name, value).map((one, round) => one / of(to, value)[round]!)),
  }
}

async function measured(count: number, run: Run): Promise<Measured> {
  collectGarbage()
  const before = mainThreadCpu()
  const { perSecond } = await run()
  return { perSecond, mainCpu: ((mainThreadCpu() ?? Number.NaN) - (before ?? 0)) / count }
}

function deposits(bank: OpenBank, aggregates: number, count = commands): Promise<{ perSecond: number }> {
  return drive(count, outstanding, (nth) =>
    bank.accounts[nth % aggregates]!.ask({ type: 'Deposit', amount: 1 }),
  )
}

/** The bank against a bare loop of the client, in turn, so that a busy machine slows both. */
async function against(connectionString: string, rounds: number): Promise<readonly Figure[]> {
  const store = eventStoreDB({ connectionString })
  const bank = await openBankOn(store, outstanding)
  const bare = new BareLoop(connectionString)
  await bare.warm()
  const foreign = await foreignWriter(store)
  const shapes: ReadonlyMap<string, Run> = new Map([
    ...bareOutstanding.map((inFlight): [string, Run] => [
      bareName(inFlight),
      () => bare.run(commands, inFlight),
    ]),
    ['bank', () => deposits(bank, outstanding)],
    ['hot', () => deposits(bank, 10)],
  ])
  const taken = await inTurn(shapes, rounds)
  const latency = await latencyAt(bank, taken.middle('bank', 'perSecond') / 2)
  // Apart from the others: an aggregate that lost against somebody else may still be busy with it.
  const disturbed = await inTurn(
    new Map([
      ['undisturbed', () => deposits(bank, outstanding)],
      ['disturbed', () => disturbedDeposits(bank, foreign)],
    ]),
    rounds,
  )
  await foreign.close()
  await bare.close()
  await bank.close()

  const { middle, ratio } = taken
  const best = bareOutstanding
    .map(bareName)
    .reduce((one, other) => (middle(one, 'perSecond') >= middle(other, 'perSecond') ? one : other))

  const bareRate = `bare loop ${rate(middle(best, 'perSecond'))}`
  return [
    { what: `${best}, its best`, value: rate(middle(best, 'perSecond')) },
    {
      what: '1,000 aggregates, 1,000 outstanding',
      value: rate(middle('bank', 'perSecond')),
      against: bareRate,
      ratio: ratio('bank', best, 'perSecond'),
      wanted: { atLeast: 0.95 },
    },
    {
      what: '10 hot aggregates, 1,000 outstanding',
      value: rate(middle('hot', 'perSecond')),
      against: bareRate,
      ratio: ratio('hot', best, 'perSecond'),
      wanted: { atLeast: 3 },
    },
    {
      what: 'main thread CPU of a command',
      value: `${middle('bank', 'mainCpu').toFixed(1)} µs`,
      against: `bare loop ${middle(best, 'mainCpu').toFixed(1)} µs`,
      ratio: ratio('bank', best, 'mainCpu'),
      wanted: { atMost: 0.5 },
    },
    {
      what: 'with 1% foreign writes',
      value: rate(disturbed.middle('disturbed', 'perSecond')),
      against: 'without any',
      ratio: disturbed.ratio('disturbed', 'undisturbed', 'perSecond'),
    },
    ...latency,
  ]
}

const bareName = (inFlight: number): string =>
  `bare loop of the client, ${inFlight.toLocaleString('en')} in flight`

type ForeignWriter = Awaited<ReturnType<typeof foreignWriter>>

function disturbedDeposits(bank: OpenBank, foreign: ForeignWriter): Promise<{ perSecond: number }> {
  return drive(commands, outstanding, async (nth) => {
    if (nth % 100 === 0) await disturb(foreign, bank.streams[nth % outstanding]!)
    return bank.accounts[nth % outstanding]!.ask({ type: 'Deposit', amount: 1 })
  })
}

/** Somebody else writes to the stream of an account; a conflict with our own appends is as good. */
async function disturb(foreign: ForeignWriter, stream: string): Promise<void> {
  await foreign.write(stream, [{ type: 'Deposited', amount: 1 }]).catch(() => undefined)
}

/** From ask to outcome, when commands arrive evenly at this rate. */
async function latencyAt(bank: OpenBank, perSecond: number): Promise<readonly Figure[]> {
  const tickMs = 5
  const each = Math.max(1, Math.round((perSecond * tickMs) / 1000))
  const latencies: number[] = []
  const asked: Promise<void>[] = []
  const startedAt = performance.now()
  for (let tick = 0; tick < 600; tick++) {
    for (let nth = 0; nth < each; nth++) {
      const askedAt = performance.now()
      const reference = bank.accounts[(tick * each + nth) % bank.accounts.length]!
      const note = () => void latencies.push(performance.now() - askedAt)
      asked.push(reference.ask({ type: 'Deposit', amount: 1 }).then(note))
    }
    await pause(Math.max(0, startedAt + (tick + 1) * tickMs - performance.now()))
  }
  await Promise.all(asked)
  latencies.sort((one, other) => one - other)
  const at = (share: number) => milliseconds(latencies[Math.floor(latencies.length * share)]!)
  const load = `at half of that rate, ${rate((each * 1000) / tickMs)}`
  return [
    { what: `latency p50, ${load}`, value: at(0.5) },
    { what: `latency p99, ${load}`, value: at(0.99) },
  ]
}

/** From the moment that a killed server is back to the first outcome. */
async function recovery(double: DoubleProcess, rounds: number): Promise<Figure> {
  const bank = await openBankOn(eventStoreDB({ connectionString: double.connectionString }), 100)
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    await double.suspend()
    const asks = bank.accounts.map((reference) => reference.ask({ type: 'Deposit', amount: 1 }))
    await pause(3_000)
    await double.resume()
    const backAt = performance.now()
    await Promise.race(asks)
    times.push(performance.now() - backAt)
    await Promise.all(asks)
  }
  await bank.close()
  return {
    what: 'from the return of a killed server to the first outcome',
    value: milliseconds(median(times)),
  }
}

/** Against the double in a process of its own, and against the server of REENACT_ESDB_URL where one is named. */
export async function eventStore(rounds: number): Promise<void> {
  {
    await using double = await DoubleProcess.start()
    const figures = await against(double.connectionString, rounds)
    printTable('EventStoreDB: the double in a process of its own', [...figures, await recovery(double, 3)])
  }
  const { REENACT_ESDB_URL: url } = process.env
  if (url === undefined) console.log('\nEventStoreDB: no real server (REENACT_ESDB_URL is not set)')
  else printTable('EventStoreDB: the server of REENACT_ESDB_URL', await against(url, rounds))
}
