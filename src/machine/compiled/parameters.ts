import type { ChartValue } from '../chart-value.ts'
import type { Message } from '../message.ts'

export type Parameters = (context: unknown, event: Message) => unknown

/** The params of a named guard or action; undefined where it has none. */
export function parametersOf(params: ChartValue): Parameters | undefined {
  switch (params.kind) {
    case 'none':
      return undefined
    case 'fixed':
      return () => params.value
    case 'computed': {
      const compute = params.compute as unknown as (argument: { context: unknown; event: Message }) => unknown
      return (context, event) => compute({ context, event })
    }
  }
}

const noParameters: Parameters = () => undefined

/** The same for where they are always asked for. */
export function parametersOrNone(params: ChartValue): Parameters {
  return parametersOf(params) ?? noParameters
}
