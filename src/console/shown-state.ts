import type { DiagramGraph, DiagramNode } from '../diagram/graph.ts'
import type { JsonValue } from '../event/json.ts'
import type { StateView } from '../machine/kernel.ts'
import type { ShownState } from './wire.ts'

/** A state for the page; `graph` is the diagram in which it is lit. */
export function shownState(
  { value, context, status, tags }: Pick<StateView, 'value' | 'context' | 'status' | 'tags'>,
  revision: number,
  graph: DiagramGraph,
): ShownState {
  return {
    revision,
    text: stateText(value),
    status,
    tags: [...tags],
    context: (context ?? null) as JsonValue,
    lit: litStates(graph, value),
  }
}

/** xstate's state value on one line: `open.frozen`, of parallel states `payment.due, parcel.packed`. */
export function stateText(value: unknown): string {
  return leavesOf(value)
    .map((path) => path.join('.'))
    .join(', ')
}

function leavesOf(value: unknown): readonly (readonly string[])[] {
  if (typeof value === 'string') return [[value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const leaves = leavesOf(inner)
    return leaves.length === 0 ? [[key]] : leaves.map((path) => [key, ...path])
  })
}

/** The nodes of the diagram in which the machine is; the machine itself is left out. */
function litStates(graph: DiagramGraph, value: unknown): readonly string[] {
  const [root] = graph.nodes
  const lit = new Set<string>()
  for (const path of leavesOf(value)) {
    let node: DiagramNode | undefined = root
    for (const key of path) {
      node = graph.nodes.find(({ parent, label }) => parent === node?.id && label === key)
      if (node === undefined) break
      lit.add(node.id)
    }
  }
  return [...lit]
}
