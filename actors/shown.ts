import type { Aggregate, StateOf } from '../src/aggregate/aggregate-type.ts'
import type { Behaviour } from '../src/behaviour.ts'
import type { MachineState } from '../src/machine/kernel.ts'

/** A state as people see it: made for them alone, so that nothing they do to it is felt. */
export function shown<A extends Aggregate>(
  behaviour: Behaviour,
  state: MachineState,
  revision: number,
): StateOf<A> {
  const { value, context, status, tags, matches } = behaviour.view(state)
  return { value, context, status, tags, matches, revision } as StateOf<A>
}
