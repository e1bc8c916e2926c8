import DOMPurify from 'dompurify'

/** What Mermaid understood of a text. */
export interface MermaidReading {
  readonly nodes: readonly MermaidNode[]
  readonly edges: readonly { readonly from: string; readonly to: string; readonly label: string }[]
}

export interface MermaidNode {
  readonly id: string
  readonly shape: string
  readonly parent: string | undefined
  /** Its name, and the lines below it. */
  readonly lines: readonly string[]
}

interface RawNode {
  readonly id: string
  readonly shape: string
  readonly parentId?: string
  readonly label?: string | readonly string[]
  readonly description?: string | readonly string[]
}

interface RawEdge {
  readonly start: string
  readonly end: string
  readonly label: string
}

/**
 * Reads a text with Mermaid's own parser.
 * @throws what Mermaid throws where it does not understand it.
 */
export async function readMermaid(text: string): Promise<MermaidReading> {
  const { default: mermaid } = await loaded
  await mermaid.parse(text)
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text)
  const { nodes, edges } = (
    db as unknown as { getData(): { nodes: readonly RawNode[]; edges: readonly RawEdge[] } }
  ).getData()
  return {
    nodes: nodes.map(({ id, shape, parentId, label, description }) => ({
      id,
      shape,
      parent: parentId,
      lines: [...listOf(label), ...listOf(description)].map(decoded),
    })),
    edges: edges.map(({ start, end, label }) => ({ from: start, to: end, label: decoded(label ?? '') })),
  }
}

// To clean text Mermaid wants a DOM, which is not there; its parser and its model of the diagram need none.
const purify: { addHook?: unknown; sanitize?: unknown } = DOMPurify
purify.addHook ??= () => undefined
purify.sanitize ??= (text: string) => text
const loaded = import('mermaid')

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}

/** Mermaid keeps `#58;` in a form of its own until it draws. */
function decoded(text: string): string {
  return text.replaceAll(/ﬂ°°(\d+)¶ß/g, (_, code: string) => String.fromCodePoint(Number(code)))
}
