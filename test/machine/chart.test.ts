import { describe, expect, it } from 'vitest'
import {
  and,
  assign,
  createMachine,
  emit,
  enqueueActions,
  log,
  not,
  or,
  raise,
  sendTo,
  setup,
  stateIn,
} from 'xstate'
import { type ChartNode, readChart } from '../../src/machine/chart.ts'
import type { Machine } from '../../src/machine/xstate-internals.ts'

const nodeAt = (machine: Machine, path: string): ChartNode => {
  const found = readChart(machine).nodes.find((node) => node.path.join('.') === path)
  if (found === undefined) throw new Error(`no node at '${path}'`)
  return found
}

const shop = setup({
  types: {} as { context: { total: number }; events: { type: 'Pay' } | { type: 'Paid' } | { type: 'Ship' } },
  guards: {
    rich: ({ context }) => context.total > 0,
    atLeast: ({ context }, params: { least: number }) => context.total >= params.least,
    both: and(['rich', stateIn('#shop.cart')]),
  },
  actions: {
    Paid: emit({ type: 'Paid' }),
    add: assign({ total: ({ context }) => context.total + 1 }),
    idle: () => undefined,
  },
}).createMachine({
  id: 'shop',
  description: 'sells',
  context: { total: 0 },
  initial: 'cart',
  states: {
    cart: {
      tags: ['open'],
      meta: { colour: 'red' },
      entry: 'add',
      exit: ['idle', { type: 'add' }],
      on: {
        Pay: [
          { guard: { type: 'atLeast', params: { least: 5 } }, actions: 'Paid', description: 'enough' },
          { guard: and(['rich', or(['both', not('rich')])]), actions: [] },
          { guard: ({ event }) => event.type === 'Pay' },
        ],
        Paid: { target: 'packing.box', reenter: true },
        Ship: {},
      },
      after: { 1000: 'gone' },
      always: { guard: 'rich', target: 'gone' },
    },
    packing: {
      initial: 'box',
      onDone: 'gone',
      states: {
        box: { on: { Ship: '#shop.gone' } },
        last: { type: 'history', history: 'deep', target: 'box' },
      },
    },
    gone: { type: 'final', output: { said: 'bye' } },
  },
})

describe('readChart', () => {
  it('lists every node in document order, with kind, parent and children', () => {
    const chart = readChart(shop)
    expect(chart.nodes.map((node) => [node.path.join('.'), node.kind])).toEqual([
      ['', 'compound'],
      ['cart', 'atomic'],
      ['packing', 'compound'],
      ['packing.box', 'atomic'],
      ['packing.last', 'history'],
      ['gone', 'final'],
    ])
    expect(chart.nodes.map((node) => node.order)).toEqual([0, 1, 2, 3, 4, 5])
    expect(nodeAt(shop, 'packing.box').parent?.key).toBe('packing')
    expect(chart.root.children.map((node) => node.key)).toEqual(['cart', 'packing', 'gone'])
    expect(chart.root.description).toBe('sells')
    expect(chart.root.initial?.targets.map((node) => node.id)).toEqual(['shop.cart'])
    expect(chart.context).toEqual({ kind: 'fixed', value: { total: 0 } })
    expect(chart.registered).toEqual({
      actions: ['Paid', 'add', 'idle'],
      guards: ['rich', 'atLeast', 'both'],
    })
  })

  it('reads candidates in order, with guard, targets, reenter, actions and description', () => {
    const cart = nodeAt(shop, 'cart')
    expect([...cart.on.keys()]).toEqual(['Pay', 'Paid', 'Ship'])
    const [first, second, third] = cart.on.get('Pay') ?? []
    expect(first).toMatchObject({
      descriptor: 'Pay',
      index: 0,
      description: 'enough',
      targets: undefined,
      guard: { kind: 'predicate', name: 'atLeast', params: { kind: 'fixed', value: { least: 5 } } },
      actions: [{ kind: 'emit', name: 'Paid', event: { kind: 'fixed', value: { type: 'Paid' } } }],
    })
    expect(second?.guard).toMatchObject({
      kind: 'and',
      guards: [
        { kind: 'predicate', name: 'rich' },
        {
          kind: 'or',
          guards: [
            { kind: 'and', name: 'both' },
            { kind: 'not', guards: [{ name: 'rich' }] },
          ],
        },
      ],
    })
    expect(second?.guard).not.toHaveProperty('name')
    expect(third?.guard).toMatchObject({ kind: 'predicate', params: { kind: 'none' } })
    const paid = cart.on.get('Paid')?.[0]
    expect(paid?.targets?.map((node) => node.path)).toEqual([['packing', 'box']])
    expect(paid?.reenter).toBe(true)
    expect(cart.on.get('Ship')).toMatchObject([{ actions: [], targets: undefined, guard: undefined }])
  })

  it('reads tags, meta, entry, exit, always, after, onDone, history and output', () => {
    const cart = nodeAt(shop, 'cart')
    expect([cart.tags, cart.meta]).toEqual([['open'], { colour: 'red' }])
    expect(cart.entry).toMatchObject([{ kind: 'assign', name: 'add' }])
    expect(cart.exit.map((action) => [action.kind, action.kind !== 'invalid' && action.name])).toEqual([
      ['custom', 'idle'],
      ['assign', 'add'],
    ])
    expect(cart.always).toMatchObject([{ descriptor: '', guard: { name: 'rich' } }])
    expect(cart.after.get('1000')).toMatchObject([{ targets: [{ key: 'gone' }] }])
    expect(nodeAt(shop, 'packing').onDone).toMatchObject([{ targets: [{ key: 'gone' }] }])
    expect(nodeAt(shop, 'packing').on.size).toBe(0)
    const last = nodeAt(shop, 'packing.last').history
    expect(last?.depth).toBe('deep')
    expect(last?.defaults.map((node) => node.key)).toEqual(['box'])
    expect(nodeAt(shop, 'gone').output).toEqual({ kind: 'fixed', value: { said: 'bye' } })
  })

  it('tells every kind of action apart', () => {
    const machine = createMachine({
      entry: [
        emit({ type: 'A' }),
        emit(() => ({ type: 'B' })),
        assign(() => ({})),
        raise({ type: 'C' }, { delay: 5 }),
        sendTo('x', { type: 'D' }),
        enqueueActions(() => undefined),
        log('hi'),
        () => undefined,
        'nobody',
        { type: 'nobody', params: () => 1 },
      ],
    })
    const { entry } = readChart(machine).root
    expect(entry.map((action) => action.kind)).toEqual([
      'emit',
      'emit',
      'assign',
      'raise',
      'sendTo',
      'enqueueActions',
      'log',
      'custom',
      'missing',
      'missing',
    ])
    expect(entry[1]).toMatchObject({ event: { kind: 'computed' } })
    expect(entry[3]).toMatchObject({ delay: { kind: 'fixed', value: 5 } })
    expect(entry[9]).toMatchObject({ name: 'nobody', params: { kind: 'computed' } })
  })

  it('names guards that are missing or lead back to themselves', () => {
    const machine = createMachine(
      { on: { A: { guard: 'gone' }, B: { guard: 'loop' }, C: { guard: 'alias' } } },
      { guards: { loop: and(['loop']) as never, alias: 'real' as never, real: () => true } },
    )
    const { on } = readChart(machine).root
    expect(on.get('A')?.[0]?.guard).toEqual({ kind: 'missing', name: 'gone' })
    expect(on.get('B')?.[0]?.guard).toMatchObject({ kind: 'and', guards: [{ kind: 'cyclic', name: 'loop' }] })
    expect(on.get('C')?.[0]?.guard).toMatchObject({ kind: 'predicate', name: 'real' })
  })

  it('takes a history default from the parent where the author names none', () => {
    const machine = createMachine({
      type: 'parallel',
      states: {
        remembered: { type: 'history' },
        left: { initial: 'one', states: { one: {}, again: { history: true } } },
      },
    })
    const keys = (path: string) => nodeAt(machine, path).history?.defaults.map((node) => node.path.join('.'))
    expect(keys('remembered')).toEqual([''])
    expect(keys('left.again')).toEqual(['left.one'])
  })
})
