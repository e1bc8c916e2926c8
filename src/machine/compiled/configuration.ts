import type { Chart, ChartNode } from '../chart.ts'
import { ActiveTree, stateValueOf } from '../situation.ts'
import { valueMatches } from '../xstate-internals.ts'
import { byOrder } from './ancestry.ts'
import type { CompiledCandidate } from './candidate.ts'
import type { History } from './history.ts'
import type { Choice, Selector } from './selector.ts'
import type { Step } from './step.ts'

/** Which candidates were taken leads to which step. */
export interface StepTree {
  step: Step | undefined
  readonly next: Map<CompiledCandidate, StepTree>
}

/** Everything of a state but its context: there is one object for each, and it remembers where events lead. */
export class Configuration {
  /** The active nodes in xstate's order. */
  readonly nodes: readonly ChartNode[]
  readonly active: ReadonlySet<ChartNode>
  readonly tree: ActiveTree
  readonly history: History
  readonly status: 'active' | 'done'
  /** Whether it is the one object for its configuration. Others are not worth remembering. */
  readonly isInterned: boolean
  /** By the event types that come from outside. */
  readonly selectors = new Map<string, Selector>()
  /** By the event types that a machine sends itself. */
  readonly internalSelectors = new Map<string, Selector>()
  /** For each active leaf its candidates of `always`, up to the root. Set when first asked for. */
  always: readonly (readonly Choice[])[] | undefined
  readonly steps: StepTree = { step: undefined, next: new Map() }
  readonly value: unknown
  readonly #matches = new Map<unknown, boolean>()

  constructor(chart: Chart, parts: ConfigurationParts, isInterned: boolean) {
    this.nodes = parts.nodes
    this.active = new Set(parts.nodes)
    this.tree = new ActiveTree(parts.nodes)
    this.history = parts.history
    this.status = parts.status
    this.isInterned = isInterned
    this.value = stateValueOf(chart, this.tree)
  }

  /** xstate's `matches`, remembered. */
  matches(partial: unknown): boolean {
    let matched = this.#matches.get(partial)
    if (matched === undefined) {
      matched = valueMatches(partial, this.value)
      this.#matches.set(partial, matched)
    }
    return matched
  }
}

export interface ConfigurationParts {
  readonly nodes: readonly ChartNode[]
  readonly history: History
  readonly status: 'active' | 'done'
}

/**
 * More configurations than these are made anew each time: a machine of many regions has more of them than memory.
 * The first ones that occur are those that occur most.
 */
const mostInterned = 10_000

/** Finds the one object for each configuration. */
export class ConfigurationTable {
  readonly #chart: Chart
  readonly #orderMatters: boolean
  readonly #known = new Map<string, Configuration>()

  constructor(chart: Chart) {
    this.#chart = chart
    this.#orderMatters = chart.nodes.some((node) => node.always.length > 0 || node.kind === 'history')
  }

  /**
   * xstate asks for `always` and remembers history in the order in which states were entered. Where a machine has
   * neither, that order cannot be told from outside, and one configuration stands for all orders.
   */
  intern(parts: ConfigurationParts): Configuration {
    const nodes = this.#orderMatters ? parts.nodes : [...parts.nodes].sort(byOrder)
    const key = keyOf(nodes, parts)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const isInterned = this.#known.size < mostInterned
    const configuration = new Configuration(this.#chart, { ...parts, nodes }, isInterned)
    if (isInterned) this.#known.set(key, configuration)
    return configuration
  }
}

function keyOf(nodes: readonly ChartNode[], { history, status }: ConfigurationParts): string {
  const orders = (list: readonly ChartNode[]): string => list.map((node) => node.order).join(',')
  const remembered = [...history].sort(([a], [b]) => byOrder(a, b))
  return [status, orders(nodes), ...remembered.map(([node, kept]) => `${node.order}=${orders(kept)}`)].join(
    ' ',
  )
}
