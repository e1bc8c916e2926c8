import { type HeapProfiler, Session } from 'node:inspector/promises'
import { openBank, type StoreName } from '../accounts.ts'
import { drive } from '../load.ts'
import { type Figure, printTable } from '../table.ts'
import { stageNames, stageOf } from '../way/stages.ts'

const aggregates = 1_000
const commands = 300_000

type Shares = ReadonlyMap<string, number>

/** Where the main thread's time goes on the way of a command, and which stage allocates how much. */
async function wayOn(store: StoreName): Promise<readonly Figure[]> {
  const bank = await openBank(store, aggregates)
  const session = new Session()
  session.connect()
  const deposit = (count: number) =>
    drive(count, 1_000, (nth) => bank.accounts[nth % aggregates]!.ask({ type: 'Deposit', amount: 1 }))
  await deposit(commands / 3)
  const times = await timesOf(session, () => deposit(commands))
  const bytes = await bytesOf(session, () => deposit(commands / 3))
  session.disconnect()
  await bank.close()
  const total = sumOf(times)
  const line = (what: string, nanoseconds: number, allocated: number): Figure => {
    const time = `${(nanoseconds / commands).toFixed(0)} ns, ${((nanoseconds / total) * 100).toFixed(0)}%`
    return { what, value: `${time}, ${(allocated / (commands / 3)).toFixed(0)} B` }
  }
  return [
    ...stageNames.map((stage) => line(stage, times.get(stage) ?? 0, bytes.get(stage) ?? 0)),
    line('all', total, sumOf(bytes)),
  ]
}

function sumOf(shares: Shares): number {
  return [...shares.values()].reduce((sum, value) => sum + value, 0)
}

/** Nanoseconds of each stage. */
async function timesOf(session: Session, load: () => Promise<unknown>): Promise<Shares> {
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 200 })
  await session.post('Profiler.start')
  await load()
  const { profile } = await session.post('Profiler.stop')
  const stageOfNode = new Map(profile.nodes.map(({ id, callFrame }) => [id, stageOf(callFrame)]))
  const times = new Map<string, number>()
  const { samples = [], timeDeltas = [] } = profile
  for (let nth = 0; nth < samples.length; nth++) {
    add(times, stageOfNode.get(samples[nth]!), timeDeltas[nth]! * 1_000)
  }
  return times
}

/** Bytes that each stage allocated, whether they died young or not. */
async function bytesOf(session: Session, load: () => Promise<unknown>): Promise<Shares> {
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: 8_192,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  } as HeapProfiler.StartSamplingParameterType)
  await load()
  const { profile } = await session.post('HeapProfiler.stopSampling')
  const bytes = new Map<string, number>()
  const visit = (node: HeapProfiler.SamplingHeapProfileNode): void => {
    add(bytes, stageOf(node.callFrame), node.selfSize)
    node.children.forEach(visit)
  }
  visit(profile.head)
  return bytes
}

function add(to: Map<string, number>, stage: string | undefined, value: number): void {
  if (stage !== undefined) to.set(stage, (to.get(stage) ?? 0) + value)
}

export async function wayOfACommand(): Promise<void> {
  for (const store of ['memory', 'embedded'] as const) {
    printTable(
      `The way of a command: ${store}, ${aggregates.toLocaleString('en')} aggregates, 1,000 outstanding (time of the main thread; bytes allocated)`,
      await wayOn(store),
    )
  }
}
