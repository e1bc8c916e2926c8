import type { Chart, ChartNode } from '../machine/chart.ts'
import { actionText } from './chart-text.ts'
import type { DiagramEdge, DiagramGraph, DiagramNode, DiagramStep, DiagramView } from './graph.ts'

/** A diagram while its steps are found. */
export class Draft {
  readonly #chart: Chart
  readonly #view: DiagramView
  readonly #edges: DiagramEdge[] = []
  readonly #inner = new Map<ChartNode, DiagramStep[]>()

  constructor(chart: Chart, view: DiagramView) {
    this.#chart = chart
    this.#view = view
  }

  /** Adds a step once: an arrow where it has a target, else a line within its source. */
  add(step: DiagramStep, source: ChartNode, target: ChartNode | undefined): void {
    if (target === undefined) {
      const inner = this.#inner.get(source) ?? []
      if (!inner.some(({ label }) => label === step.label)) this.#inner.set(source, [...inner, step])
      return
    }
    const between = this.#edges.filter((edge) => edge.source === source.id && edge.target === target.id)
    if (between.some(({ label }) => label === step.label)) return
    this.#edges.push({ id: `edge-${this.#edges.length}`, source: source.id, target: target.id, ...step })
  }

  finish(name: string): DiagramGraph {
    const nodes = this.#chart.nodes.map((node) => this.#node(node, name))
    return { name, view: this.#view, nodes, edges: this.#edges }
  }

  #node(node: ChartNode, name: string): DiagramNode {
    const { id, key, kind, parent, initial, history, description, tags, entry, exit } = node
    const written = this.#view === 'machine'
    return {
      id,
      label: parent === undefined ? name : key,
      kind,
      parent: parent?.id ?? null,
      initial: kind === 'compound' ? (initial?.targets ?? []).map((target) => target.id) : [],
      history: history?.depth ?? null,
      description: description ?? null,
      tags,
      entry: written ? entry.map(actionText) : [],
      exit: written ? exit.map(actionText) : [],
      inner: this.#inner.get(node) ?? [],
    }
  }
}
