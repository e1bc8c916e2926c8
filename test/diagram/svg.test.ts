import fc from 'fast-check'
import { diagram } from 'reenact/diagram'
import { describe, expect, it } from 'vitest'
import { account } from '../../examples/bank/account.ts'
import type { DiagramEdge, DiagramGraph, DiagramNode } from '../../src/diagram/graph.ts'
import { svgOf } from '../../src/diagram/svg/draw.ts'
import { boxPadding, type Layout, layOut } from '../../src/diagram/svg/layout.ts'
import { blockWidth, lineHeight } from '../../src/diagram/svg/text-block.ts'
import { textWidth } from '../../src/diagram/svg/text-width.ts'
import { order } from '../docs/order.ts'
import { bigMachine, shipment } from './machines.ts'

const big = bigMachine()

describe('svg', () => {
  it.each([
    ['account', 'domain', account],
    ['order', 'machine', order],
    ['shipment', 'domain', shipment],
    ['shipment', 'machine', shipment],
    ['big', 'domain', big],
  ] as const)(
    'of %s, view %s, has a place for every text, and no two share it',
    async (_, view, definition) => {
      const graph = diagram(definition, { format: 'json', view })
      const layout = await layOut(graph)
      expect(layout.arrows.filter(({ points }) => points.length < 2)).toEqual([])
      expect(layout.arrows.filter(({ edge }) => edge !== undefined)).toHaveLength(graph.edges.length)
      expect(overlaps(layout)).toEqual([])
    },
  )

  it('draws 60 states', () => {
    expect(diagram(big, { format: 'json' }).nodes).toHaveLength(60)
  })

  it('lays out 60 states with arrows from each to near and far ones', async () => {
    const states = Array.from({ length: 59 }, (_, index) => `s${index}`)
    const ends = states.flatMap(
      (_, index) =>
        [
          [index, (index + 1) % 59],
          [index, (index * 7) % 59],
        ] as const,
    )
    const graph = graphOf(
      states,
      ends.map(([from, to]) => [from, to, 'Go [guard] / Gone'] as const),
    )
    expect(overlaps(await layOut(graph))).toEqual([])
  })

  it('needs nothing else, and follows the light of its reader', async () => {
    const svg = await diagram(account, { format: 'svg' })
    expect(svg.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|url\(|@import|<script|href/,
    )
    expect(svg).toContain('@media (prefers-color-scheme: dark)')
    expect(svg).toContain('>Withdraw</tspan>')
    expect(svg).toContain('<desc>unopened to open: Open / Opened. active to frozen: Freeze / Frozen.')
    expect(svg).not.toMatch(/user-select|pointer-events|NaN|undefined/)
  })

  it('is the same each time', async () => {
    expect(await diagram(shipment, { format: 'svg' })).toBe(await diagram(shipment, { format: 'svg' }))
  })

  it('writes out any text as text', async () => {
    const svg = await svgOf(graphOf(['a<b>&"', '</text><script>'], [[0, 1, '<img onerror="x">\u0000\uD800']]))
    expect(svg).toContain('a&lt;b&gt;&amp;&quot;')
    expect(svg).toContain('&lt;/text&gt;&lt;script&gt;')
    expect(svg).not.toMatch(/<script|<img/)
    expect(svg).not.toContain('\u0000')
    expect(svg.isWellFormed()).toBe(true)
  })

  it('lays out whatever states and arrows there are, within each other too', async () => {
    const nodes = fc.array(fc.nat(), { minLength: 1, maxLength: 12 })
    const edges = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(nodes, edges, async (parents, ends) => {
        const graph = nested(parents, ends)
        const layout = await layOut(graph)
        expect(layout.boxes.filter(({ shape }) => shape !== 'dot')).toHaveLength(graph.nodes.length)
        expect(overlaps(layout)).toEqual([])
      }),
      { numRuns: 15 },
    )
  })
})

it('measures text', () => {
  expect(textWidth('ill', 10)).toBeLessThan(textWidth('WWW', 10))
  expect(textWidth('口座', 10)).toBe(20)
  expect(textWidth('e\u0301', 10)).toBe(textWidth('e', 10))
})

interface Area {
  readonly what: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Pairs of labels, or of a label and what is written in a state, that share room. */
function overlaps(layout: Layout): readonly string[] {
  const labels: Area[] = layout.arrows.flatMap(({ label, edge }) =>
    label === undefined ? [] : [{ ...label, what: `label ${edge?.id}` }],
  )
  const texts: Area[] = layout.boxes.flatMap(({ x, y, title, inner }, index) => {
    const lines = [...title, ...inner]
    const size = { width: blockWidth(lines) + boxPadding, height: lines.length * lineHeight + 4 }
    return lines.length === 0
      ? []
      : [{ x, y, ...size, what: `text of ${title[0]?.pieces[0]?.text} ${index}` }]
  })
  const all = [...labels, ...texts]
  return labels.flatMap((label) =>
    all
      .filter((other) => other !== label && intersect(label, other))
      .map((other) => `${label.what} and ${other.what}`),
  )
}

function intersect(one: Area, other: Area): boolean {
  const apart =
    one.x + one.width <= other.x ||
    other.x + other.width <= one.x ||
    one.y + one.height <= other.y ||
    other.y + other.height <= one.y
  return !apart
}

function nested(parents: readonly number[], ends: readonly (readonly [number, number])[]): DiagramGraph {
  const graph = graphOf(
    parents.map((_, index) => `state ${index}`),
    ends.map(([from, to]) => [from % parents.length, to % parents.length, 'Command [guard] / Event']),
  )
  // Each is within the machine or a state before it.
  const nodes = graph.nodes.map((node, index): DiagramNode => {
    const around = (parents[index - 1] ?? 0) % Math.max(index, 1)
    return index === 0 ? node : { ...node, parent: graph.nodes[around]?.id ?? null }
  })
  return { ...graph, nodes: nodes.map((node) => withInitial(node, nodes)) }
}

function withInitial(node: DiagramNode, nodes: readonly DiagramNode[]): DiagramNode {
  const first = nodes.find(({ parent }) => parent === node.id)
  return first === undefined ? node : { ...node, kind: 'compound', initial: [first.id] }
}

function graphOf(
  labels: readonly string[],
  ends: readonly (readonly [number, number, string])[],
): DiagramGraph {
  const nodes = labels.map((label, index): DiagramNode => nodeOf(`${index}`, label))
  const machine: DiagramNode = { ...nodeOf('top', 'top'), kind: 'compound', parent: null, initial: ['0'] }
  const edges = ends.map(
    ([source, target, label], index): DiagramEdge => ({
      id: `edge-${index}`,
      source: `${source}`,
      target: `${target}`,
      kind: 'transition',
      trigger: label,
      guard: null,
      effects: [],
      label,
      description: null,
    }),
  )
  return { name: 'top', view: 'domain', nodes: [machine, ...nodes], edges }
}

function nodeOf(id: string, label: string): DiagramNode {
  const nothing = { history: null, description: null, tags: [], entry: [], exit: [], inner: [] }
  return { id, label, kind: 'atomic', parent: 'top', initial: [], ...nothing }
}
