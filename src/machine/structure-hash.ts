import { createHash } from 'node:crypto'
import type { Chart, ChartCandidate, ChartNode } from './chart.ts'
import type { ChartAction } from './chart-action.ts'
import type { ChartGuard } from './chart-guard.ts'
import type { ChartValue } from './chart-value.ts'

/**
 * A hash of everything that a stored state could hang on: the states, their kinds and order, where events lead,
 * which guards and actions they name, the context before any event. A snapshot of another structure is not used, and
 * the stream is replayed instead; so what looks is cautious, and what cannot matter (tags, meta, descriptions, the
 * code inside a function) stays out: it must be the same after every build.
 */
export function structureHashOf(chart: Chart): string {
  const structure = {
    format: 1,
    context: chart.context.kind === 'fixed' ? chart.context.value : chart.context.kind,
    nodes: chart.nodes.map(nodeStructure),
  }
  return createHash('sha256').update(JSON.stringify(structure)).digest('hex').slice(0, 32)
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
      return [guard.kind, guard.name, guard.value]
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
  return value.kind === 'fixed' ? [value.kind, value.value] : [value.kind]
}
