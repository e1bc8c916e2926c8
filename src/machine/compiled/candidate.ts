import type { Chart, ChartCandidate, ChartNode } from '../chart.ts'
import { descriptorMatches } from '../event-descriptor.ts'
import { compileGuard, type Guard } from './guard.ts'
import { compileEmits, type Emit } from './operation.ts'

/** A candidate of the chart, compiled once for the whole machine. */
export interface CompiledCandidate {
  readonly chart: ChartCandidate
  readonly guard: Guard | undefined
  /** What it emits as the answer to a command; undefined where a command must not do what it does. */
  readonly emits: readonly Emit[] | undefined
}

/** Compiles every candidate of a chart. */
export function compileCandidates(chart: Chart): (candidate: ChartCandidate) => CompiledCandidate {
  const compiled = new Map<ChartCandidate, CompiledCandidate>()
  for (const node of chart.nodes) {
    for (const candidate of [...node.transitions.values(), node.always].flat()) {
      compiled.set(candidate, {
        chart: candidate,
        guard: candidate.guard && compileGuard(chart, candidate.guard),
        emits: candidate.targets === undefined ? compileEmits(candidate.actions) : undefined,
      })
    }
  }
  return (candidate) => compiled.get(candidate) as CompiledCandidate
}

/** What one node has for an event type: what names it, then its wildcards, the longest first. */
export function candidatesOf(node: ChartNode, type: string): readonly ChartCandidate[] {
  const exact = node.transitions.get(type) ?? []
  const wildcards = [...node.transitions.keys()]
    .filter((descriptor) => descriptor !== type && descriptorMatches(type, descriptor))
    .sort((a, b) => b.length - a.length)
  return [...exact, ...wildcards.flatMap((descriptor) => node.transitions.get(descriptor) ?? [])]
}
