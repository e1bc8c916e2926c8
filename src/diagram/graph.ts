import type { ChartNodeKind } from '../machine/chart.ts'

/** Which picture: the chart as its author wrote it, or what the domain does. */
export type DiagramView = 'machine' | 'domain'

/** What leads from a state to a state, or happens within one. */
export interface DiagramStep {
  /**
   * `rejection`: a command is refused with a code. `event`: a domain event that no command emits in this state.
   * `always`, `after` and `done` are xstate's own moments.
   */
  readonly kind: 'transition' | 'rejection' | 'event' | 'always' | 'after' | 'done'
  /** The command or event, or the moment: `after 500 ms`. */
  readonly trigger: string
  /** `else`: what the candidates above it left over. */
  readonly guard: string | null
  /** In the view `machine` the actions, in the view `domain` the domain events, or the code of a rejection. */
  readonly effects: readonly string[]
  /** All of it for people: `Withdraw [hasFunds] / Withdrawn`. */
  readonly label: string
  readonly description: string | null
}

/** An arrow. */
export interface DiagramEdge extends DiagramStep {
  readonly id: string
  /** The id of a node. */
  readonly source: string
  /** The id of a node. */
  readonly target: string
}

/** A state. */
export interface DiagramNode {
  /** xstate's id of the state. */
  readonly id: string
  readonly label: string
  readonly kind: ChartNodeKind
  /** The id of the node around it; `null`: it is the machine itself. */
  readonly parent: string | null
  /** The ids of the nodes in which it begins. */
  readonly initial: readonly string[]
  /** Of a history node. */
  readonly history: 'shallow' | 'deep' | null
  readonly description: string | null
  readonly tags: readonly string[]
  /** The actions on entry and on exit, only in the view `machine`. */
  readonly entry: readonly string[]
  readonly exit: readonly string[]
  /** What happens in it and leaves it as it is, in document order. */
  readonly inner: readonly DiagramStep[]
}

/** A diagram as plain data, without places: JSON as it stands. */
export interface DiagramGraph {
  readonly name: string
  readonly view: DiagramView
  /** The machine itself first, then in document order. */
  readonly nodes: readonly DiagramNode[]
  readonly edges: readonly DiagramEdge[]
}
