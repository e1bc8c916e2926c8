import { type Aggregate, behaviour } from '../../aggregate/aggregate-type.ts'
import type { DiagramGraph } from '../../diagram/graph.ts'
import type { DefinitionInfo, SystemInfo } from '../wire.ts'
import type { ApiContext } from './context.ts'

export function systemInfo({ system, insight, charts }: ApiContext): SystemInfo {
  const definitions = insight.definitions.map((definition) =>
    definitionInfo(definition, charts.graph(definition)),
  )
  return { id: system.id, store: insight.store, definitions }
}

function definitionInfo(definition: Aggregate, { nodes, edges }: DiagramGraph): DefinitionInfo {
  const steps = [...edges, ...nodes.flatMap(({ inner }) => inner)]
  const events = steps.flatMap(({ kind, trigger, effects }) =>
    kind === 'transition'
      ? effects.filter((effect) => effect !== 'no event')
      : kind === 'event'
        ? [trigger]
        : [],
  )
  return {
    name: definition.name,
    commands: [...definition[behaviour].commandTypes],
    events: [...new Set(events)].sort(),
  }
}
