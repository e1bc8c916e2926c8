import { type ChartValue, chartValue, noValue } from './chart-value.ts'
import { actionNamed, builtInAction, type Machine, type MachineFunction } from './xstate-internals.ts'

interface Reference {
  /** The name it is referenced by; absent where it is written inline. */
  readonly name?: string
  /** What the reference gives along: `{ type: 'reject', params: { code } }`. */
  readonly params: ChartValue
}

/** One action as it is written, with what it resolves to. */
export type ChartAction =
  | (Reference & { readonly kind: 'emit'; readonly event: ChartValue })
  | (Reference & { readonly kind: 'assign'; readonly assignment: Assignment })
  | (Reference & { readonly kind: 'raise'; readonly event: ChartValue; readonly delay: ChartValue })
  | (Reference & { readonly kind: OpaqueKind })
  /** A function of the user's own: a side effect. */
  | (Reference & { readonly kind: 'custom'; readonly implementation: MachineFunction })
  /** Referenced by a name that nobody registered. */
  | (Reference & { readonly kind: 'missing'; readonly name: string })
  /** Neither a name, an object with a `type`, nor a function. */
  | (Reference & { readonly kind: 'invalid'; readonly written: unknown })

/** What xstate does by itself and a pure machine cannot. */
export type OpaqueKind = 'sendTo' | 'enqueueActions' | 'spawnChild' | 'stopChild' | 'cancel' | 'log' | 'other'

/** `assign(function)` or `assign({ key: value or function })`. */
export type Assignment =
  | { readonly kind: 'whole'; readonly compute: MachineFunction }
  | { readonly kind: 'keys'; readonly keys: ReadonlyMap<string, ChartValue> }

/** Reads one action: a name, `{ type, params }`, or a function. */
export function readAction(machine: Machine, written: unknown): ChartAction {
  if (typeof written === 'function') return resolved(written as MachineFunction, { params: noValue })
  if (typeof written === 'string') return named(machine, written, noValue)
  if (typeof written === 'object' && written !== null && 'type' in written) {
    return named(machine, String(written.type), 'params' in written ? chartValue(written.params) : noValue)
  }
  return { kind: 'invalid', params: noValue, written }
}

function named(machine: Machine, name: string, params: ChartValue): ChartAction {
  const implementation = actionNamed(machine, name)
  return implementation === undefined
    ? { kind: 'missing', name, params }
    : resolved(implementation, { name, params })
}

const opaque: Readonly<Record<string, OpaqueKind>> = {
  'xstate.sendTo': 'sendTo',
  'xstate.enqueueActions': 'enqueueActions',
  'xstate.spawnChild': 'spawnChild',
  'xstate.stopChild': 'stopChild',
  'xstate.cancel': 'cancel',
  'xstate.log': 'log',
}

function resolved(implementation: MachineFunction, reference: Reference): ChartAction {
  const builtIn = builtInAction(implementation)
  if (builtIn === undefined) return { ...reference, kind: 'custom', implementation }
  switch (builtIn.type) {
    case 'xstate.emit':
      return { ...reference, kind: 'emit', event: chartValue(builtIn.event) }
    case 'xstate.assign':
      return { ...reference, kind: 'assign', assignment: assignmentOf(builtIn.assignment) }
    case 'xstate.raise':
      return {
        ...reference,
        kind: 'raise',
        event: chartValue(builtIn.event),
        delay: builtIn.delay === undefined ? noValue : chartValue(builtIn.delay),
      }
    default:
      return { ...reference, kind: opaque[builtIn.type] ?? 'other' }
  }
}

function assignmentOf(written: unknown): Assignment {
  if (typeof written === 'function') return { kind: 'whole', compute: written as MachineFunction }
  const keys = Object.entries(written as Readonly<Record<string, unknown>>)
  return { kind: 'keys', keys: new Map(keys.map(([key, value]) => [key, chartValue(value)])) }
}
