import { type AnyStateMachine, and, not, or, stateIn } from 'xstate'

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

/** A node by its `#id` or `#id.child`. */
export function nodeById(machine: Machine, id: string): RawNode | undefined {
  try {
    return machine.getStateNodeById(id) as unknown as RawNode
  } catch {
    return undefined
  }
}

/** Where a history node leads before there is a history: its own target, else what xstate takes instead. */
export function historyDefaults(machine: Machine, node: RawNode): readonly RawNode[] {
  const parent = node.parent
  if (parent === undefined) return []
  const written = listOf(node.config.target === '' ? undefined : node.config.target)
  if (written.length === 0) return parent.type === 'parallel' ? [parent] : parent.initial.target
  return written.flatMap((target) => {
    if (typeof target !== 'string') return [target as RawNode]
    const found = target.startsWith('#') ? nodeById(machine, target) : descendant(parent, target.split('.'))
    return found === undefined ? [] : [found]
  })
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
