import fc from 'fast-check'
import { diagram } from 'reenact/diagram'
import { describe, expect, it } from 'vitest'
import { account } from '../../examples/bank/account.ts'
import type { DiagramGraph, DiagramNode } from '../../src/diagram/graph.ts'
import { linesOf, mermaidOf } from '../../src/diagram/mermaid.ts'
import { order } from '../docs/order.ts'
import { bigMachine, shipment } from './machines.ts'
import { readMermaid } from './mermaid-reading.ts'

describe('mermaid', () => {
  it('is text that people can read', () => {
    expect(diagram(account, { format: 'mermaid' })).toMatchInlineSnapshot(`
      "stateDiagram-v2
        direction TB
        [*] --> unopened
        state "unopened" as unopened
        state "open" as open {
          [*] --> active
          state "active" as active
          active : Withdraw [hasFunds] / Withdrawn
          active : Withdraw [else] / WithdrawalDeclined
          active : Unfreeze ✗ NotFrozen
          active : Close [else] ✗ NotEmpty
          state "frozen" as frozen
          frozen : Withdraw / WithdrawalDeclined
          frozen : Freeze ✗ AlreadyFrozen
          frozen : Close ✗ AccountFrozen
        }
        note right of open
          Open ✗ AlreadyOpen
          Deposit / Deposited
        end note
        state "closed" as closed
        closed --> [*]
        unopened --> open : Open / Opened
        active --> frozen : Freeze / Frozen
        active --> closed : Close [isEmpty] / Closed
        frozen --> active : Unfreeze / Unfrozen
      "
    `)
  })

  it.each([
    ['account', account],
    ['order', order],
    ['shipment', shipment],
    ['big', bigMachine()],
  ])('of %s is understood by its own parser, with every state, arrow and line', async (_, definition) => {
    for (const view of ['machine', 'domain'] as const) {
      const graph = diagram(definition, { format: 'json', view })
      await expectWhole(graph, diagram(definition, { format: 'mermaid', view }))
    }
  })

  it('nests what is nested, and keeps regions apart', async () => {
    const { nodes } = await readMermaid(diagram(shipment, { format: 'mermaid' }))
    const parent = (id: string) => nodes.find((node) => node.id === id)?.parent
    expect(parent('picking')).toBe('packing')
    expect(parent('packing')).toBe('delivery')
    expect(nodes.filter(({ shape }) => shape === 'divider')).toHaveLength(2)
    expect(parent('payment')).not.toBe(parent('delivery'))
    expect(parent(parent('payment') ?? '')).toBe('running')
  })

  it('keeps any text as it is, whatever its syntax says', async () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
      fc.constantFrom(
        'end',
        'note',
        'state',
        'Class',
        'root',
        'a_start',
        '-->',
        '%%',
        '"',
        '#quot;',
        '[*]',
        ':::',
        '<b>',
      ),
    )
    await fc.assert(
      fc.asyncProperty(word, word, word, async (first, second, label) => {
        const graph = hostile(first, second, label)
        await expectWhole(graph, mermaidOf(graph))
      }),
      { numRuns: 50, examples: [[' ', ' ', ' ']] },
    )
  })
})

/** Expects that Mermaid sees what the graph holds: nothing lost, nothing made of what a text says. */
async function expectWhole(graph: DiagramGraph, text: string): Promise<void> {
  const { nodes, edges } = await readMermaid(text)
  const shown = nodes.flatMap(({ lines }) => lines.map(plain))
  const framed = text.includes(`state "${graph.name}" as`)
  for (const node of graph.nodes.slice(framed ? 0 : 1)) {
    if (node.kind !== 'history') expect(shown).toContain(plain(node.label))
    const lines = linesOf(node).map(plain)
    const isNote = graph.nodes.some(({ parent }) => parent === node.id) && lines.length > 0
    expect(shown).toEqual(expect.arrayContaining(isNote ? [plain(lines.join(' '))] : lines))
  }
  const labels = edges.map(({ label }) => plain(label)).filter((label) => label !== '')
  const expected = graph.edges.map(({ label }) => plain(label)).filter((label) => label !== '')
  expect(labels.toSorted()).toEqual(expected.toSorted())
}

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

function hostile(first: string, second: string, label: string): DiagramGraph {
  const step = {
    kind: 'transition',
    trigger: label,
    guard: null,
    effects: [],
    label,
    description: null,
  } as const
  const node = (id: string, text: string): DiagramNode => ({
    id,
    label: text,
    kind: 'atomic',
    parent: 'top',
    initial: [],
    history: null,
    description: label,
    tags: [],
    entry: [],
    exit: [],
    inner: [step],
  })
  return {
    name: 'top',
    view: 'domain',
    nodes: [
      { ...node('top', 'top'), kind: 'compound', parent: null, initial: ['1'], description: null, inner: [] },
      node('1', first),
      node('2', second),
    ],
    edges: [{ id: 'edge-0', source: '1', target: '2', ...step }],
  }
}
