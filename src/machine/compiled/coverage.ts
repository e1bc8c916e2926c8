import type { Chart, ChartCandidate, ChartNode } from '../chart.ts'
import type { ChartAction } from '../chart-action.ts'
import type { ChartGuard } from '../chart-guard.ts'
import { referencedNode } from './guard.ts'

/**
 * Why a machine is left to xstate, if it is: what it uses there is either forbidden to an aggregate or not worth a
 * second implementation.
 */
export function notCompiled(chart: Chart): string | undefined {
  for (const node of chart.nodes) {
    const reason = reasonOf(chart, node)
    if (reason !== undefined) return `${[chart.id, ...node.path].join('.')}: ${reason}`
  }
  return undefined
}

function reasonOf(chart: Chart, node: ChartNode): string | undefined {
  if (node.invoke.length > 0) return 'it invokes an actor.'
  if (node.parent !== undefined && node.key === '') return 'its key is empty.'
  if (node.history?.defaults.length === 0) return 'its default target does not exist.'
  for (const delay of node.after.keys()) {
    if (Number.isNaN(Number(delay))) return `its delay '${delay}' is computed.`
  }
  const candidates = [...node.transitions.values(), node.always].flat()
  const actions = [
    ...node.entry,
    ...node.exit,
    ...(node.initial?.actions ?? []),
    ...candidates.flatMap(actionsOf),
  ]
  return (
    first(actions, reasonOfAction) ?? first(candidates, ({ guard }) => guard && reasonOfGuard(chart, guard))
  )
}

const actionsOf = (candidate: ChartCandidate): readonly ChartAction[] => candidate.actions

function reasonOfAction(action: ChartAction): string | undefined {
  switch (action.kind) {
    case 'emit':
    case 'assign':
    case 'custom':
    case 'missing':
      return undefined
    case 'raise':
      if (action.event.kind === 'fixed' && typeof action.event.value === 'string')
        return 'it raises a string.'
      return action.delay.kind === 'none' || typeof delayOf(action) === 'number'
        ? undefined
        : 'it raises an event after a computed delay.'
    case 'invalid':
      return 'it has an action that is none.'
    default:
      return `it uses ${action.kind}.`
  }
}

function delayOf(action: ChartAction & { readonly kind: 'raise' }): unknown {
  return action.delay.kind === 'fixed' ? action.delay.value : undefined
}

function reasonOfGuard(chart: Chart, guard: ChartGuard): string | undefined {
  switch (guard.kind) {
    case 'predicate':
      return undefined
    case 'and':
    case 'or':
    case 'not':
      return first(guard.guards, (inner) => reasonOfGuard(chart, inner))
    case 'stateIn':
      return typeof guard.value === 'string' &&
        guard.value.startsWith('#') &&
        referencedNode(chart, guard.value) === undefined
        ? `its guard looks for the state '${guard.value}', which does not exist.`
        : undefined
    case 'missing':
      return `its guard '${guard.name}' is not implemented.`
    case 'cyclic':
      return `its guard '${guard.name}' leads back to itself.`
    case 'opaque':
      return 'it has a guard that only xstate can evaluate.'
  }
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}
