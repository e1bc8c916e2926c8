import { type Chart, type ChartNode, readChart } from './chart.ts'
import { deepFreeze, type Freezing, freezingOfEnvironment, isFrozenWrite } from './deep-freeze.ts'
import { blocked, done, emissionOf, unhandled } from './emission.ts'
import { descriptorMatches, knownTypesOf } from './event-descriptor.ts'
import type { Kernel, MachineState } from './kernel.ts'
import {
  CommandChangedState,
  EffectOutsideCommand,
  EventNotHandled,
  type MachinePlace,
} from './machine-errors.ts'
import type { Message } from './message.ts'
import { ActiveTree, type Situation } from './situation.ts'
import { dumpOf, situationOf } from './state-dump.ts'
import { realSnapshot, viewOf } from './state-view.ts'
import { structureHashOf } from './structure-hash.ts'
import {
  historyOf,
  type Machine,
  nodesOf,
  type Runner,
  runnerOf,
  type Snapshot,
  type Step,
} from './xstate-internals.ts'

/** A kernel over xstate's own code, and the way in and out of its snapshots for the compiled one. */
export interface InterpretedKernel extends Kernel {
  readonly chart: Chart
  situation(state: MachineState): Situation
  stateOf(situation: Situation): MachineState
}

/**
 * A machine run by xstate itself, over one scope that is made once.
 * @param reason why it is not compiled.
 */
export function interpretedKernel(
  machine: Machine,
  reason: string,
  freezing: Freezing = freezingOfEnvironment(),
): InterpretedKernel {
  const chart = readChart(machine)
  const runner: Runner = runnerOf(machine)
  const known = knownTypesOf(chart)
  const byId = new Map(chart.nodes.map((node) => [node.id, node]))
  const node = (id: string): ChartNode => byId.get(id) as ChartNode
  const place = (snapshot: Snapshot): MachinePlace => ({ machine: chart.id, value: snapshot.value })

  const unenabled = (snapshot: Snapshot, type: string): 'unhandled' | 'blocked' => {
    const tree = new ActiveTree(nodesOf(snapshot).map(({ id }) => node(id)))
    const descriptors = tree.from(chart.root).flatMap((active) => [...active.transitions])
    return descriptors.some(([descriptor, list]) => list.length > 0 && descriptorMatches(type, descriptor))
      ? 'blocked'
      : 'unhandled'
  }

  const settled = (step: Step, during: string): MachineState => {
    if (step.emitted.length > 0) {
      const type = (step.emitted[0] as Message | undefined)?.type
      throw new EffectOutsideCommand(chart.id, during, `emitted '${type}'`)
    }
    if (Object.keys(step.next.children).length > 0) {
      throw new EffectOutsideCommand(chart.id, during, 'spawned a child')
    }
    if (freezing === 'frozen') deepFreeze(step.next.context)
    return asState(step.next)
  }

  const situation = (state: MachineState): Situation => {
    const snapshot = asSnapshot(state)
    const chartNodes = (raw: readonly { readonly id: string }[]) => raw.map(({ id }) => node(id))
    return {
      nodes: chartNodes(nodesOf(snapshot)),
      context: snapshot.context,
      history: new Map([...historyOf(snapshot)].map(([id, kept]) => [node(id), chartNodes(kept)])),
      status: snapshot.status === 'done' ? 'done' : 'active',
      output: snapshot.output,
    }
  }

  const stateOf = (made: Situation): MachineState => {
    if (freezing === 'frozen') deepFreeze(made.context)
    return asState(realSnapshot(runner.machine, chart, made))
  }

  return {
    chart,
    situation,
    stateOf,
    structureHash: structureHashOf(chart, () => runner.initial({ id: 'any' }).next.context),
    engine: { kind: 'interpreted', reason },
    initial: (id) => settled(runner.initial({ id }), 'in its initial state'),
    decide(state, command) {
      const snapshot = asSnapshot(state)
      // First: xstate lets a finished machine go on handling what its root handles.
      if (snapshot.status === 'done') return done
      if (!known.has(command.type)) return unhandled
      const step = attempt(() => runner.step(snapshot, command), command, place(snapshot))
      if (step.enabled === 0) return unenabled(snapshot, command.type) === 'blocked' ? blocked : unhandled
      const changed = (how: 'target' | 'context' | 'child'): CommandChangedState =>
        new CommandChangedState(place(snapshot), command.type, how)
      if (step.moved) throw changed('target')
      if (step.next !== snapshot)
        throw changed(step.next.children === snapshot.children ? 'context' : 'child')
      return emissionOf(step.emitted)
    },
    evolve(state, event) {
      const snapshot = asSnapshot(state)
      const refusal = (why: EventNotHandled['reason']) =>
        new EventNotHandled(place(snapshot), event.type, why)
      if (snapshot.status === 'done') throw refusal('done')
      if (!known.has(event.type)) throw refusal('unhandled')
      const step = runner.step(snapshot, event)
      if (step.enabled === 0) throw refusal(unenabled(snapshot, event.type))
      return settled(step, `while the event '${event.type}' was applied`)
    },
    view: (state) => viewOf(machine, chart, situation(state)),
    dump: (state) => dumpOf(situation(state)),
    restore: (dump) => stateOf(situationOf(chart, dump)),
  }
}

/** A frozen context that a command wrote to is a change of state, not a mere TypeError. */
function attempt(step: () => Step, command: Message, at: MachinePlace): Step {
  try {
    return step()
  } catch (thrown) {
    throw isFrozenWrite(thrown) ? new CommandChangedState(at, command.type, 'mutation', thrown) : thrown
  }
}

/** The one place where this engine's state is what the port calls a state. */
const asState = (snapshot: Snapshot): MachineState => snapshot as unknown as MachineState
const asSnapshot = (state: MachineState): Snapshot => state as unknown as Snapshot
