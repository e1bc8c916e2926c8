import type { ChartNode } from '../chart.ts'
import type { InterpretedKernel } from '../interpreted-kernel.ts'
import { type LiveState, liveStateOf } from './live-state.ts'
import type { Program } from './program.ts'

/** How initial states are made: by xstate; only once where they are all the same. */
export function initialStateOf(interpreted: InterpretedKernel, program: Program): (id: string) => LiveState {
  const { chart } = interpreted
  const make = (id: string): LiveState =>
    liveStateOf(program.table, interpreted.situation(interpreted.initial(id)))
  if (chart.context.kind === 'factory' || chart.nodes.some(mayRunCode)) return make
  let only: LiveState | undefined
  return (id) => {
    only ??= make(id)
    return only
  }
}

/** Whether something of the user's could run on the way to the initial state, and see the id. */
function mayRunCode(node: ChartNode): boolean {
  return (
    node.entry.length > 0 ||
    node.always.length > 0 ||
    (node.initial?.actions.length ?? 0) > 0 ||
    node.output.kind === 'computed'
  )
}
