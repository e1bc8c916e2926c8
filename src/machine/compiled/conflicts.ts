import type { ChartCandidate, ChartNode } from '../chart.ts'
import { isDescendant } from './ancestry.ts'
import { exitSet } from './exit-set.ts'
import type { History } from './history.ts'

/** Of transitions that would leave the same state, the one of the inner source wins, else the first. */
export function withoutConflicts(
  enabled: readonly ChartCandidate[],
  active: readonly ChartNode[],
  history: History,
): readonly ChartCandidate[] {
  const kept = new Set<ChartCandidate>()
  for (const transition of enabled) {
    const exits = new Set(exitSet([transition], active, history))
    const overruled: ChartCandidate[] = []
    let preempted = false
    for (const other of kept) {
      if (!exitSet([other], active, history).some((node) => exits.has(node))) continue
      if (isDescendant(transition.source, other.source)) {
        overruled.push(other)
      } else {
        preempted = true
        break
      }
    }
    if (preempted) continue
    for (const other of overruled) kept.delete(other)
    kept.add(transition)
  }
  return [...kept]
}
