import type { Chart, ChartNode } from '../chart.ts'
import { noValue } from '../chart-value.ts'
import { statesOf } from './ancestry.ts'
import { doneEvent, finishing, type Operation } from './operation.ts'

/** A final state is entered: its parent is done, and parallel states above it as far as all their regions are. */
export function complete(
  chart: Chart,
  node: ChartNode,
  active: ReadonlySet<ChartNode>,
  completed: Set<ChartNode>,
  work: { readonly operations: Operation[] },
): boolean {
  const parent = node.parent
  let above = parent?.kind === 'parallel' ? parent : parent?.parent
  let last = above ?? node
  if (parent?.kind === 'compound') work.operations.push(doneEvent(parent.id, node.output))
  while (above?.kind === 'parallel' && !completed.has(above) && isFinished(above, active)) {
    completed.add(above)
    work.operations.push(doneEvent(above.id, noValue))
    last = above
    above = above.parent
  }
  if (above !== undefined) return false
  const { output } = chart.root
  if (output.kind !== 'none') {
    work.operations.push(finishing(last.id, last.parent === undefined ? noValue : last.output, output))
  }
  return true
}

/** Whether a state has come to its end. */
function isFinished(node: ChartNode, active: ReadonlySet<ChartNode>): boolean {
  if (node.kind === 'compound')
    return statesOf(node).some((child) => child.kind === 'final' && active.has(child))
  if (node.kind === 'parallel') return statesOf(node).every((child) => isFinished(child, active))
  return node.kind === 'final'
}
