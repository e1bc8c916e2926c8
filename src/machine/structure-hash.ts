import { createHash } from 'node:crypto'
import type { Chart, ChartCandidate, ChartNode } from './chart.ts'
import type { ChartAction } from './chart-action.ts'
import type { ChartGuard } from './chart-guard.ts'
import type { ChartValue } from './chart-value.ts'

/**
 * A hash of everything that a stored state could hang on: the states, their kinds and order, where events lead,
 * which guards and actions they name, the context before any event (a key more there is missing in every older
 * snapshot). A snapshot of another structure is not used, and the stream is replayed instead, so it is cautious; but
 * what cannot matter (tags, meta, descriptions) and what differs from build to build (the code inside a function)
 * stays out.
 * @param initialContext the context of some new aggregate.
 */
export function structureHashOf(chart: Chart, initialContext: () => unknown): string {
  const structure = { format: 1, context: steady(initialContext), nodes: chart.nodes.map(nodeStructure) }
  return createHash('sha256').update(JSON.stringify(structure)).digest('hex').slice(0, 32)
}

/** A context that is another one each time (a mistake, and found elsewhere) must not give a hash that is. */
function steady(initialContext: () => unknown): string {
  const attempt = (): string => {
    try {
      return textOf(initialContext())
    } catch {
      return 'none'
    }
  }
  const first = attempt()
  return first === attempt() ? first : 'unsteady'
}

/** As JSON, where it can be: what a machine holds elsewhere is not for us to refuse. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value
  } catch {
    return typeof value
  }
}

function nodeStructure(node: ChartNode): unknown {
  return {
    id: node.id,
    path: node.path,
    kind: node.kind,
    initial: node.initial && [ids(node.initial.targets), node.initial.actions.map(actionStructure)],
    history: node.history && [node.history.depth, ids(node.history.defaults)],
    entry: node.entry.map(actionStructure),
    exit: node.exit.map(actionStructure),
    always: node.always.map(candidateStructure),
    transitions: [...node.transitions].map(([descriptor, list]) => [
      descriptor,
      list.map(candidateStructure),
    ]),
    invoke: node.invoke,
    output: valueStructure(node.output),
  }
}

const ids = (nodes: readonly ChartNode[]): readonly string[] => nodes.map(({ id }) => id)

function candidateStructure(candidate: ChartCandidate): unknown {
  return {
    guard: candidate.guard && guardStructure(candidate.guard),
    targets: candidate.targets && ids(candidate.targets),
    reenter: candidate.reenter,
    actions: candidate.actions.map(actionStructure),
  }
}

function guardStructure(guard: ChartGuard): unknown {
  switch (guard.kind) {
    case 'predicate':
      return [guard.kind, guard.name, valueStructure(guard.params)]
    case 'and':
    case 'or':
    case 'not':
      return [guard.kind, guard.name, guard.guards.map(guardStructure)]
    case 'stateIn':
      return [guard.kind, guard.name, textOf(guard.value)]
    default:
      return [guard.kind, guard.name]
  }
}

function actionStructure(action: ChartAction): unknown {
  const written = [action.kind, action.name, valueStructure(action.params)]
  switch (action.kind) {
    case 'emit':
      return [...written, valueStructure(action.event)]
    case 'raise':
      return [...written, valueStructure(action.event), valueStructure(action.delay)]
    case 'assign':
      return action.assignment.kind === 'whole'
        ? [...written, action.assignment.kind]
        : [...written, [...action.assignment.keys].map(([key, value]) => [key, valueStructure(value)])]
    default:
      return written
  }
}

function valueStructure(value: ChartValue): unknown {
  return value.kind === 'fixed' ? [value.kind, textOf(value.value)] : [value.kind]
}
