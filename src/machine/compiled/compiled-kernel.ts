import type { Chart } from '../chart.ts'
import { deepFreeze, type Freezing, freezingOfEnvironment, isFrozenWrite } from '../deep-freeze.ts'
import { blocked, done, emissionOf, rejectionOf, unhandled } from '../emission.ts'
import { type InterpretedKernel, interpretedKernel } from '../interpreted-kernel.ts'
import type { Emission, Kernel, MachineState } from '../kernel.ts'
import { CommandChangedState, EventNotHandled } from '../machine-errors.ts'
import type { Message } from '../message.ts'
import type { Situation } from '../situation.ts'
import { dumpOf, situationOf } from '../state-dump.ts'
import { viewOf } from '../state-view.ts'
import { chainLimitOf, type Machine } from '../xstate-internals.ts'
import type { Configuration } from './configuration.ts'
import { macrostep } from './macrostep.ts'
import type { Residue } from './operation.ts'
import { Program } from './program.ts'
import { allEnabled, type Choice, firstEnabled, hasCandidates } from './selector.ts'

/** The state of one aggregate: all that xstate's snapshot holds, without the snapshot. */
class LiveState {
  readonly configuration: Configuration
  readonly context: unknown
  constructor(configuration: Configuration, context: unknown) {
    this.configuration = configuration
    this.context = context
  }
}

/** Only a finished machine may have an output. */
class FinishedState extends LiveState {
  readonly output: unknown
  constructor(configuration: Configuration, context: unknown, output: unknown) {
    super(configuration, context)
    this.output = output
  }
}

/** Plain steps leave nothing behind. */
const nothingLeft: Residue = { queue: [], output: undefined }

/**
 * A machine compiled to tables: who answers an event, what runs and where it leads are worked out once for each
 * configuration; guards, assigns and emits are the user's own functions. What a machine must not do is left to xstate
 * to say, so both engines fail alike.
 * @param machine one that `notCompiled` finds nothing in.
 */
export function compiledKernel(machine: Machine, freezing: Freezing = freezingOfEnvironment()): Kernel {
  const interpreted = interpretedKernel(
    machine,
    'xstate is asked for what the compiled machine must not do',
    freezing,
  )
  const { chart } = interpreted
  const program = new Program(chart)
  const limit = chainLimitOf(machine)
  const initial = initialOf(chart, interpreted, program)

  const stateOf = (situation: Situation): LiveState => liveStateOf(program, situation)
  const foreign = (state: LiveState): MachineState => interpreted.stateOf(situationFrom(state))
  const place = (state: LiveState) => ({ machine: chart.id, value: state.configuration.value })
  const settled = (configuration: Configuration, context: unknown): LiveState => {
    if (freezing === 'frozen') deepFreeze(context)
    return new LiveState(configuration, context)
  }

  const emitted = (choices: readonly Choice[], state: LiveState, command: Message): Emission | undefined => {
    const events: unknown[] = []
    for (const { emits } of choices) {
      if (emits === undefined) return undefined
      for (const emit of emits) events.push(emit(state.context, command))
    }
    return emissionOf(events)
  }

  const answer = (state: LiveState, command: Message): Emission | undefined => {
    const { configuration, context } = state
    const selector = program.selector(configuration, command.type)
    let emission: Emission | undefined
    if (selector.branches.length === 0) {
      const choice = firstEnabled(selector.choices, configuration, context, command)
      if (choice === undefined) return hasCandidates(selector) ? blocked : unhandled
      const { emits } = choice
      if (emits?.length === 1) {
        const event = (emits[0] as (typeof emits)[0])(context, command)
        emission = rejectionOf(event) ?? { status: 'emitted', events: [event as Message] }
      } else {
        emission = emitted([choice], state, command)
      }
    } else {
      const choices = allEnabled(selector, configuration, context, command)
      if (choices.length === 0) return blocked
      emission = emitted(choices, state, command)
    }
    if (emission === undefined || configuration.always?.length === 0) return emission
    // xstate asks for always after every command, with that command as its event.
    return program.enabledAlways(configuration, context, command).length === 0 ? emission : undefined
  }

  return {
    structureHash: interpreted.structureHash,
    engine: { kind: 'compiled' },
    initial: (id) => asState(initial(id)),
    decide(state, command) {
      const live = asLive(state)
      if (live.configuration.status === 'done') return done
      try {
        const emission = answer(live, command)
        if (emission !== undefined) return emission
      } catch (thrown) {
        throw isFrozenWrite(thrown)
          ? new CommandChangedState(place(live), command.type, 'mutation', thrown)
          : thrown
      }
      return interpreted.decide(foreign(live), command)
    },
    evolve(state, event) {
      const live = asLive(state)
      const { configuration, context } = live
      if (configuration.status === 'done') throw new EventNotHandled(place(live), event.type, 'done')
      const selector = program.selector(configuration, event.type)
      const step = program.stepFor(selector, configuration, context, event)
      if (step === undefined) {
        throw new EventNotHandled(place(live), event.type, hasCandidates(selector) ? 'blocked' : 'unhandled')
      }
      if (step.kind === 'plain') {
        if (!step.isChange) return state
        let next = context
        for (const operation of step.operations) next = operation.run(next, event, nothingLeft)
        return asState(settled(step.next, next))
      }
      const landing = step.kind === 'full' ? macrostep(program, step, context, event, limit) : undefined
      if (landing === undefined) {
        return asState(stateOf(interpreted.situation(interpreted.evolve(foreign(live), event))))
      }
      if (!landing.isChange) return state
      if (landing.output === undefined) return asState(settled(landing.configuration, landing.context))
      if (freezing === 'frozen') deepFreeze(landing.context)
      return asState(new FinishedState(landing.configuration, landing.context, landing.output))
    },
    view: (state) => viewOf(machine, chart, situationFrom(asLive(state))),
    dump: (state) => dumpOf(situationFrom(asLive(state))),
    restore(dump) {
      const situation = situationOf(chart, dump)
      if (freezing === 'frozen') deepFreeze(situation.context)
      return asState(stateOf(situation))
    },
  }
}

/** How initial states are made: by xstate; only once where they are all the same. */
function initialOf(
  chart: Chart,
  interpreted: InterpretedKernel,
  program: Program,
): (id: string) => LiveState {
  const make = (id: string): LiveState => liveStateOf(program, interpreted.situation(interpreted.initial(id)))
  const runsCode = chart.nodes.some(
    (node) =>
      node.entry.length > 0 ||
      node.always.length > 0 ||
      (node.initial?.actions.length ?? 0) > 0 ||
      node.output.kind === 'computed',
  )
  if (runsCode || chart.context.kind === 'factory') return make
  let only: LiveState | undefined
  return (id) => {
    only ??= make(id)
    return only
  }
}

function liveStateOf(program: Program, { context, output, ...parts }: Situation): LiveState {
  const configuration = program.table.intern(parts)
  return output === undefined
    ? new LiveState(configuration, context)
    : new FinishedState(configuration, context, output)
}

function situationFrom(state: LiveState): Situation {
  const { nodes, history, status } = state.configuration
  const output = state instanceof FinishedState ? state.output : undefined
  return { nodes, history, status, context: state.context, output }
}

/** The one place where this engine's state is what the port calls a state. */
const asState = (state: LiveState): MachineState => state as unknown as MachineState
const asLive = (state: MachineState): LiveState => state as unknown as LiveState
