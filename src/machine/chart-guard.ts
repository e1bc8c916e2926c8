import { type ChartValue, chartValue, noValue } from './chart-value.ts'
import { builtInGuard, guardNamed, type Machine, type MachineFunction } from './xstate-internals.ts'

/** One guard as it is written, with what it resolves to. `name` is absent where it is written inline. */
export type ChartGuard =
  | {
      readonly kind: 'predicate'
      readonly name?: string
      readonly params: ChartValue
      readonly test: MachineFunction
    }
  | { readonly kind: 'and' | 'or' | 'not'; readonly name?: string; readonly guards: readonly ChartGuard[] }
  /** `value` is a (partial) state value, or the `#id` of a node. */
  | { readonly kind: 'stateIn'; readonly name?: string; readonly value: unknown }
  /** Referenced by a name that nobody registered. */
  | { readonly kind: 'missing'; readonly name: string }
  /** A name that leads back to itself. */
  | { readonly kind: 'cyclic'; readonly name: string }
  /** Made by a library that xstate lets check for itself; only xstate can evaluate it. */
  | { readonly kind: 'opaque'; readonly name?: string }

/** Reads one guard: a name, `{ type, params }`, a function or a combinator. */
export function readGuard(machine: Machine, written: unknown): ChartGuard {
  return read(machine, written, [])
}

function read(machine: Machine, written: unknown, within: readonly string[]): ChartGuard {
  if (typeof written === 'function') {
    return resolved(machine, written as MachineFunction, undefined, noValue, within)
  }
  const name = typeof written === 'string' ? written : String((written as { type?: unknown } | null)?.type)
  if (within.includes(name)) return { kind: 'cyclic', name }
  const implementation = guardNamed(machine, name)
  if (!implementation) return { kind: 'missing', name }
  const inside = [...within, name]
  // A name may stand for another name or object; xstate then forgets the params of the first.
  if (typeof implementation !== 'function') return read(machine, implementation, inside)
  const params =
    typeof written === 'object' && written !== null && 'params' in written
      ? chartValue(written.params)
      : noValue
  return resolved(machine, implementation as MachineFunction, name, params, inside)
}

function resolved(
  machine: Machine,
  implementation: MachineFunction,
  name: string | undefined,
  params: ChartValue,
  within: readonly string[],
): ChartGuard {
  const called = name === undefined ? {} : { name }
  const builtIn = builtInGuard(implementation)
  if (builtIn === undefined) return { ...called, kind: 'predicate', params, test: implementation }
  if (builtIn === 'unknown') return { ...called, kind: 'opaque' }
  if (builtIn.kind === 'stateIn') return { ...called, kind: 'stateIn', value: builtIn.stateValue }
  return {
    ...called,
    kind: builtIn.kind,
    guards: builtIn.guards.map((guard) => read(machine, guard, within)),
  }
}
