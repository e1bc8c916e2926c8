import type { ChartCandidate, ChartNode } from '../chart.ts'
import { byOrder, isDescendant, properAncestors, statesOf } from './ancestry.ts'
import { domainOf, effectiveTargets } from './domain.ts'
import type { History } from './history.ts'

export interface EntrySet {
  /** The states that are entered, the outermost first. */
  readonly entered: readonly ChartNode[]
  /** Those of them whose initial transition is taken, so that its actions run. */
  readonly byDefault: ReadonlySet<ChartNode>
}

/** The states that these transitions enter: step by step what xstate does, so that even its quirks are the same. */
export function entrySet(transitions: readonly ChartCandidate[], history: History): EntrySet {
  const entry = new Entry(history)
  for (const transition of transitions) entry.take(transition)
  return { entered: [...entry.entered].sort(byOrder), byDefault: entry.byDefault }
}

class Entry {
  readonly entered = new Set<ChartNode>()
  readonly byDefault = new Set<ChartNode>()
  readonly #history: History

  constructor(history: History) {
    this.#history = history
  }

  take(transition: ChartCandidate): void {
    const { source, reenter, targets = [] } = transition
    const domain = domainOf(transition, this.#history)
    for (const target of targets) {
      if (target.kind !== 'history' && (source !== target || source !== domain || reenter)) {
        this.entered.add(target)
        this.byDefault.add(target)
      }
      this.#addDescendants(target)
    }
    for (const target of effectiveTargets(targets, this.#history)) {
      const ancestors = [...properAncestors(target, domain)]
      if (domain?.kind === 'parallel') ancestors.push(domain)
      this.#addAncestors(ancestors, source.parent === undefined && reenter ? undefined : domain)
    }
  }

  #addDescendants(node: ChartNode): void {
    if (node.history !== undefined) {
      this.#addRemembered(node, node.history)
    } else if (node.kind === 'compound') {
      const initial = node.initial?.targets[0]
      if (initial === undefined) return
      if (initial.kind !== 'history') {
        this.entered.add(initial)
        this.byDefault.add(initial)
      }
      this.#addDescendants(initial)
      this.#addAncestors(properAncestors(initial, node), undefined)
    } else if (node.kind === 'parallel') {
      for (const child of statesOf(node)) {
        if (this.#hasDescendantOf(child)) continue
        this.entered.add(child)
        this.byDefault.add(child)
        this.#addDescendants(child)
      }
    }
  }

  #addRemembered(node: ChartNode, { defaults, origin }: NonNullable<ChartNode['history']>): void {
    const remembered = this.#history.get(node)
    const targets = remembered ?? defaults
    for (const target of targets) {
      this.entered.add(target)
      if (remembered === undefined && origin === 'initial' && node.parent !== undefined) {
        this.byDefault.add(node.parent)
      }
      this.#addDescendants(target)
    }
    for (const target of targets) this.#addAncestors(properAncestors(target, node.parent), undefined)
  }

  #addAncestors(ancestors: readonly ChartNode[], within: ChartNode | undefined): void {
    for (const ancestor of ancestors) {
      if (isDescendant(ancestor, within)) this.entered.add(ancestor)
      if (ancestor.kind !== 'parallel') continue
      for (const child of statesOf(ancestor)) {
        if (this.#hasDescendantOf(child)) continue
        this.entered.add(child)
        this.#addDescendants(child)
      }
    }
  }

  #hasDescendantOf(node: ChartNode): boolean {
    for (const entered of this.entered) if (isDescendant(entered, node)) return true
    return false
  }
}
