import type { ChartCandidate, ChartNode } from '../chart.ts'
import { isDescendant, properAncestors } from './ancestry.ts'
import type { History } from './history.ts'

/** The targets with every history node replaced by what it remembers, or by its defaults. */
export function effectiveTargets(
  targets: readonly ChartNode[] | undefined,
  history: History,
): readonly ChartNode[] {
  const effective = new Set<ChartNode>()
  for (const target of targets ?? []) {
    const remembered =
      target.history === undefined
        ? [target]
        : (history.get(target) ?? effectiveTargets(target.history.defaults, history))
    for (const node of remembered) effective.add(node)
  }
  return [...effective]
}

/**
 * The node inside which a transition happens: it stays, its descendants are left and entered.
 * Undefined: even the root is left.
 */
export function domainOf(transition: ChartCandidate, history: History): ChartNode | undefined {
  const { source, reenter } = transition
  const targets = effectiveTargets(transition.targets, history)
  if (!reenter && targets.every((target) => target === source || isDescendant(target, source))) return source
  const common = leastCommonAncestor([...targets, source])
  if (common !== undefined || reenter) return common
  return rootOf(source)
}

function leastCommonAncestor(nodes: readonly ChartNode[]): ChartNode | undefined {
  const [head, ...tail] = nodes
  if (head === undefined) return undefined
  return properAncestors(head).find((ancestor) => tail.every((node) => isDescendant(node, ancestor)))
}

function rootOf(node: ChartNode): ChartNode {
  return properAncestors(node).at(-1) ?? node
}
