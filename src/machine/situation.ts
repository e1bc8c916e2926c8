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

/**
 * The active nodes as a tree, which both the state value and the search for transitions follow.
 *
 * xstate (5.33) can lose a parent: where a history state is targeted from within its own parent for the first time,
 * what is left is worked out before the history is recorded, and what is entered after. It then goes on with the
 * nodes that it has, and fills in the others wherever it reads the state; so that is done here as well.
 */
export class ActiveTree {
  readonly #children = new Map<ChartNode, ChartNode[]>()

  constructor(nodes: readonly ChartNode[]) {
    for (const node of filledIn(nodes)) {
      if (node.parent === undefined) continue
      const siblings = this.#children.get(node.parent)
      if (siblings === undefined) this.#children.set(node.parent, [node])
      else siblings.push(node)
    }
  }

  childrenOf(node: ChartNode): readonly ChartNode[] {
    const children = this.#children.get(node) ?? []
    const [first] = children
    return node.kind === 'compound' && first !== undefined && isLeaf(first) ? [first] : children
  }

  /** The node and all that is active below it. */
  from(node: ChartNode): readonly ChartNode[] {
    return [node, ...this.childrenOf(node).flatMap((child) => this.from(child))]
  }
}

function filledIn(nodes: readonly ChartNode[]): ReadonlySet<ChartNode> {
  const all = new Set(nodes)
  const withChild = new Set(nodes.map(({ parent }) => parent))
  const addInitial = (node: ChartNode): void => {
    all.add(node)
    if (node.kind === 'compound') for (const initial of node.initial?.targets ?? []) addInitial(initial)
    if (node.kind === 'parallel')
      for (const child of node.children) if (child.kind !== 'history') addInitial(child)
  }
  for (const node of all) {
    if (node.kind === 'compound' && !withChild.has(node)) addInitial(node)
    if (node.kind !== 'parallel') continue
    for (const child of node.children) if (child.kind !== 'history' && !all.has(child)) addInitial(child)
  }
  for (const node of all) if (node.parent !== undefined) all.add(node.parent)
  return all
}

/** xstate's state value: a string, or an object by region. */
export function stateValueOf(chart: Chart, tree: ActiveTree): unknown {
  const below = (node: ChartNode): unknown => {
    const children = tree.childrenOf(node)
    const [only] = children
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
