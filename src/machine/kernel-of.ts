import { interpretedKernel } from './interpreted-kernel.ts'
import type { Kernel } from './kernel.ts'
import type { Machine } from './xstate-internals.ts'

/**
 * Runs a machine as pure functions.
 * @param machine of xstate 5, whose input is none or `{ id: string }`.
 */
export function kernelOf(machine: Machine): Kernel {
  return interpretedKernel(machine, 'it is not compiled yet.')
}
