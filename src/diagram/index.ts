export { type DiagramFormat, type DiagramOptions, type Drawn, diagram } from './diagram.ts'
export type { DiagramEdge, DiagramGraph, DiagramNode, DiagramStep, DiagramView } from './graph.ts'
