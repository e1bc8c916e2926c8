import { createActor, initialTransition, transition } from 'xstate'
import { compiledKernel } from '../src/machine/compiled/compiled-kernel.ts'
import { interpretedKernel } from '../src/machine/interpreted-kernel.ts'
import type { Kernel, MachineState } from '../src/machine/kernel.ts'
import type { Message } from '../src/machine/message.ts'
import type { Machine, Snapshot } from '../src/machine/xstate-internals.ts'
import {
  flat,
  flatWorkload,
  parallel,
  parallelWorkload,
  switchKernel,
  type Workload,
} from './kernel-machines.ts'
import { type Figure, printTable } from './table.ts'

/** Decides and evolves so many pairs over many aggregates in turn. */
type Contender = (pairs: number) => void

const aggregates = 1_000

function turns<State>(
  workload: Workload,
  initial: () => State,
  pair: (state: State, command: Message) => State,
): Contender {
  const states = Array.from({ length: aggregates }, initial)
  return (pairs) => {
    for (let index = 0; index < pairs; index++) {
      const at = index % aggregates
      const command = workload[index % workload.length] as Message
      states[at] = pair(states[at] as State, command)
    }
  }
}

function onlyEvent(emission: ReturnType<Kernel['decide']>): Message {
  if (emission.status !== 'emitted') throw new Error(`expected an event, got ${emission.status}`)
  return emission.events[0] as Message
}

function kernelPairs(kernel: Kernel, workload: Workload): Contender {
  return turns<MachineState>(
    workload,
    () => kernel.initial('bench'),
    (state, command) => kernel.evolve(state, onlyEvent(kernel.decide(state, command))),
  )
}

function publicPairs(machine: Machine, workload: Workload): Contender {
  const initial = initialTransition(machine)[0] as Snapshot
  return turns<Snapshot>(
    workload,
    () => initial,
    (snapshot, command) => {
      const [, actions] = transition(machine, snapshot, command as never)
      const emitted = actions.find(({ type }) => String(type) === 'xstate.emit')
      const event = (emitted as unknown as { params: { event: Message } }).params.event
      return transition(machine, snapshot, event as never)[0] as Snapshot
    },
  )
}

/** xstate's own code over one scope: what no engine over it can beat. */
function scopePairs(machine: Machine, workload: Workload): Contender {
  let emitted: Message | undefined
  const scope = {
    self: createActor(machine),
    system: createActor(machine).system,
    defer: () => undefined,
    actionExecutor: ({ type, params }: { type: string; params: { event: Message } }) => {
      if (type === 'xstate.emit') emitted = params.event
    },
  }
  const initial = initialTransition(machine)[0] as Snapshot
  return turns<Snapshot>(
    workload,
    () => initial,
    (snapshot, command) => {
      machine.transition(snapshot, command, scope as never)
      return machine.transition(snapshot, emitted as Message, scope as never)
    },
  )
}

/**
 * Nanoseconds for each pair in the quickest of many short rounds, the contenders in turn: what a busy machine adds
 * differs from round to round, what the code costs does not.
 */
function measure(
  contenders: Readonly<Record<string, Contender>>,
  rounds: number,
): ReadonlyMap<string, number> {
  const names = Object.keys(contenders)
  const pairsIn = new Map<string, number>()
  for (const name of names) {
    const contender = contenders[name] as Contender
    contender(2_000)
    const started = performance.now()
    contender(2_000)
    const each = (performance.now() - started) / 2_000
    pairsIn.set(name, Math.max(2_000, Math.round(40 / each)))
  }
  const samples = new Map(names.map((name) => [name, [] as number[]]))
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const pairs = pairsIn.get(name) as number
      const started = performance.now()
      contenders[name]?.(pairs)
      samples.get(name)?.push(((performance.now() - started) * 1e6) / pairs)
    }
  }
  return new Map([...samples].map(([name, taken]) => [name, Math.min(...taken)]))
}

const perPair = (nanoseconds: number): string => `${nanoseconds.toFixed(0)} ns`

/** Decide and evolve alone: the compiled engine against xstate and against a switch written by hand. */
export function kernelFigures(rounds = 25): readonly Figure[] {
  const contenders = (machine: Machine, workload: Workload): Record<string, Contender> => ({
    transition: publicPairs(machine, workload),
    scope: scopePairs(machine, workload),
    interpreted: kernelPairs(interpretedKernel(machine, 'bench', 'unfrozen'), workload),
    compiled: kernelPairs(compiledKernel(machine, 'unfrozen'), workload),
  })
  const flatCost = measure(
    {
      ...contenders(flat as unknown as Machine, flatWorkload),
      switch: turns(flatWorkload, switchKernel.initial, (state, command) =>
        switchKernel.evolve(state, onlyEvent(switchKernel.decide(state, command))),
      ),
    },
    rounds,
  )
  const parallelCost = measure(contenders(parallel as unknown as Machine, parallelWorkload), rounds)
  const row = (
    shape: string,
    costs: ReadonlyMap<string, number>,
    against: string,
    atLeast: number,
  ): Figure => {
    const [own, other] = [costs.get('compiled') as number, costs.get(against) as number]
    return {
      what: `${shape}: compiled decide + evolve`,
      value: perPair(own),
      against: `${against} ${perPair(other)}`,
      ratio: other / own,
      wanted: { atLeast },
    }
  }
  return [
    row('flat', flatCost, 'transition', 150),
    row('flat', flatCost, 'scope', 25),
    row('flat', flatCost, 'switch', 0.5),
    row('parallel', parallelCost, 'transition', 30),
    row('parallel', parallelCost, 'scope', 1),
    { what: 'flat: interpreted decide + evolve', value: perPair(flatCost.get('interpreted') as number) },
    {
      what: 'parallel: interpreted decide + evolve',
      value: perPair(parallelCost.get('interpreted') as number),
    },
    ...replayFigures(rounds),
  ]
}

/** Rehydration without a store: evolve alone. */
function replayFigures(rounds: number): readonly Figure[] {
  const kernel = compiledKernel(flat as unknown as Machine, 'unfrozen')
  const event = { type: 'Deposited', amount: 1 } as Message
  const count = 200_000
  const samples: number[] = []
  for (let round = 0; round < rounds; round++) {
    let state = kernel.initial('bench')
    const started = performance.now()
    for (let index = 0; index < count; index++) state = kernel.evolve(state, event)
    samples.push(((performance.now() - started) * 1e6) / count)
  }
  const each = Math.min(...samples)
  return [
    {
      what: 'flat: evolve alone, events/s',
      value: Math.round(1e9 / each).toLocaleString('en'),
      against: '1,000,000/s',
      ratio: 1e3 / each,
      wanted: { atLeast: 1 },
    },
  ]
}

if (process.argv[1] === import.meta.filename) printTable('Kernel', kernelFigures())
