import type { DiagramNode } from './graph.ts'

/** Words that Mermaid's grammar knows, in any case; an id must be none of them. */
const reserved = new Set([
  'accdescr',
  'acctitle',
  'as',
  'class',
  'classdef',
  'click',
  'default',
  'direction',
  'end',
  'fork',
  'hide',
  'href',
  'join',
  'choice',
  'left',
  'note',
  'of',
  'right',
  'root',
  'scale',
  'state',
  'statediagram',
  'style',
])

/** Short ids that Mermaid takes, made of the states' own names: the text stays readable and its changes small. */
export class MermaidIds {
  readonly #ids = new Map<string, string>()

  constructor(nodes: readonly DiagramNode[]) {
    const used = new Set<string>()
    for (const node of nodes) {
      const id = this.#free(nameOf(node), used)
      used.add(id.toLowerCase())
      this.#ids.set(node.id, id)
    }
  }

  of(node: string): string {
    return this.#ids.get(node) as string
  }

  #free(name: string, used: ReadonlySet<string>): string {
    let id = name
    for (let nth = 2; used.has(id.toLowerCase()); nth++) id = `${name}_${nth}`
    return id
  }
}

function nameOf(node: DiagramNode): string {
  const plain = node.label.replaceAll(/[^A-Za-z0-9_]+/g, '_')
  const fits = /^[A-Za-z]/.test(plain) && !reserved.has(plain.toLowerCase())
  // Mermaid calls the dots of a state `open` by itself `open_start` and `open_end`.
  const own = /_(start|end)$/.test(plain) ? `${plain}_` : plain
  return fits ? own : `state_${own}`
}
