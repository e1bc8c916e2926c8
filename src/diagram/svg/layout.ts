import type { ELK, ElkEdgeSection, ElkExtendedEdge, ElkNode, ElkPoint } from 'elkjs/lib/elk-api.js'
import type { DiagramEdge, DiagramGraph, DiagramNode } from '../graph.ts'
import {
  blockWidth,
  fontSize,
  innerLines,
  lineHeight,
  stepLines,
  type TextLine,
  titleLines,
} from './text-block.ts'

interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A state in its place; `dot`: where a state begins. */
export interface PlacedBox extends Place {
  /** The id of its state in the graph; a dot has one of its own. */
  readonly id: string
  readonly shape: 'state' | 'region' | 'final' | 'history' | 'dot'
  readonly title: readonly TextLine[]
  readonly inner: readonly TextLine[]
}

export interface PlacedArrow {
  readonly edge: DiagramEdge | undefined
  readonly points: readonly ElkPoint[]
  readonly label: (Place & { readonly lines: readonly TextLine[] }) | undefined
}

export interface Layout {
  readonly width: number
  readonly height: number
  /** From the outside in. */
  readonly boxes: readonly PlacedBox[]
  readonly arrows: readonly PlacedArrow[]
}

export const boxPadding = 12
const dotSize = 12
const historySize = 28

const rootOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.edgeCoords': 'ROOT',
  'elk.json.shapeCoords': 'ROOT',
  'elk.padding': '[top=16,left=16,bottom=16,right=16]',
}
/** Of every state that has others inside. */
const innerOptions = {
  // From where a state begins downwards. ELK's strategies by the order of the model fail on nested states.
  'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '18',
  'elk.spacing.edgeEdge': '14',
  'elk.spacing.edgeLabel': '6',
  'elk.spacing.labelLabel': '10',
  'elk.spacing.labelNode': '10',
  'elk.layered.spacing.nodeNodeBetweenLayers': '28',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '14',
}

const manyEdges = 30

/**
 * The straightest placement is out of reach where many arrows go far: 60 states with two arrows each were
 * not done after 26 s of CPU, and with the quick one after 3.
 */
function effortFor(graph: DiagramGraph): Readonly<Record<string, string>> {
  return graph.edges.length > manyEdges
    ? { 'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF', 'elk.layered.thoroughness': '1' }
    : { 'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX', 'elk.layered.thoroughness': '3' }
}

/** Gives every state, arrow and label its place. Loaded here, for it is large and only pictures need it. */
export async function layOut(graph: DiagramGraph): Promise<Layout> {
  const { default: loaded } = await import('elkjs/lib/elk.bundled.js')
  const engine: ELK = new (loaded as unknown as new () => ELK)()
  const placed = await engine.layout(elkOf(graph))
  return layoutOf(graph, placed)
}

function elkOf(graph: DiagramGraph): ElkNode {
  const [machine] = graph.nodes
  return {
    id: '#',
    layoutOptions: { ...rootOptions, ...innerOptions, ...effortFor(graph) },
    children: machine === undefined ? [] : [nodeOf(graph, machine)],
    edges: [...beginnings(graph), ...graph.edges.map(edgeOf)],
  }
}

function nodeOf(graph: DiagramGraph, node: DiagramNode): ElkNode {
  const lines = [...titleLines(node), ...innerLines(node)]
  const width = blockWidth(lines) + 2 * boxPadding
  const height = lines.length * lineHeight + boxPadding + 4
  if (node.kind === 'history') return { id: node.id, width: historySize, height: historySize }
  const children = graph.nodes.filter(({ parent }) => parent === node.id)
  if (children.length === 0) return { id: node.id, width: Math.max(width, 60), height }
  const dots = node.initial.length === 0 ? [] : [{ id: dotId(node), width: dotSize, height: dotSize }]
  return {
    id: node.id,
    children: [...dots, ...children.map((child) => nodeOf(graph, child))],
    layoutOptions: {
      ...innerOptions,
      ...effortFor(graph),
      'elk.padding': `[top=${height + boxPadding},left=18,bottom=18,right=18]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      'elk.nodeSize.minimum': `(${width},${height})`,
    },
  }
}

const dotId = (node: DiagramNode): string => `${node.id}#dot`

function beginnings(graph: DiagramGraph): readonly ElkExtendedEdge[] {
  return graph.nodes.flatMap((node) =>
    node.initial.map((target, index) => ({
      id: `${dotId(node)}${index}`,
      sources: [dotId(node)],
      targets: [target],
    })),
  )
}

function edgeOf(edge: DiagramEdge): ElkExtendedEdge {
  const lines = stepLines(edge)
  const size = { width: blockWidth(lines), height: lines.length * lineHeight }
  const labels = lines.length === 0 ? [] : [{ id: `${edge.id}#label`, text: edge.label, ...size }]
  return { id: edge.id, sources: [edge.source], targets: [edge.target], labels }
}

function layoutOf(graph: DiagramGraph, placed: ElkNode): Layout {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const edges = new Map(graph.edges.map((edge) => [edge.id, edge]))
  const boxes: PlacedBox[] = []
  const visit = (elk: ElkNode): void => {
    for (const child of elk.children ?? []) {
      boxes.push(boxOf(child, nodes.get(child.id), nodes))
      visit(child)
    }
  }
  visit(placed)
  const arrows = (placed.edges ?? []).map((edge) => arrowOf(edge, edges.get(edge.id)))
  return { width: Math.ceil(placed.width ?? 0), height: Math.ceil(placed.height ?? 0), boxes, arrows }
}

function placeOf({ x = 0, y = 0, width = 0, height = 0 }: Partial<Place>): Place {
  return { x, y, width, height }
}

function boxOf(
  elk: ElkNode,
  node: DiagramNode | undefined,
  nodes: ReadonlyMap<string, DiagramNode>,
): PlacedBox {
  const place = { id: elk.id, ...placeOf(elk) }
  if (node === undefined) return { ...place, shape: 'dot', title: [], inner: [] }
  if (node.kind === 'history') {
    const text = node.history === 'deep' ? 'H*' : 'H'
    const width = text.length * fontSize * 0.6
    return {
      ...place,
      shape: 'history',
      title: [{ pieces: [{ text, tone: 'plain' }], width }],
      inner: [],
    }
  }
  const isRegion = node.parent !== null && nodes.get(node.parent)?.kind === 'parallel'
  const shape = node.kind === 'final' ? 'final' : isRegion ? 'region' : 'state'
  return { ...place, shape, title: titleLines(node), inner: innerLines(node) }
}

function arrowOf(elk: ElkExtendedEdge, edge: DiagramEdge | undefined): PlacedArrow {
  const points = (elk.sections ?? []).flatMap(pointsOf)
  const [label] = elk.labels ?? []
  if (edge === undefined || label === undefined) return { edge, points, label: undefined }
  return { edge, points, label: { ...placeOf(label), lines: stepLines(edge) } }
}

function pointsOf({ startPoint, bendPoints = [], endPoint }: ElkEdgeSection): readonly ElkPoint[] {
  return [startPoint, ...bendPoints, endPoint]
}
