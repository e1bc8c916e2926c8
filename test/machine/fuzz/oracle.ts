import { getNextTransitions, initialTransition, transition } from 'xstate'
import type { Emission } from '../../../src/machine/kernel.ts'
import type { Message } from '../../../src/machine/message.ts'
import type { Machine, Snapshot } from '../../../src/machine/xstate-internals.ts'

/** What came of one event, as xstate's public functions tell it. */
export type OracleStep =
  | {
      readonly status: 'stepped'
      readonly next: Snapshot
      readonly emitted: readonly Message[]
      readonly enabled: number
    }
  | { readonly status: 'threw' }

/** xstate by its public face alone: slow, and right by definition. */
export class Oracle {
  readonly #machine: Machine
  constructor(machine: Machine) {
    this.#machine = machine
  }

  initial(): OracleStep {
    try {
      const [next, actions] = initialTransition(this.#machine, { id: 'fuzz' } as never)
      if (next.status === 'error') return { status: 'threw' }
      return { status: 'stepped', next, emitted: emittedOf(actions), enabled: 1 }
    } catch {
      return { status: 'threw' }
    }
  }

  step(snapshot: Snapshot, event: Message): OracleStep {
    try {
      const enabled = this.#machine.getTransitionData(snapshot, event).length
      // What `always` makes of an event that nobody answers does not count.
      if (enabled === 0) return { status: 'stepped', next: snapshot, emitted: [], enabled }
      const [next, actions] = transition(this.#machine, snapshot, event as never)
      return { status: 'stepped', next: next as Snapshot, emitted: emittedOf(actions), enabled }
    } catch {
      return { status: 'threw' }
    }
  }

  /** How a command that nothing is enabled for is refused. */
  refusal(snapshot: Snapshot, type: string): Emission {
    const descriptors = getNextTransitions(snapshot).map(({ eventType }) => eventType)
    const matches = descriptors.some(
      (descriptor) =>
        descriptor === type ||
        descriptor === '*' ||
        (descriptor.endsWith('.*') && `${type}.`.startsWith(descriptor.slice(0, -1))),
    )
    return { status: matches ? 'blocked' : 'unhandled' }
  }
}

function emittedOf(actions: readonly { readonly type: string }[]): readonly Message[] {
  return actions
    .filter(({ type }) => type === 'xstate.emit')
    .map((action) => (action as unknown as { params: { event: Message } }).params.event)
}
