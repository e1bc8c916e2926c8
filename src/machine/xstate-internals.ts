import {
  type AnyActorScope,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  and,
  createActor,
  createMachine,
  type EventObject,
  matchesState,
  not,
  or,
  stateIn,
} from 'xstate'

/**
 * The one place that knows how xstate 5 keeps a machine inside. Everything else reads what is given here, so that a
 * release of xstate that moves its furniture (which is why it is pinned) costs one file.
 */

/** A machine, whatever its types. */
export type Machine = AnyStateMachine

/** xstate's own node, as far as it is read here. */
export interface RawNode {
  readonly id: string
  readonly key: string
  readonly path: readonly string[]
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history'
  readonly order: number
  readonly history: false | 'shallow' | 'deep'
  readonly parent?: RawNode
  readonly states: Readonly<Record<string, RawNode>>
  readonly initial: { readonly target: readonly RawNode[]; readonly actions: readonly unknown[] }
  readonly transitions: ReadonlyMap<string, readonly RawTransition[]>
  readonly always?: readonly RawTransition[]
  readonly invoke: readonly { readonly id: string; readonly src: unknown }[]
  readonly tags: readonly string[]
  readonly meta?: unknown
  readonly description?: string
  readonly output?: unknown
  /** What the author wrote. */
  readonly config: {
    readonly entry?: unknown
    readonly exit?: unknown
    readonly on?: Readonly<Record<string, unknown>>
    readonly onDone?: unknown
    readonly after?: Readonly<Record<string, unknown>>
    readonly target?: unknown
    readonly initial?: unknown
  }
}

/** xstate's own transition, as far as it is read here. */
export interface RawTransition {
  readonly eventType: string
  readonly target?: readonly RawNode[]
  readonly source: RawNode
  readonly reenter: boolean
  readonly guard?: unknown
  readonly actions: readonly unknown[]
  readonly description?: string
  readonly meta?: unknown
  readonly delay?: string | number
}

/** A function of a machine: a guard, an action, an assigner, a mapper. */
export type MachineFunction = (argument: never, parameters?: never) => unknown

export type BuiltInAction =
  | { readonly type: 'xstate.emit'; readonly event: unknown }
  | { readonly type: 'xstate.assign'; readonly assignment: unknown }
  | { readonly type: 'xstate.raise'; readonly event: unknown; readonly delay?: unknown }
  | { readonly type: 'xstate.cancel' }
  | { readonly type: 'xstate.enqueueActions' }
  | { readonly type: 'xstate.log' }
  | { readonly type: 'xstate.sendTo' }
  | { readonly type: 'xstate.spawnChild' }
  | { readonly type: 'xstate.stopChild' }

export type BuiltInGuard =
  | { readonly kind: 'and' | 'or' | 'not'; readonly guards: readonly unknown[] }
  | { readonly kind: 'stateIn'; readonly stateValue: unknown }

/** xstate keeps one value where it takes a list. */
export function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value]
}

export function rootOf(machine: Machine): RawNode {
  return machine.root as unknown as RawNode
}

export function isMachine(value: unknown): value is Machine {
  return typeof value === 'object' && value !== null && 'root' in value && 'implementations' in value
}

/** Every node by its id, in document order. */
function nodesById(machine: Machine): ReadonlyMap<string, RawNode> {
  return (machine as unknown as { readonly idMap: ReadonlyMap<string, RawNode> }).idMap
}

/** A node by its `#id` or `#id.child`. */
export function nodeById(machine: Machine, id: string): RawNode | undefined {
  try {
    return machine.getStateNodeById(id) as unknown as RawNode
  } catch {
    return undefined
  }
}

export interface HistoryDefaults {
  /** Its own target; else the initial transition of its parent; else, in a parallel state, the parent itself. */
  readonly origin: 'target' | 'initial' | 'parent'
  readonly nodes: readonly RawNode[]
}

/** Where a history node leads before there is a history: nowhere if one of its targets does not exist. */
export function historyDefaults(machine: Machine, node: RawNode): HistoryDefaults {
  const parent = node.parent
  if (parent === undefined) return { origin: 'parent', nodes: [] }
  const written = listOf(node.config.target === '' ? undefined : node.config.target)
  if (written.length === 0) {
    return parent.type === 'parallel'
      ? { origin: 'parent', nodes: [parent] }
      : { origin: 'initial', nodes: parent.initial.target }
  }
  const nodes = written.flatMap((target) => {
    if (typeof target !== 'string') return [target as RawNode]
    const found = target.startsWith('#') ? nodeById(machine, target) : descendant(parent, target.split('.'))
    return found === undefined ? [] : [found]
  })
  return { origin: 'target', nodes: nodes.length === written.length ? nodes : [] }
}

function descendant(from: RawNode, path: readonly string[]): RawNode | undefined {
  let node: RawNode | undefined = from
  for (const key of path) node = node?.states[key]
  return node
}

/** What `setup` or `provide` registered under this name. */
export function actionNamed(machine: Machine, name: string): MachineFunction | undefined {
  return ownFunction(machine.implementations.actions, name)
}

/** What is registered for a guard: a function, or the name or object of another guard. */
export function guardNamed(machine: Machine, name: string): unknown {
  const guards = machine.implementations.guards as Readonly<Record<string, unknown>> | undefined
  return guards?.[name]
}

export function registeredNames(machine: Machine): {
  readonly actions: readonly string[]
  readonly guards: readonly string[]
} {
  return {
    actions: Object.keys(machine.implementations.actions ?? {}),
    guards: Object.keys(machine.implementations.guards ?? {}),
  }
}

function ownFunction(registered: unknown, name: string): MachineFunction | undefined {
  const found = (registered as Readonly<Record<string, unknown>> | undefined)?.[name]
  return typeof found === 'function' ? (found as MachineFunction) : undefined
}

/** The built-in action that an action function is, if it is one: xstate marks them with `type` and `resolve`. */
export function builtInAction(action: MachineFunction): BuiltInAction | undefined {
  return 'resolve' in action ? (action as unknown as BuiltInAction) : undefined
}

const checkOf = (guard: unknown): unknown => (guard as { check?: unknown }).check
const checks: ReadonlyMap<unknown, 'and' | 'or' | 'not' | 'stateIn'> = new Map([
  [checkOf(and([])), 'and'],
  [checkOf(or([])), 'or'],
  [checkOf(not(() => true)), 'not'],
  [checkOf(stateIn('')), 'stateIn'],
] as const)
const checkNames: Readonly<Record<string, 'and' | 'or' | 'not' | 'stateIn'>> = {
  checkAnd: 'and',
  checkOr: 'or',
  checkNot: 'not',
  checkStateIn: 'stateIn',
}

/**
 * The combinator that a guard function is: undefined for a plain guard, 'unknown' for one that xstate treats as its
 * own but that is none we know. By identity, and by name for a machine that was made with another copy of xstate.
 */
export function builtInGuard(guard: MachineFunction): BuiltInGuard | 'unknown' | undefined {
  if (!('check' in guard)) return undefined
  const check = guard.check
  const kind = checks.get(check) ?? (typeof check === 'function' ? checkNames[check.name] : undefined)
  if (kind === undefined) return 'unknown'
  if (kind === 'stateIn') return { kind, stateValue: (guard as { stateValue?: unknown }).stateValue }
  return { kind, guards: (guard as { guards?: readonly unknown[] }).guards ?? [] }
}

/** A state as xstate keeps it. Never changed by us. */
export type Snapshot = AnyMachineSnapshot

/** The nodes of a snapshot in xstate's own order, which the order of emits in parallel states hangs on. */
export function nodesOf(snapshot: Snapshot): readonly RawNode[] {
  return snapshot._nodes as unknown as readonly RawNode[]
}

/** What the history nodes of a snapshot remember, by their id. */
export function historyOf(snapshot: Snapshot): ReadonlyMap<string, readonly RawNode[]> {
  return new Map(Object.entries(snapshot.historyValue as unknown as Record<string, readonly RawNode[]>))
}

/** The parts of a state that xstate's snapshot is made of; `nodes` in xstate's order, `value` made of them. */
export interface SnapshotParts {
  readonly nodes: readonly string[]
  readonly value: unknown
  readonly context: unknown
  readonly history: ReadonlyMap<string, readonly string[]>
  readonly status: 'active' | 'done'
  readonly output: unknown
}

/** A real snapshot. `machine.resolveState` alone would forget the order of the nodes. */
export function snapshotOf(machine: Machine, parts: SnapshotParts): Snapshot {
  const all = nodesById(machine)
  const node = (id: string): RawNode => all.get(id) as RawNode
  const history = Object.fromEntries([...parts.history].map(([id, nodes]) => [id, nodes.map(node)]))
  const resolved = machine.resolveState({
    value: parts.value as never,
    context: parts.context as never,
    historyValue: history as never,
    output: parts.output as never,
  })
  const nodes = parts.nodes.map(node)
  const tags = new Set(nodes.flatMap((each) => each.tags))
  return Object.assign(resolved, {
    _nodes: nodes,
    value: parts.value,
    tags,
    status: parts.status,
  }) as Snapshot
}

/** xstate's own `matches` on a state value. */
export function valueMatches(partial: unknown, value: unknown): boolean {
  return matchesState(partial as never, value as never)
}

/** Longer chains of `always` and raised events are taken for endless. xstate itself would never return. */
const longestChain = 1_000

/** How many steps one event may lead to. */
export function chainLimitOf(machine: Machine): number {
  return Math.min(machine.options.maxIterations ?? longestChain, longestChain)
}

/**
 * The machine as we run it: a copy, so that what xstate remembers by event type is ours alone, and so that nothing
 * is changed in the user's. xstate hides what a guard throws behind an error of its own, without a cause; `onFault`
 * gets what was thrown.
 */
function privateCopy(machine: Machine, onFault: (thrown: unknown) => void): Machine {
  const copy: Machine = machine.provide({})
  copy.options.maxIterations = chainLimitOf(machine)
  const checkAll = checkOf(and([])) as (snapshot: unknown, argument: unknown, guard: object) => boolean
  const watched = (guard: unknown) => {
    const watch = () => true
    watch.check = (snapshot: unknown, argument: unknown): boolean => {
      try {
        return checkAll(snapshot, argument, { guards: [guard] })
      } catch (thrown) {
        onFault(thrown)
        throw thrown
      }
    }
    return watch
  }
  for (const node of nodesById(copy).values()) {
    for (const transition of [...[...node.transitions.values()].flat(), ...(node.always ?? [])]) {
      if (transition.guard) Object.assign(transition, { guard: watched(transition.guard) })
    }
  }
  return copy
}

/** One event applied. */
export interface Step {
  readonly next: Snapshot
  /** How many transitions answered the event itself. */
  readonly enabled: number
  /** Whether any transition of the step, also of an `always`, has a target. */
  readonly moved: boolean
  readonly emitted: readonly unknown[]
}

/**
 * An actor that is never started, since xstate wants a `self` and a `system` to pass on. Its own scope would keep
 * every action that it is ever given, each with an actor behind it, so runners have scopes of their own.
 */
export const inertActor = createActor(createMachine({}))

export interface Runner {
  /** The machine that snapshots are made for. */
  readonly machine: Machine
  /** @throws what the context factory or an initial action throws. */
  initial(input: unknown): Step
  /** @throws what a guard, action or assign throws. */
  step(snapshot: Snapshot, event: EventObject): Step
}

/**
 * Runs a machine as a pure function over ONE scope that is made here and used for ever. xstate's public
 * `transition()` makes an actor, and with it the initial state, for every single call.
 */
export function runnerOf(original: Machine): Runner {
  let fault: { readonly thrown: unknown } | undefined
  let emitted: unknown[] = []
  let enabled: number | undefined
  let moved = false
  const machine = privateCopy(original, (thrown) => {
    fault = { thrown }
  })
  const self = inertActor
  const inspect = (inspected: { type: string; _transitions?: readonly RawTransition[] }): void => {
    if (inspected.type !== '@xstate.microstep' || inspected._transitions === undefined) return
    enabled ??= inspected._transitions.length
    moved ||= inspected._transitions.some((transition) => transition.target !== undefined)
  }
  const scope = {
    self,
    id: '',
    sessionId: '',
    system: { ...self.system, _sendInspectionEvent: inspect },
    logger: () => undefined,
    defer: () => undefined,
    emit: () => undefined,
    stopChild: () => undefined,
    actionExecutor: (action: { readonly type: string; readonly params?: unknown }) => {
      if (action.type === 'xstate.emit') emitted.push((action.params as { readonly event: unknown }).event)
    },
  } as unknown as AnyActorScope

  const run = (transition: () => Snapshot, from?: Snapshot): Step => {
    fault = undefined
    emitted = []
    enabled = undefined
    moved = false
    try {
      const next = transition()
      // Since 5.33 a throw while initialising becomes a status.
      if (next.status === 'error') throw next.error
      return { next, enabled: enabled ?? 0, moved, emitted }
    } catch (thrown) {
      // Nobody answered the event itself; what `always` made of it does not count.
      if (enabled === 0) return { next: from as Snapshot, enabled, moved, emitted }
      throw fault === undefined ? thrown : (fault as { readonly thrown: unknown }).thrown
    }
  }
  return {
    machine,
    initial: (input) => run(() => machine.getInitialSnapshot(scope, input as never)),
    step: (snapshot, event) => run(() => machine.transition(snapshot, event, scope), snapshot),
  }
}
