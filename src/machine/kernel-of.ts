import { readChart } from './chart.ts'
import { compiledKernel } from './compiled/compiled-kernel.ts'
import { notCompiled } from './compiled/coverage.ts'
import { interpretedKernel } from './interpreted-kernel.ts'
import type { Engine, Kernel } from './kernel.ts'
import type { Machine } from './xstate-internals.ts'

/**
 * Runs a machine as pure functions: compiled where everything in it can be, else by xstate itself. `engine` says
 * which, and why.
 * @param machine of xstate 5, whose input is none or `{ id: string }`.
 * @param wanted `interpreted`: by xstate itself, whatever the machine.
 */
export function kernelOf(machine: Machine, wanted: Engine['kind'] = 'compiled'): Kernel {
  if (wanted === 'interpreted') return interpretedKernel(machine, 'the definition asks for it.')
  const reason = notCompiled(readChart(machine))
  return reason === undefined ? compiledKernel(machine) : interpretedKernel(machine, reason)
}
