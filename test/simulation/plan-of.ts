import type { Settings } from '../../src/index.ts'
import {
  type FaultKind,
  type FaultRates,
  faultKinds,
  operationOfFault,
  type SeededRandom,
  seededRandom,
} from '../../src/testing/index.ts'
import type { LedgerCommand } from './ledger-model.ts'
import { calmStream, type Plan, type Step } from './plan.ts'

/**
 * Makes the schedule of a seed. Each seed has its own world, its own few kinds of trouble and its own pace ("swarm
 * testing", Groce et al., 2012): with all kinds at once some would mask the others.
 */
export function planOf(seed: number): Plan {
  const random = seededRandom(seed)
  const nodes = random.pick([1, 1, 2, 2, 3])
  const streams = random.between(2, 4)
  const habits = habitsOf(random)
  return {
    seed,
    nodes,
    streams,
    ownEvents: random.pick(['hidden', 'delivered'] as const),
    settings: settingsOf(random, streams),
    steps: stepsOf(random, nodes, streams, habits),
    faults: { kind: 'random', rates: ratesOf(random), longestMs: random.pick([50, 2_000, 20_000]) },
  }
}

interface Habits {
  readonly steps: number
  /** The longest pause between two steps. */
  readonly pauseMs: number
  readonly burst: number
  readonly troubles: readonly Step['kind'][]
  readonly trouble: number
  readonly retryOld: number
  readonly poisons: number
}

function habitsOf(random: SeededRandom): Habits {
  const all = [
    'foreign',
    'kill',
    'stop',
    'outage',
    'cut',
    'clock',
    'look',
    'past',
    'crowd',
    'tell',
    'misfit',
  ] as const
  return {
    steps: random.pick([random.between(4, 12), random.between(12, 40), random.between(30, 80)]),
    pauseMs: random.pick([0, 20, 500, 5_000]),
    burst: random.pick([0.2, 0.6, 0.9]),
    troubles: all.filter((kind) => random.chance(chanceOf[kind] ?? 0.4)),
    trouble: random.pick([0.1, 0.2, 0.35]),
    retryOld: random.pick([0, 0.1, 0.3]),
    poisons: random.pick([0, 0, 0.05, 0.2]),
  }
}

/** A process that dies finds more than any other trouble; a stream that no machine fits ends all the rest. */
const chanceOf: { readonly [Kind in Step['kind']]?: number } = { kill: 0.6, misfit: 0.08 }

function settingsOf(random: SeededRandom, streams: number): Partial<Settings> {
  const few = random.chance(0.3)
  return {
    timeoutMs: 2_000,
    appendTimeoutMs: random.pick([1_000, 4_000]),
    resendBackoff: { firstMs: random.pick([50, 2_500]), mostMs: 4_000 },
    storeBackoff: { firstMs: 20, mostMs: 1_000 },
    storeBehindMs: 60_000,
    maxStoreRetries: random.pick([1, 4, 8]),
    maxConflictRetries: random.pick([0, 2, 20]),
    writers: random.between(1, 2),
    appendsOfWriter: random.pick([1, 2, 2_048]),
    shards: random.between(1, 2),
    turnCommandsOfAggregate: random.pick([1, 2, 128]),
    turnCommands: random.pick([2, 512]),
    windowCommands: random.pick([2, 4, 1_000, 1_000]),
    appendCommands: random.pick([1, 2, 1_024]),
    aheadCommands: random.pick([1, 3, 4_096]),
    snapshotEvery: random.pick([0, 1, 3, 10]),
    passivateAfterMs: random.pick([0, 200, 3_000]),
    liveAggregates: random.pick([1, 2, 1_000]),
    nactActors: random.pick(['kept', 'onDemand'] as const),
    recoveries: few ? 1 : streams + 1,
    snapshotsAtOnce: few ? 1 : streams + 1,
    mailboxCommands: random.pick([2, 8, 1_000]),
    systemCommands: random.pick([6, 1_000, 1_000]),
    ...(random.chance(0.1) ? { mailboxBytes: 800 } : {}),
    ...(random.chance(0.1) ? { systemBytes: 2_000 } : {}),
    ...(random.chance(0.1) ? { aheadBytes: 1 } : {}),
    ...(random.chance(0.1) ? { liveWindowBytes: 1 } : {}),
  }
}

/** What an append meets that may still be stored when it is sent again: the chain that the hardest bugs take. */
const chains: readonly (readonly FaultKind[])[] = [
  ['lateArrival', 'refused'],
  ['lateCommit', 'refused', 'staleRead'],
  ['vanishingTail', 'conflict', 'staleRead'],
  ['lateAnswer', 'withheldVerdict', 'slowRead'],
  ['unknownAfterWrite', 'staleRead', 'refusedCheck'],
]

/** Many kinds of faults, each rarely, or two or three of them often: some bugs take a certain pair. */
function ratesOf(random: SeededRandom): FaultRates {
  if (random.chance(0.15)) return Object.fromEntries(random.pick(chains).map((kind) => [kind, 0.4]))
  if (random.chance(0.3)) {
    const kinds = random.chance(0.5)
      ? faultKinds.filter((kind) => operationOfFault[kind] === 'append')
      : faultKinds
    const few = [random.pick(kinds), random.pick(kinds), random.pick(faultKinds)]
    return Object.fromEntries(few.map((kind) => [kind, 0.3]))
  }
  const share = random.pick([0, 0.1, 0.2, 0.3, 0.6, 1])
  const enabled = faultKinds.filter(() => random.chance(share))
  const perOperation = 1 + enabled.length / 8
  const rates = enabled.map((kind) => [kind, random.pick([0.05, 0.2, 0.5]) / perOperation] as const)
  // Few appends are sent together with others, and only those can be withheld alone.
  return Object.fromEntries(rates.map(([kind, rate]) => [kind, kind === 'withheldVerdict' ? 0.9 : rate]))
}

function stepsOf(random: SeededRandom, nodes: number, streams: number, habits: Habits): readonly Step[] {
  const steps: Step[] = []
  const asked: (Step & { kind: 'ask' })[] = []
  for (let nth = 0; nth < habits.steps; nth++) {
    const isBurst = random.chance(habits.burst)
    const afterMs = isBurst ? 0 : random.below(habits.pauseMs + 1)
    const tasks = random.chance(0.5) ? 0 : random.below(12)
    const when = { afterMs, tasks }
    const kind =
      habits.troubles.length > 0 && random.chance(habits.trouble) ? random.pick(habits.troubles) : 'ask'
    if (kind === 'ask' && asked.length > 0 && random.chance(habits.retryOld)) {
      steps.push({ ...askedAgain(asked, random, nodes), ...when })
      continue
    }
    const step = stepOf(kind, random, nodes, streams, `c${nth}`, habits)
    const whole = { ...when, ...step } as Step
    if (whole.kind === 'ask') asked.push(whole)
    steps.push(whole)
  }
  return steps
}

/**
 * An old command id once more: mostly a recent one, so that it meets its first run in the mailbox, at times with
 * another expectation (then it is not joined to it) or as another command (which is a mistake of its author).
 */
function askedAgain(
  asked: readonly (Step & { kind: 'ask' })[],
  random: SeededRandom,
  nodes: number,
): Step & { kind: 'ask' } {
  const old = random.chance(0.6) ? asked.at(-1)! : random.pick(asked)
  const node = random.chance(0.6) ? old.node : random.below(nodes)
  if (random.chance(0.1)) return { ...old, node, command: { type: 'Touch' } }
  return random.chance(0.3) ? { ...old, node, expected: random.pick([-1, 0, 1]) } : { ...old, node }
}

type StepOf<Kind extends Step['kind']> = Omit<Extract<Step, { kind: Kind }>, 'afterMs' | 'tasks'>
type AnyStep = { [Kind in Step['kind']]: StepOf<Kind> }[Step['kind']]

function stepOf(
  kind: Step['kind'],
  random: SeededRandom,
  nodes: number,
  streams: number,
  commandId: string,
  habits: Habits,
): AnyStep {
  const node = random.below(nodes)
  const stream = random.below(streams)
  const troubled = random.between(calmStream + 1, streams - 1)
  const backAfterMs = random.pick([0, 10, 3_000])
  switch (kind) {
    case 'ask': {
      const timeoutMs = random.pick([20, 300, 2_000, 30_000])
      const ask = { kind, node, stream, command: commandOf(random, habits), commandId, timeoutMs }
      if (random.chance(0.05)) return { ...ask, goneAfterMs: random.pick([1, 100, 3_000]) }
      return random.chance(0.1) ? { ...ask, expected: random.pick([0, 0, 0, -1, 1]) } : ask
    }
    case 'tell':
      return { kind, node, stream, command: commandOf(random, habits), commandId }
    case 'look':
      return { kind, node, stream }
    case 'past':
      return { kind, node, stream, back: random.below(6), how: random.pick(['at', 'at', 'history'] as const) }
    case 'crowd':
      return { kind, node }
    case 'foreign':
      return { kind, stream: troubled, events: random.between(1, 3) }
    case 'misfit':
      return { kind, stream: troubled }
    case 'kill':
      return { kind, node, backAfterMs }
    case 'stop':
      return { kind, node, timeoutMs: random.pick([1, 500, 10_000]), backAfterMs }
    case 'outage':
      return {
        kind,
        appends: random.pick(['refused', 'unknown', 'mute'] as const),
        forMs: random.pick([5, 500, 8_000]),
      }
    case 'cut':
      return { kind }
    case 'clock':
      return { kind, byMs: random.pick([-3_600_000, -500, 500, 3_600_000]) }
  }
}

function commandOf(random: SeededRandom, habits: Habits): LedgerCommand {
  if (random.chance(habits.poisons)) {
    return random.pick([
      { type: 'ThrowInGuard' },
      { type: 'ThrowInAssign' },
      { type: 'ThrowInSchema' },
      { type: 'SlowInGuard', ms: random.pick([1, 5, 400]) },
      { type: 'SlowInAssign', ms: random.pick([1, 5, 400]) },
      { type: 'SlowInSchema', ms: random.pick([1, 5, 400]) },
      { type: 'Close' },
    ] as const)
  }
  const amount = random.between(1, 9)
  return random.pick([
    { type: 'Add', amount },
    { type: 'Add', amount },
    { type: 'AddThree', amount },
    { type: 'Odd' },
    { type: 'Odd' },
    { type: 'Touch' },
  ] as const)
}
