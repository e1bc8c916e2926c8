import type { Aggregate } from '../aggregate/aggregate-type.ts'
import { diagram } from '../diagram/diagram.ts'
import type { DiagramGraph } from '../diagram/graph.ts'
import { svgOf } from '../diagram/svg/draw.ts'

/** The diagrams of the definitions, each made when it is first wanted. */
export class Charts {
  readonly #graphs = new Map<Aggregate, DiagramGraph>()
  readonly #pictures = new Map<Aggregate, Promise<string>>()

  graph(definition: Aggregate): DiagramGraph {
    const known = this.#graphs.get(definition)
    if (known !== undefined) return known
    const graph = diagram(definition, { format: 'json', view: 'domain' })
    this.#graphs.set(definition, graph)
    return graph
  }

  /** An SVG that is lit by the page, and takes its styles from there. */
  picture(definition: Aggregate): Promise<string> {
    const known = this.#pictures.get(definition)
    if (known !== undefined) return known
    const picture = svgOf(this.graph(definition), 'page')
    this.#pictures.set(definition, picture)
    return picture
  }
}
