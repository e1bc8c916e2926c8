import type { Chart, ChartCandidate, ChartNode } from '../chart.ts'
import type { ChartAction } from '../chart-action.ts'
import { byOrder, properAncestors } from './ancestry.ts'
import { complete } from './completion.ts'
import type { Configuration, ConfigurationTable } from './configuration.ts'
import { withoutConflicts } from './conflicts.ts'
import { entrySet } from './entry-set.ts'
import { exitSet } from './exit-set.ts'
import { historyAfter } from './history.ts'
import { compileOperations, type Operation } from './operation.ts'

/**
 * Transitions taken in one configuration, worked out: what runs, in order, and where it leads.
 * - `plain`: only assigns run, and nothing follows.
 * - `full`: internal events or `always` may follow.
 * - `foreign`: it emits, which applying an event must not; xstate shall say so.
 */
export interface Step {
  readonly kind: 'plain' | 'full' | 'foreign'
  readonly operations: readonly Operation[]
  readonly next: Configuration
  /** Whether xstate would make another snapshot of it. */
  readonly isChange: boolean
}

/** Works out what these transitions do: xstate's microstep, but for the user's functions. */
export function stepOf(
  chart: Chart,
  table: ConfigurationTable,
  from: Configuration,
  enabled: readonly ChartCandidate[],
): Step {
  const taken = withoutConflicts(enabled, from.nodes, from.history)
  const exited = exitSet(taken, from.nodes, from.history)
  const history = historyAfter(exited, from.nodes, from.history)
  const active = new Set(from.nodes)
  const work = new Work()
  for (const node of exited) {
    work.act(node.exit)
    active.delete(node)
  }
  for (const candidate of taken) work.act(candidate.actions)
  const { entered, byDefault } = entrySet(taken, history)
  const isDone = enter(chart, entered, byDefault, active, work)
  if (isDone) for (const node of [...active].sort((a, b) => byOrder(b, a))) work.act(node.exit)

  const isSame = history === from.history && active.size === from.active.size && isWithin(active, from.active)
  const next =
    isSame && !isDone
      ? from
      : table.intern({
          // The order of states stays where they do.
          nodes: isSame ? from.nodes : [...active],
          history,
          status: isDone ? 'done' : 'active',
        })
  const assigns = work.operations.some(({ kind }) => kind === 'assign')
  const isPlain = work.operations.every(({ kind }) => kind === 'assign') && (isDone || !mayFollow(next))
  return {
    kind: work.emits ? 'foreign' : isPlain ? 'plain' : 'full',
    operations: work.operations,
    next,
    isChange: assigns || isDone || !isSame,
  }
}

class Work {
  readonly operations: Operation[] = []
  emits = false

  act(actions: readonly ChartAction[]): void {
    const compiled = compileOperations(actions)
    if (compiled === 'emits') this.emits = true
    else this.operations.push(...compiled)
  }
}

/** Enters states, the outermost first. @returns whether the whole machine is done by it. */
function enter(
  chart: Chart,
  entered: readonly ChartNode[],
  byDefault: ReadonlySet<ChartNode>,
  active: Set<ChartNode>,
  work: Work,
): boolean {
  const completed = new Set<ChartNode>()
  let isDone = false
  for (const node of entered) {
    active.add(node)
    work.act(node.entry)
    if (byDefault.has(node) && node.initial !== undefined) work.act(node.initial.actions)
    if (node.kind === 'final' && complete(chart, node, active, completed, work)) isDone = true
  }
  return isDone
}

function isWithin(nodes: ReadonlySet<ChartNode>, others: ReadonlySet<ChartNode>): boolean {
  for (const node of nodes) if (!others.has(node)) return false
  return true
}

/** Whether `always` is asked for there: of what is active and, like xstate, of all that should be above it. */
function mayFollow(configuration: Configuration): boolean {
  return configuration.nodes.some((node) =>
    [node, ...properAncestors(node)].some(({ always }) => always.length > 0),
  )
}
