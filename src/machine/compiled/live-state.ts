import type { MachineState } from '../kernel.ts'
import type { Situation } from '../situation.ts'
import type { Configuration, ConfigurationTable } from './configuration.ts'

/** The state of one aggregate: all that xstate's snapshot holds, without the snapshot. */
export class LiveState {
  readonly configuration: Configuration
  readonly context: unknown
  constructor(configuration: Configuration, context: unknown) {
    this.configuration = configuration
    this.context = context
  }
}

/** Only a finished machine may have an output. */
export class FinishedState extends LiveState {
  readonly output: unknown
  constructor(configuration: Configuration, context: unknown, output: unknown) {
    super(configuration, context)
    this.output = output
  }
}

export function liveStateOf(table: ConfigurationTable, { context, output, ...parts }: Situation): LiveState {
  const configuration = table.intern(parts)
  return output === undefined
    ? new LiveState(configuration, context)
    : new FinishedState(configuration, context, output)
}

export function situationFrom(state: LiveState): Situation {
  const { nodes, history, status } = state.configuration
  const output = state instanceof FinishedState ? state.output : undefined
  return { nodes, history, status, context: state.context, output }
}

/** The one place where this engine's state is what the port calls a state. */
export const asState = (state: LiveState): MachineState => state as unknown as MachineState
export const asLive = (state: MachineState): LiveState => state as unknown as LiveState
