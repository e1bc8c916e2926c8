import type { Chart, ChartCandidate, ChartNode } from '../machine/chart.ts'
import { actionText, candidateGuard, delayText, stepOf } from './chart-text.ts'
import { Draft } from './draft.ts'
import type { DiagramGraph, DiagramStep } from './graph.ts'

/** The chart as its author wrote it. */
export function machineView(chart: Chart, name: string): DiagramGraph {
  const draft = new Draft(chart, 'machine')
  for (const node of chart.nodes) {
    for (const [type, list] of node.on) addAll(draft, 'transition', type, list)
    addMoments(draft, node)
  }
  return draft.finish(name)
}

/** What xstate does by itself: it looks the same in every view. */
export function addMoments(draft: Draft, node: ChartNode): void {
  addAll(draft, 'always', 'always', node.always)
  for (const [delay, list] of node.after) addAll(draft, 'after', delayText(delay), list)
  addAll(draft, 'done', 'done', node.onDone)
  for (const { id } of node.invoke) {
    addAll(draft, 'done', `done: ${id}`, node.transitions.get(`xstate.done.actor.${id}`) ?? [])
    addAll(draft, 'done', `error: ${id}`, node.transitions.get(`xstate.error.actor.${id}`) ?? [])
  }
  if (node.history?.origin === 'target') {
    const step = stepOf({ kind: 'transition', trigger: '', guard: null, effects: [], description: null })
    for (const target of node.history.defaults) draft.add(step, node, target)
  }
}

function addAll(
  draft: Draft,
  kind: DiagramStep['kind'],
  trigger: string,
  candidates: readonly ChartCandidate[],
): void {
  for (const candidate of candidates) {
    const effects = candidate.actions.map(actionText)
    const description = candidate.description ?? null
    const step = stepOf({ kind, trigger, guard: candidateGuard(candidate), effects, description })
    for (const target of candidate.targets ?? [undefined]) draft.add(step, candidate.source, target)
  }
}
