import type { JsonObject, JsonValue } from '../event/json.ts'
import type { Chart, ChartNode } from './chart.ts'
import { StateMisfit } from './machine-errors.ts'
import { isConfiguration, type Situation } from './situation.ts'

/**
 * A state as JSON: the ids of the active nodes in xstate's order (its state value would lose that order), the
 * context, and what history nodes remember. The same for both engines, so a snapshot outlives a change of engine.
 */
export function dumpOf(situation: Situation): JsonValue {
  const history = [...situation.history].map(([node, kept]) => [node.id, kept.map(({ id }) => id)])
  return {
    nodes: situation.nodes.map((node) => node.id),
    context: situation.context as JsonValue,
    ...(history.length > 0 ? { history: Object.fromEntries(history) as JsonObject } : {}),
    ...(situation.status === 'done' ? { status: 'done' } : {}),
    ...(situation.output === undefined ? {} : { output: situation.output as JsonValue }),
  }
}

/**
 * The state that a dump holds.
 * xstate itself would fill a missing region with its initial state, silently; here everything must fit.
 * @throws StateMisfit
 */
export function situationOf(chart: Chart, dump: JsonValue): Situation {
  const misfit = (reason: string): StateMisfit => new StateMisfit(chart.id, reason, dump)
  if (!isObject(dump)) throw misfit('it is no object.')
  const { nodes: active, context, history: remembered = {}, status, output } = dump
  const byId = new Map(chart.nodes.map((node) => [node.id, node]))
  const nodesOf = (ids: JsonValue | undefined): readonly ChartNode[] => {
    if (!Array.isArray(ids)) throw misfit('a list of states is missing.')
    return ids.map((id) => byId.get(id) ?? raise(misfit(`the machine has no state '${id}'.`)))
  }
  const nodes = nodesOf(active)
  if (!isConfiguration(chart, nodes)) throw misfit('its states cannot be active together.')
  if (!isObject(context)) throw misfit('its context is no object.')
  if (!isObject(remembered)) throw misfit('its history is no object.')
  const history = new Map<ChartNode, readonly ChartNode[]>()
  for (const [id, kept] of Object.entries(remembered)) {
    const node = byId.get(id)
    if (node?.kind !== 'history') throw misfit(`the machine has no history state '${id}'.`)
    const states = nodesOf(kept)
    if (!states.every((state) => isWithin(state, node.parent))) {
      throw misfit(`the history state '${id}' remembers states of elsewhere.`)
    }
    history.set(node, states)
  }
  return {
    nodes,
    context,
    history,
    status: status === 'done' ? 'done' : 'active',
    output,
  }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isWithin(node: ChartNode, ancestor: ChartNode | undefined): boolean {
  let above = node.parent
  while (above !== undefined && above !== ancestor) above = above.parent
  return above !== undefined
}

function raise(error: Error): never {
  throw error
}
