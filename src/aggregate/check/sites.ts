import type { Chart, ChartCandidate, ChartNode } from '../../machine/chart.ts'
import type { ChartAction } from '../../machine/chart-action.ts'
import { actionText } from './action-text.ts'
import { type Learnt, learnEmit } from './learn-emit.ts'

/**
 * What happens at a place of a machine.
 * - `command`, `event`: the transition of a type that has a schema among the commands or the domain events.
 * - `wildcard`: a transition on `*` or `x.*`. `unknown`: on a type that has no schema.
 * - the others: xstate's own moments.
 */
export type SiteKind =
  | 'command'
  | 'event'
  | 'wildcard'
  | 'unknown'
  | 'entry'
  | 'exit'
  | 'initial'
  | 'always'
  | 'onDone'
  | 'after'

/** A place of a machine where actions stand. */
export interface Site {
  readonly kind: SiteKind
  /** For people: `account.open.on.Deposit`. */
  readonly path: string
  readonly node: ChartNode
  /** The type that it answers; absent for xstate's own moments. */
  readonly type: string | undefined
  readonly candidate: ChartCandidate | undefined
  readonly actions: readonly ChartAction[]
  /** What those of its actions emit that are made by emit(). */
  readonly emits: readonly Emit[]
}

export interface Emit {
  /** The action, for people. */
  readonly text: string
  readonly learnt: Learnt
}

/** The path of a node for people: the machine's id, then the keys. */
export function pathOf(chart: Chart, node: ChartNode): string {
  return [chart.id, ...node.path].join('.')
}

/** Every place where actions stand, in document order. */
export function sitesOf(
  chart: Chart,
  commands: ReadonlyMap<string, unknown>,
  events: ReadonlyMap<string, unknown>,
): readonly Site[] {
  const kindOf = (type: string): SiteKind => {
    if (type === '*' || type.endsWith('.*')) return 'wildcard'
    return events.has(type) ? 'event' : commands.has(type) ? 'command' : 'unknown'
  }
  return chart.nodes.flatMap((node) => {
    const path = pathOf(chart, node)
    const moment = (kind: 'entry' | 'exit' | 'initial', actions: readonly ChartAction[]): Site[] =>
      actions.length === 0 ? [] : [site(kind, `${path}.${kind}`, node, actions)]
    const choices = (kind: SiteKind, at: string, list: readonly ChartCandidate[], type?: string): Site[] =>
      list.map((candidate, index) =>
        site(kind, list.length > 1 ? `${at}[${index}]` : at, node, candidate.actions, candidate, type),
      )
    return [
      ...moment('entry', node.entry),
      ...moment('exit', node.exit),
      ...moment('initial', node.initial?.actions ?? []),
      ...choices('always', `${path}.always`, node.always),
      ...[...node.on].flatMap(([type, list]) => choices(kindOf(type), `${path}.on.${type}`, list, type)),
      ...[...node.after].flatMap(([delay, list]) => choices('after', `${path}.after.${delay}`, list)),
      ...choices('onDone', `${path}.onDone`, node.onDone),
    ]
  })
}

function site(
  kind: SiteKind,
  path: string,
  node: ChartNode,
  actions: readonly ChartAction[],
  candidate?: ChartCandidate,
  type?: string,
): Site {
  const emits = actions.flatMap((action) =>
    action.kind === 'emit' ? [{ text: actionText(action), learnt: learnEmit(action, type) }] : [],
  )
  return { kind, path, node, type, candidate, actions, emits }
}
