import type { DiagramGraph, DiagramNode } from './graph.ts'
import { MermaidIds } from './mermaid-ids.ts'

/** A diagram as a `stateDiagram-v2` of Mermaid. */
export function mermaidOf(graph: DiagramGraph): string {
  return new Writer(graph).write()
}

class Writer {
  readonly #graph: DiagramGraph
  readonly #ids: MermaidIds
  readonly #children = new Map<string | null, DiagramNode[]>()
  readonly #lines: string[] = []

  constructor(graph: DiagramGraph) {
    this.#graph = graph
    this.#ids = new MermaidIds(graph.nodes)
    for (const node of graph.nodes) {
      this.#children.set(node.parent, [...(this.#children.get(node.parent) ?? []), node])
    }
  }

  write(): string {
    const [machine] = this.#graph.nodes
    if (machine === undefined) return 'stateDiagram-v2\n'
    if (this.#isPlain(machine)) this.#inside(machine, '  ')
    else this.#node(machine, '  ')
    for (const { source, target, label } of this.#graph.edges) {
      this.#lines.push(`  ${this.#ids.of(source)} --> ${this.#ids.of(target)}${descriptionOf(label)}`)
    }
    return `${['stateDiagram-v2', '  direction TB', ...this.#lines].join('\n')}\n`
  }

  /** Whether nothing is said of the machine itself, so that a frame around everything would be noise. */
  #isPlain(machine: DiagramNode): boolean {
    const { kind, id } = machine
    const connected = this.#graph.edges.some(({ source, target }) => source === id || target === id)
    return kind === 'compound' && !connected && linesOf(machine).length === 0
  }

  #node(node: DiagramNode, indent: string): void {
    const id = this.#ids.of(node.id)
    const name = node.kind === 'history' ? (node.history === 'deep' ? 'H*' : 'H') : node.label
    const children = this.#children.get(node.id) ?? []
    this.#lines.push(`${indent}state "${escaped(name)}" as ${id}${children.length > 0 ? ' {' : ''}`)
    if (children.length > 0) {
      this.#inside(node, `${indent}  `)
      this.#lines.push(`${indent}}`)
    }
    // Mermaid shows lines in states without states inside only.
    if (children.length > 0) this.#note(node, id, indent)
    else for (const line of linesOf(node)) this.#lines.push(`${indent}${id}${descriptionOf(line)}`)
    if (node.kind === 'final') this.#lines.push(`${indent}${id} --> [*]`)
  }

  #note(node: DiagramNode, id: string, indent: string): void {
    const lines = linesOf(node).map((line) => `${indent}  ${escaped(line)}`)
    if (lines.length > 0) this.#lines.push(`${indent}note right of ${id}`, ...lines, `${indent}end note`)
  }

  #inside(node: DiagramNode, indent: string): void {
    for (const target of node.initial) this.#lines.push(`${indent}[*] --> ${this.#ids.of(target)}`)
    for (const [index, child] of (this.#children.get(node.id) ?? []).entries()) {
      if (index > 0 && node.kind === 'parallel') this.#lines.push(`${indent}--`)
      this.#node(child, indent)
    }
  }
}

/** What stands in a state, below its name. */
export function linesOf(node: DiagramNode): readonly string[] {
  return [
    ...(node.description === null ? [] : [node.description]),
    ...(node.tags.length === 0 ? [] : [`tags: ${node.tags.join(', ')}`]),
    ...node.entry.map((action) => `entry / ${action}`),
    ...node.exit.map((action) => `exit / ${action}`),
    ...node.inner.map(({ label }) => label),
  ]
}

function descriptionOf(label: string): string {
  return label === '' ? '' : ` : ${escaped(label)}`
}

/** Mermaid's entities: what it could take for syntax, a comment, Markdown or HTML. A blank it would not read at all. */
function escaped(text: string): string {
  const spaced = text.replaceAll(/\s+/g, ' ').trim()
  if (spaced === '') return '#160;'
  return spaced.replaceAll(/[^\p{L}\p{N} .,'()[\]/✗…?!+=-]|--+/gu, (found) =>
    Array.from(found, (character) => `#${character.codePointAt(0)};`).join(''),
  )
}
