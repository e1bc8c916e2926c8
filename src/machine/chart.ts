import { type ChartAction, readAction } from './chart-action.ts'
import { type ChartGuard, readGuard } from './chart-guard.ts'
import { type ChartValue, chartValue, noValue } from './chart-value.ts'
import {
  historyDefaults,
  listOf,
  type Machine,
  type MachineFunction,
  type RawNode,
  type RawTransition,
  registeredNames,
  rootOf,
} from './xstate-internals.ts'

/**
 * A machine as plain data: what its author wrote, resolved, without types of xstate. The definition checker,
 * the diagrams and the compiler read this and nothing else.
 */
export interface Chart {
  readonly id: string
  readonly root: ChartNode
  /** Every node, the root first, in document order. */
  readonly nodes: readonly ChartNode[]
  readonly context: ChartContext
  /** The names that `setup` or `provide` registered, used or not. */
  readonly registered: { readonly actions: readonly string[]; readonly guards: readonly string[] }
}

export type ChartContext =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly value: unknown }
  /** Called with `{ input, spawn, self }`. */
  | { readonly kind: 'factory'; readonly make: MachineFunction }

export type ChartNodeKind = 'atomic' | 'compound' | 'parallel' | 'final' | 'history'

export interface ChartNode {
  /** The keys from the root (which has none) to this node. */
  readonly path: readonly string[]
  readonly key: string
  /** xstate's id: `machine.key.key`, or what the author chose. */
  readonly id: string
  readonly kind: ChartNodeKind
  /** Its place in document order. */
  readonly order: number
  readonly parent: ChartNode | undefined
  readonly children: readonly ChartNode[]
  /** Of a compound node, and of a parallel one that names an initial state for its actions. */
  readonly initial:
    | { readonly targets: readonly ChartNode[]; readonly actions: readonly ChartAction[] }
    | undefined
  readonly history: ChartHistory | undefined
  readonly entry: readonly ChartAction[]
  readonly exit: readonly ChartAction[]
  /** What is written in `on`, by descriptor. */
  readonly on: ReadonlyMap<string, readonly ChartCandidate[]>
  readonly always: readonly ChartCandidate[]
  /** By delay, as written. */
  readonly after: ReadonlyMap<string, readonly ChartCandidate[]>
  readonly onDone: readonly ChartCandidate[]
  readonly invoke: readonly { readonly id: string; readonly source: string }[]
  readonly tags: readonly string[]
  readonly meta: unknown
  readonly description: string | undefined
  /** Of a final node and of the root. */
  readonly output: ChartValue
  /** Everything that this node answers, by xstate's own descriptor: `on`, `onDone`, `after`, invoke and routes. */
  readonly transitions: ReadonlyMap<string, readonly ChartCandidate[]>
}

/** Of a history node. */
export interface ChartHistory {
  readonly depth: 'shallow' | 'deep'
  /** Where it leads before there is a history: its own target, its parent's initial state, or its parent. */
  readonly defaults: readonly ChartNode[]
  readonly origin: 'target' | 'initial' | 'parent'
}

/** One way to answer an event. xstate takes the first of a list whose guard holds. */
export interface ChartCandidate {
  readonly source: ChartNode
  /** The event type, a wildcard, or a descriptor of xstate's own. Empty for `always`. */
  readonly descriptor: string
  /** Its place among the candidates of its descriptor. */
  readonly index: number
  readonly guard: ChartGuard | undefined
  /** Absent: it moves nothing. */
  readonly targets: readonly ChartNode[] | undefined
  readonly reenter: boolean
  readonly actions: readonly ChartAction[]
  readonly description: string | undefined
  readonly meta: unknown
}

type Draft<T> = { -readonly [K in keyof T]: T[K] }

/**
 * Reads a machine.
 * @param machine made by `createMachine`, of xstate 5.
 */
export function readChart(machine: Machine): Chart {
  const drafts = new Map<RawNode, Draft<ChartNode>>()
  const nodes: ChartNode[] = []
  const draft = (raw: RawNode, parent: ChartNode | undefined): ChartNode => {
    const node: Draft<ChartNode> = blank(raw, parent)
    drafts.set(raw, node)
    nodes.push(node)
    node.children = Object.values(raw.states).map((child) => draft(child, node))
    return node
  }
  const root = draft(rootOf(machine), undefined)
  const read: Reading = {
    machine,
    node: (raw) => drafts.get(raw) ?? unknownNode(raw),
    actions: (written) => listOf(written).map((action) => readAction(machine, action)),
  }
  for (const [raw, node] of drafts) fill(node, raw, read)
  return { id: machine.id, root, nodes, context: contextOf(machine), registered: registeredNames(machine) }
}

interface Reading {
  readonly machine: Machine
  readonly node: (raw: RawNode) => ChartNode
  readonly actions: (written: unknown) => readonly ChartAction[]
}

function unknownNode(raw: RawNode): never {
  throw new TypeError(`The node '${raw.id}' does not belong to this machine.`)
}

function contextOf(machine: Machine): ChartContext {
  const context: unknown = machine.config.context
  if (typeof context === 'function') return { kind: 'factory', make: context as MachineFunction }
  return context ? { kind: 'fixed', value: context } : { kind: 'none' }
}

function blank(raw: RawNode, parent: ChartNode | undefined): Draft<ChartNode> {
  return {
    path: raw.path,
    key: raw.key,
    id: raw.id,
    kind: raw.type,
    order: raw.order,
    parent,
    children: [],
    initial: undefined,
    history: undefined,
    entry: [],
    exit: [],
    on: new Map(),
    always: [],
    after: new Map(),
    onDone: [],
    invoke: raw.invoke.map(({ id, src }) => ({ id, source: String(src) })),
    tags: raw.tags,
    meta: raw.meta,
    description: raw.description,
    output: raw.output === undefined ? noValue : chartValue(raw.output),
    transitions: new Map(),
  }
}

function fill(node: Draft<ChartNode>, raw: RawNode, read: Reading): void {
  // Of a parallel node only the actions count: all its children are entered anyway.
  if (raw.type === 'compound' || (raw.type === 'parallel' && raw.config.initial !== undefined)) {
    node.initial = {
      targets: raw.initial.target.map(read.node),
      actions: read.actions(raw.initial.actions),
    }
  }
  if (raw.type === 'history') {
    const { origin, nodes } = historyDefaults(read.machine, raw)
    const depth = raw.history === 'deep' ? 'deep' : 'shallow'
    node.history = { depth, origin, defaults: nodes.map(read.node) }
  }
  // Not `raw.entry`: to that xstate adds the timers of `after`.
  node.entry = read.actions(raw.config.entry)
  node.exit = read.actions(raw.config.exit)
  const transitions = new Map<string, readonly ChartCandidate[]>()
  for (const [descriptor, list] of raw.transitions) transitions.set(descriptor, candidates(list, read))
  node.transitions = transitions
  node.always = candidates(raw.always ?? [], read)
  const doneDescriptor = `xstate.done.state.${raw.id}`
  node.onDone = raw.config.onDone === undefined ? [] : (transitions.get(doneDescriptor) ?? [])
  node.on = new Map(
    Object.keys(raw.config.on ?? {}).flatMap((descriptor) => {
      const list = transitions.get(descriptor)
      return list === undefined ? [] : [[descriptor, list] as const]
    }),
  )
  node.after = new Map(
    Object.keys(raw.config.after ?? {}).map((delay) => {
      const descriptor = `xstate.after.${delay}.${raw.id}`
      return [delay, transitions.get(descriptor) ?? []] as const
    }),
  )
}

function candidates(list: readonly RawTransition[], read: Reading): readonly ChartCandidate[] {
  return list.map((raw, index) => ({
    source: read.node(raw.source),
    descriptor: raw.eventType,
    index,
    guard: raw.guard ? readGuard(read.machine, raw.guard) : undefined,
    targets: raw.target?.map(read.node),
    reenter: raw.reenter,
    actions: read.actions(raw.actions),
    description: raw.description,
    meta: raw.meta,
  }))
}
