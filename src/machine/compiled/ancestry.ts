import type { ChartNode } from '../chart.ts'

/** From the parent upwards, without `until` and what is above it. */
export function properAncestors(node: ChartNode, until?: ChartNode): readonly ChartNode[] {
  const ancestors: ChartNode[] = []
  if (node === until) return ancestors
  for (let above = node.parent; above !== undefined && above !== until; above = above.parent)
    ancestors.push(above)
  return ancestors
}

/** xstate's rule, also for no ancestor at all: everything descends from that. */
export function isDescendant(node: ChartNode, ancestor: ChartNode | undefined): boolean {
  if (ancestor === undefined) return true
  for (let above = node.parent; above !== undefined; above = above.parent) if (above === ancestor) return true
  return false
}

/** The children that can be active. */
export function statesOf(node: ChartNode): readonly ChartNode[] {
  return node.children.filter((child) => child.kind !== 'history')
}

/** In document order. */
export function byOrder(a: ChartNode, b: ChartNode): number {
  return a.order - b.order
}
