import { learnEmit } from '../aggregate/check/learn-emit.ts'
import type { Chart, ChartCandidate } from '../machine/chart.ts'
import { candidateGuard, stepOf } from './chart-text.ts'
import { Draft } from './draft.ts'
import type { DiagramGraph } from './graph.ts'
import { addMoments } from './machine-view.ts'
import { passagesOf } from './passage.ts'

/**
 * What the domain does: each command is folded with the events that it emits, and with the transitions of these,
 * into one arrow from where it is asked to where it leads.
 */
export function domainView(chart: Chart, name: string, commands: ReadonlySet<string>): DiagramGraph {
  const draft = new Draft(chart, 'domain')
  const folded = new Set<ChartCandidate>()
  for (const candidate of candidatesOf(chart, (type) => commands.has(type))) {
    for (const taken of addCommand(draft, chart, candidate)) folded.add(taken)
  }
  // What no command emits here comes from older versions of the events; it moves the state all the same.
  for (const candidate of candidatesOf(chart, (type) => !commands.has(type))) {
    if (!folded.has(candidate)) addEvent(draft, candidate)
  }
  for (const node of chart.nodes) addMoments(draft, node)
  return draft.finish(name)
}

function candidatesOf(chart: Chart, wanted: (type: string) => boolean): readonly ChartCandidate[] {
  return chart.nodes.flatMap((node) => [...node.on].flatMap(([type, list]) => (wanted(type) ? list : [])))
}

/** @returns the transitions of domain events that its arrows stand for. */
function addCommand(draft: Draft, chart: Chart, candidate: ChartCandidate): readonly ChartCandidate[] {
  const { source, descriptor: trigger } = candidate
  const guard = candidateGuard(candidate)
  const description = candidate.description ?? null
  const { codes, events } = answerOf(candidate)
  // One rejection refuses the whole command.
  if (codes.length > 0) {
    const effects = [codes[0] as string]
    draft.add(stepOf({ kind: 'rejection', trigger, guard, effects, description }), source, undefined)
    return []
  }
  const passages = passagesOf(chart, source, events)
  for (const passage of passages) {
    const guards = [...(guard === null ? [] : [guard]), ...passage.guards]
    const whole = guards.length === 0 ? null : guards.join(', then ')
    const effects = events.length === 0 ? ['no event'] : events
    const step = stepOf({ kind: 'transition', trigger, guard: whole, effects, description })
    draft.add(step, passage.source, passage.target)
  }
  return passages.flatMap(({ taken }) => taken)
}

interface Answer {
  readonly codes: readonly string[]
  readonly events: readonly string[]
}

/** What a candidate answers a command with, as far as calling its emits once can tell. */
function answerOf(candidate: ChartCandidate): Answer {
  const codes: string[] = []
  const events: string[] = []
  for (const action of candidate.actions) {
    if (action.kind !== 'emit') continue
    const learnt = learnEmit(action, candidate.descriptor)
    if (learnt.kind === 'rejection') codes.push(learnt.code ?? 'a computed code')
    else events.push(learnt.kind === 'event' ? learnt.type : `${action.name ?? 'an inline emit'}?`)
  }
  return { codes, events }
}

function addEvent(draft: Draft, candidate: ChartCandidate): void {
  const { descriptor: trigger, source, targets } = candidate
  const guard = candidateGuard(candidate)
  const step = stepOf({
    kind: 'event',
    trigger,
    guard,
    effects: [],
    description: candidate.description ?? null,
  })
  for (const target of targets ?? []) draft.add(step, source, target)
}
