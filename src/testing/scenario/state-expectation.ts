import { isDeepStrictEqual } from 'node:util'
import type { Aggregate, PartialValue, StateOf } from '../../aggregate/aggregate-type.ts'
import type { StateView } from '../../machine/kernel.ts'
import { ScenarioFailure } from './scenario-failure.ts'

/** What a state must be; only what is named is compared. */
export interface StateExpectation<A extends Aggregate> {
  /** The whole state value. */
  readonly value?: StateOf<A>['value']
  /** A part of the state value: see `matches` of xstate. */
  readonly matches?: PartialValue<StateOf<A>['value']>
  /** Only the keys that are named. */
  readonly context?: Partial<StateOf<A>['context']>
  readonly status?: 'active' | 'done'
  /** All tags of the state, in any order. */
  readonly tags?: readonly (StateOf<A>['tags'] extends ReadonlySet<infer Tag> ? Tag : never)[]
}

/** @throws ScenarioFailure where the state is another. */
export function checkState<A extends Aggregate>(
  view: StateView,
  expected: StateExpectation<A>,
  what: string,
): void {
  const wanted: Record<string, unknown> = { ...expected }
  const actual: Record<string, unknown> = {}
  if ('value' in wanted) actual['value'] = view.value
  if ('matches' in wanted)
    actual['matches'] = view.matches(wanted['matches']) ? wanted['matches'] : view.value
  if ('context' in wanted) actual['context'] = picked(view.context, Object.keys(expected.context ?? {}))
  if ('status' in wanted) actual['status'] = view.status
  if ('tags' in wanted) {
    actual['tags'] = [...view.tags].sort()
    wanted['tags'] = [...(expected.tags ?? [])].sort()
  }
  if (isDeepStrictEqual(actual, wanted)) return
  throw new ScenarioFailure(`${what} led to another state.`, { actual, expected: wanted })
}

function picked(context: unknown, keys: readonly string[]): object {
  const all = Object(context) as Record<string, unknown>
  return Object.fromEntries(keys.filter((key) => key in all).map((key) => [key, all[key]]))
}
