import type { ChartCandidate, ChartNode } from '../chart.ts'
import type { Message } from '../message.ts'
import { properAncestors } from './ancestry.ts'
import { type CompiledCandidate, candidatesOf } from './candidate.ts'
import type { Configuration } from './configuration.ts'
import type { Guard } from './guard.ts'
import type { Emit } from './operation.ts'
import type { Step } from './step.ts'

/** A candidate within one configuration: what it does there is worked out once. */
export interface Choice {
  readonly candidate: CompiledCandidate
  readonly guard: Guard | undefined
  readonly emits: readonly Emit[] | undefined
  /** Where it leads when it is taken alone. Set when first asked for. */
  step: Step | undefined
}

/**
 * Who answers an event in one configuration. Each branch (a region) is asked; only where none of them answers, the
 * first of the choices whose guard holds does. Without regions there are only choices: those of the leaf, then those
 * of its parent, and so on to the root.
 */
export interface Selector {
  readonly branches: readonly Selector[]
  readonly choices: readonly Choice[]
}

export const noSelector: Selector = { branches: [], choices: [] }

/** Whether anybody would answer, if guards allowed it. */
export function hasCandidates(selector: Selector): boolean {
  return selector.choices.length > 0 || selector.branches.length > 0
}

type Compiled = (candidate: ChartCandidate) => CompiledCandidate

/** Works out who answers an event of this type. */
export function selectorOf(
  root: ChartNode,
  configuration: Configuration,
  type: string,
  compiled: Compiled,
): Selector {
  const below = (node: ChartNode): Selector => {
    const branches = configuration.tree.childrenOf(node).map(below).filter(hasCandidates)
    const choices = candidatesOf(node, type).map((candidate) => choiceOf(compiled(candidate)))
    const [only] = branches
    return only !== undefined && branches.length === 1
      ? { branches: only.branches, choices: [...only.choices, ...choices] }
      : { branches, choices }
  }
  return below(root)
}

function choiceOf(candidate: CompiledCandidate): Choice {
  return { candidate, guard: candidate.guard, emits: candidate.emits, step: undefined }
}

/** The first choice whose guard holds. */
export function firstEnabled(
  choices: readonly Choice[],
  configuration: Configuration,
  context: unknown,
  event: Message,
): Choice | undefined {
  for (let index = 0; index < choices.length; index++) {
    const choice = choices[index] as Choice
    if (choice.guard === undefined || choice.guard(context, event, configuration)) return choice
  }
  return undefined
}

/** Everybody who answers: one for each region that does. */
export function allEnabled(
  selector: Selector,
  configuration: Configuration,
  context: unknown,
  event: Message,
): readonly Choice[] {
  const enabled: Choice[] = []
  for (const branch of selector.branches) enabled.push(...allEnabled(branch, configuration, context, event))
  if (enabled.length > 0) return enabled
  const choice = firstEnabled(selector.choices, configuration, context, event)
  return choice === undefined ? [] : [choice]
}

/** For each active leaf the candidates of `always`, its own first; leaves without any are left out. */
export function alwaysOf(configuration: Configuration, compiled: Compiled): readonly (readonly Choice[])[] {
  return configuration.nodes
    .filter((node) => node.kind === 'atomic' || node.kind === 'final')
    .map((leaf) => [leaf, ...properAncestors(leaf)].flatMap((node) => node.always))
    .filter((candidates) => candidates.length > 0)
    .map((candidates) => candidates.map((candidate) => choiceOf(compiled(candidate))))
}
