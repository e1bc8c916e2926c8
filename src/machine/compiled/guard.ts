import type { Chart, ChartNode } from '../chart.ts'
import type { ChartGuard } from '../chart-guard.ts'
import type { Message } from '../message.ts'
import type { Configuration } from './configuration.ts'
import { parametersOf } from './parameters.ts'

export type Guard = (context: unknown, event: Message, configuration: Configuration) => boolean

type Predicate = (argument: { context: unknown; event: Message }, parameters: unknown) => unknown

/** A guard that calls the user's functions the way xstate does: each with an argument of its own. */
export function compileGuard(chart: Chart, guard: ChartGuard): Guard {
  switch (guard.kind) {
    case 'predicate': {
      const test = guard.test as unknown as Predicate
      const parameters = parametersOf(guard.params)
      return parameters === undefined
        ? (context, event) => Boolean(test({ context, event }, undefined))
        : (context, event) => {
            const argument = { context, event }
            return Boolean(test(argument, parameters(context, event)))
          }
    }
    case 'and':
      return every(guard.guards.map((inner) => compileGuard(chart, inner)))
    case 'or':
      return some(guard.guards.map((inner) => compileGuard(chart, inner)))
    case 'not': {
      const [inner] = guard.guards.map((each) => compileGuard(chart, each))
      return (context, event, configuration) => inner?.(context, event, configuration) !== true
    }
    case 'stateIn': {
      const node = typeof guard.value === 'string' ? referencedNode(chart, guard.value) : undefined
      return node === undefined
        ? (_context, _event, configuration) => configuration.matches(guard.value)
        : (_context, _event, configuration) => configuration.active.has(node)
    }
    default:
      throw new TypeError(`A guard that is '${guard.kind}' cannot be compiled.`)
  }
}

const every =
  (guards: readonly Guard[]): Guard =>
  (context, event, configuration) => {
    for (const guard of guards) if (!guard(context, event, configuration)) return false
    return true
  }

const some =
  (guards: readonly Guard[]): Guard =>
  (context, event, configuration) => {
    for (const guard of guards) if (guard(context, event, configuration)) return true
    return false
  }

/** The node that `#id` or `#id.child` refers to. */
export function referencedNode(chart: Chart, reference: string): ChartNode | undefined {
  if (!reference.startsWith('#')) return undefined
  const [id, ...path] = reference.slice(1).split('.')
  let node = chart.nodes.find((candidate) => candidate.id === id)
  for (const key of path) node = node?.children.find((child) => child.key === key)
  return node
}
