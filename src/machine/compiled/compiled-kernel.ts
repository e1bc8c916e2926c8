import { deepFreeze, type Freezing, freezingOfEnvironment, isFrozenWrite } from '../deep-freeze.ts'
import { done } from '../emission.ts'
import { interpretedKernel } from '../interpreted-kernel.ts'
import type { Kernel, MachineState } from '../kernel.ts'
import { CommandChangedState, EventNotHandled } from '../machine-errors.ts'
import { dumpOf, situationOf } from '../state-dump.ts'
import { viewOf } from '../state-view.ts'
import { chainLimitOf, type Machine } from '../xstate-internals.ts'
import { answerOf } from './answer.ts'
import type { Configuration } from './configuration.ts'
import { initialStateOf } from './initial-state.ts'
import { asLive, asState, FinishedState, LiveState, liveStateOf, situationFrom } from './live-state.ts'
import { macrostep } from './macrostep.ts'
import type { Residue } from './operation.ts'
import { Program } from './program.ts'
import { hasCandidates } from './selector.ts'

/** Plain steps leave nothing behind. */
const nothingLeft: Residue = { queue: [], output: undefined }

/**
 * A machine compiled to tables: who answers an event, what runs and where it leads are worked out once for each
 * configuration; guards, assigns and emits are the user's own functions. What a machine must not do is left to xstate
 * to say, so both engines fail alike.
 * @param machine one that `notCompiled` finds nothing in.
 */
export function compiledKernel(machine: Machine, freezing: Freezing = freezingOfEnvironment()): Kernel {
  const interpreted = interpretedKernel(machine, 'it says what comes of what must not be', freezing)
  const { chart } = interpreted
  const program = new Program(chart)
  const limit = chainLimitOf(machine)
  const initial = initialStateOf(interpreted, program)

  const foreign = (state: LiveState): MachineState => interpreted.stateOf(situationFrom(state))
  const place = (state: LiveState) => ({ machine: chart.id, value: state.configuration.value })
  const settled = (configuration: Configuration, context: unknown, output: unknown): MachineState => {
    if (freezing === 'frozen') deepFreeze(context)
    return asState(
      output === undefined
        ? new LiveState(configuration, context)
        : new FinishedState(configuration, context, output),
    )
  }

  return {
    structureHash: interpreted.structureHash,
    engine: { kind: 'compiled' },
    initial: (id) => asState(initial(id)),
    decide(state, command) {
      const live = asLive(state)
      if (live.configuration.status === 'done') return done
      try {
        const emission = answerOf(program, live, command)
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
        return settled(step.next, next, undefined)
      }
      const landing = step.kind === 'full' ? macrostep(program, step, context, event, limit) : undefined
      if (landing === undefined) {
        return asState(
          liveStateOf(program.table, interpreted.situation(interpreted.evolve(foreign(live), event))),
        )
      }
      return landing.isChange ? settled(landing.configuration, landing.context, landing.output) : state
    },
    view: (state) => viewOf(machine, chart, situationFrom(asLive(state))),
    dump: (state) => dumpOf(situationFrom(asLive(state))),
    restore(dump) {
      const situation = situationOf(chart, dump)
      if (freezing === 'frozen') deepFreeze(situation.context)
      return asState(liveStateOf(program.table, situation))
    },
  }
}
