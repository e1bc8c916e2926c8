import type { ChartCandidate, ChartNode } from '../chart.ts'
import { byOrder, isDescendant } from './ancestry.ts'
import { domainOf } from './domain.ts'
import type { History } from './history.ts'

/** The states that these transitions leave, the innermost first. */
export function exitSet(
  transitions: readonly ChartCandidate[],
  active: readonly ChartNode[],
  history: History,
): readonly ChartNode[] {
  const exited = new Set<ChartNode>()
  for (const transition of transitions) {
    if (!transition.targets?.length) continue
    const domain = domainOf(transition, history)
    if (transition.reenter && domain !== undefined && transition.source === domain) exited.add(domain)
    for (const node of active) if (isDescendant(node, domain)) exited.add(node)
  }
  return [...exited].sort((a, b) => byOrder(b, a))
}
