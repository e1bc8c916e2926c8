import { createMachine } from 'xstate'
import { interpretedKernel } from '../../src/machine/interpreted-kernel.ts'
import type { Kernel, MachineState } from '../../src/machine/kernel.ts'
import { kernelOf } from '../../src/machine/kernel-of.ts'
import type { Message } from '../../src/machine/message.ts'
import type { Machine } from '../../src/machine/xstate-internals.ts'

/** The ways to run a machine: every test of a kernel holds for each. */
export const engines: readonly (readonly [name: string, make: (machine: Machine) => Kernel])[] = [
  ['interpreted', (machine) => interpretedKernel(machine, 'a test asked for it')],
  ['compiled where it can be', kernelOf],
]

/** A message with a payload, where its exact type does not matter. */
export const message = (type: string, payload: object = {}): Message => ({ ...payload, type })

/** The state after these events. */
export function stateAfter(kernel: Kernel, ...events: readonly (string | Message)[]): MachineState {
  let state = kernel.initial('a1')
  for (const event of events) state = kernel.evolve(state, typeof event === 'string' ? message(event) : event)
  return state
}

/** A machine whose types do not matter. */
export const machineOf = (config: object): Machine => createMachine(config as never) as unknown as Machine
