import { type Aggregate, behaviour } from '../aggregate/aggregate-type.ts'
import { readChart } from '../machine/chart.ts'
import { domainView } from './domain-view.ts'
import type { DiagramGraph, DiagramView } from './graph.ts'
import { machineView } from './machine-view.ts'
import { mermaidOf } from './mermaid.ts'
import { svgOf } from './svg/draw.ts'

/** What each format of `diagram()` gives. */
export interface Drawn {
  /** Plain data without places, for tools of your own. */
  readonly json: DiagramGraph
  /** The text of a Mermaid `stateDiagram-v2`, which GitHub and many editors show. */
  readonly mermaid: string
  /** An SVG that needs nothing else, light or dark as the reader's system is, its text selectable. */
  readonly svg: Promise<string>
}

/** `json`, `mermaid` or `svg`. */
export type DiagramFormat = keyof Drawn

/** What is drawn, and as what. */
export interface DiagramOptions<Format extends DiagramFormat> {
  readonly format: Format
  /**
   * - `machine`: the chart as it is written.
   * - `domain` (default): each command folded with the events that it emits into one arrow or line,
   *   `Withdraw [hasFunds] / Withdrawn`; `Close [else] ✗ NotEmpty` is a rejection with its code.
   */
  readonly view?: DiagramView
}

/**
 * Draws the machine of a definition. It reads the definition alone: no system, no store. The same definition gives the
 * same picture, so it can be kept in a repository.
 * @param definition made by `aggregate()`.
 * @returns see {@link Drawn}: text or data at once, an SVG as a promise.
 */
export function diagram<const Format extends DiagramFormat>(
  definition: Aggregate,
  options: DiagramOptions<Format>,
): Drawn[Format] {
  const graph = graphOf(definition, options.view ?? 'domain')
  return drawing[options.format](graph)
}

const drawing: { readonly [Format in DiagramFormat]: (graph: DiagramGraph) => Drawn[Format] } = {
  json: (graph) => graph,
  mermaid: mermaidOf,
  svg: (graph) => svgOf(graph),
}

function graphOf(definition: Aggregate, view: DiagramView): DiagramGraph {
  const chart = readChart(definition.machine)
  return view === 'machine'
    ? machineView(chart, definition.name)
    : domainView(chart, definition.name, definition[behaviour].commandTypes)
}
