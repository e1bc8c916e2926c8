import type { ChartNode } from '../chart.ts'
import { isLeaf } from '../situation.ts'
import { isDescendant } from './ancestry.ts'

/** What each history node remembers. */
export type History = ReadonlyMap<ChartNode, readonly ChartNode[]>

/**
 * What history nodes remember once these states are left.
 * @returns the very same map where none of them has a history node: xstate goes by that identity.
 */
export function historyAfter(
  exited: readonly ChartNode[],
  active: readonly ChartNode[],
  history: History,
): History {
  let changed: Map<ChartNode, readonly ChartNode[]> | undefined
  for (const left of exited) {
    for (const node of left.children) {
      if (node.history === undefined) continue
      changed ??= new Map(history)
      const { depth } = node.history
      changed.set(
        node,
        active.filter((state) =>
          depth === 'deep' ? isLeaf(state) && isDescendant(state, left) : state.parent === left,
        ),
      )
    }
  }
  return changed ?? history
}
