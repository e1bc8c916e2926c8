import type { Chart, ChartCandidate, ChartNode } from '../machine/chart.ts'
import { descriptorMatches } from '../machine/event-descriptor.ts'
import { candidateGuard } from './chart-text.ts'

/** One way that the events of a command may take through the chart. */
export interface Passage {
  /** Where its arrow begins. */
  readonly source: ChartNode
  /** Where its arrow ends; absent: it moves nothing. */
  readonly target: ChartNode | undefined
  /** Where it stands now. */
  readonly at: ChartNode
  /** Of the transitions of the events. */
  readonly guards: readonly string[]
  /** The transitions of the events that it took. */
  readonly taken: readonly ChartCandidate[]
}

/** All the ways that these events, emitted by a command that `node` answers, may take. */
export function passagesOf(chart: Chart, node: ChartNode, events: readonly string[]): readonly Passage[] {
  const start: Passage = { source: node, target: undefined, at: node, guards: [], taken: [] }
  return events.reduce<readonly Passage[]>(
    (passages, type) => passages.flatMap((passage) => next(chart, passage, type)),
    [start],
  )
}

function next(chart: Chart, passage: Passage, type: string): readonly Passage[] {
  const around = lineage(passage.at)
  const answers = (node: ChartNode): boolean => answersOf(node, type).length > 0
  const outer = around.find(answers)
  const inner = chart.nodes
    .filter((node) => node !== passage.at && isWithin(node, passage.at))
    .filter(answers)
  const beside = chart.nodes.filter((node) => isBeside(node, passage.at)).filter(answers)
  const own = [
    ...(outer === undefined ? [] : taken(passage, outer, type, passage.source)),
    ...inner.flatMap((node) => taken(passage, node, type, passage.target ? passage.source : node)),
  ]
  const others = beside.flatMap((node) => taken(passage, node, type, besideSource(passage, node)))
  // An event that another region answers leaves this one where it is.
  const stays = own.length === 0 && (others.length === 0 || passage.target !== undefined)
  return [...(stays ? [passage] : own), ...others]
}

function taken(passage: Passage, node: ChartNode, type: string, source: ChartNode): readonly Passage[] {
  return answersOf(node, type).flatMap((candidate) => {
    const guard = candidateGuard(candidate)
    const guards = guard === null ? passage.guards : [...passage.guards, guard]
    const so = { source, guards, taken: [...passage.taken, candidate] }
    if (candidate.targets === undefined) return [{ ...so, target: passage.target, at: passage.at }]
    return candidate.targets.map((target) => ({ ...so, target, at: begun(target) }))
  })
}

/** A region that was entered on the way is drawn from where the way began. */
function besideSource(passage: Passage, node: ChartNode): ChartNode {
  if (passage.target === undefined) return node
  return isBeside(node, passage.source) ? node : passage.source
}

/** How a node answers a domain event: what is written for its type, or for a wildcard that matches. */
function answersOf(node: ChartNode, type: string): readonly ChartCandidate[] {
  const exact = node.on.get(type)
  if (exact !== undefined) return exact
  const wildcard = [...node.on.keys()].find((descriptor) => descriptorMatches(type, descriptor))
  return wildcard === undefined ? [] : (node.on.get(wildcard) ?? [])
}

/** The state in which a node begins, as far down as there is only one. */
function begun(node: ChartNode): ChartNode {
  const [first, ...more] = node.kind === 'compound' ? (node.initial?.targets ?? []) : []
  return first === undefined || more.length > 0 ? node : begun(first)
}

/** The node and those around it, from the inside out. */
function lineage(node: ChartNode): readonly ChartNode[] {
  return node.parent === undefined ? [node] : [node, ...lineage(node.parent)]
}

function isWithin(node: ChartNode, outer: ChartNode): boolean {
  return lineage(node).includes(outer)
}

/** Whether both can be active at once because they are in regions of one parallel state. */
function isBeside(node: ChartNode, other: ChartNode): boolean {
  const around = lineage(other)
  if (around.includes(node) || isWithin(other, node) || isWithin(node, other)) return false
  return lineage(node).find((each) => around.includes(each))?.kind === 'parallel'
}
