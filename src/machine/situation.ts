import type { Chart, ChartNode } from './chart.ts'

/** A state of a machine as both engines understand it. */
export interface Situation {
  /** Every active node, the root first, in xstate's own order. */
  readonly nodes: readonly ChartNode[]
  readonly context: unknown
  /** What each history node remembers. */
  readonly history: ReadonlyMap<ChartNode, readonly ChartNode[]>
  readonly status: 'active' | 'done'
  /** Of a finished machine. */
  readonly output: unknown
}

/** xstate's state value: a string, or an object by region. */
export function stateValueOf(chart: Chart, nodes: readonly ChartNode[]): unknown {
  const active = new Map<ChartNode, ChartNode[]>()
  for (const node of nodes) {
    if (node.parent === undefined) continue
    const siblings = active.get(node.parent)
    if (siblings === undefined) active.set(node.parent, [node])
    else siblings.push(node)
  }
  const below = (node: ChartNode): unknown => {
    const children = active.get(node) ?? []
    const only = children[0]
    if (node.kind === 'compound' && only !== undefined && isLeaf(only)) return only.key
    return Object.fromEntries(children.map((child) => [child.key, below(child)]))
  }
  return below(chart.root)
}

export function isLeaf(node: ChartNode): boolean {
  return node.kind === 'atomic' || node.kind === 'final'
}

/** Whether these nodes can be active together: nothing missing, nothing twice. */
export function isConfiguration(chart: Chart, nodes: readonly ChartNode[]): boolean {
  const active = new Set(nodes)
  if (active.size !== nodes.length || !active.has(chart.root)) return false
  return nodes.every((node) => {
    if (node.kind === 'history' || (node.parent !== undefined && !active.has(node.parent))) return false
    const states = node.children.filter((child) => child.kind !== 'history')
    const count = states.filter((child) => active.has(child)).length
    return node.kind === 'parallel' ? count === states.length : count === (node.kind === 'compound' ? 1 : 0)
  })
}
