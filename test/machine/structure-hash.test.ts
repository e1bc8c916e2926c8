import { describe, expect, it } from 'vitest'
import { assign, emit } from 'xstate'
import { kernelOf } from '../../src/machine/kernel-of.ts'
import { account } from './bank.ts'
import { engines, machineOf } from './engines.ts'

const hash = (config: object) => kernelOf(machineOf(config)).structureHash

const base = () => ({
  id: 'm',
  context: { n: 0 },
  initial: 'a',
  states: {
    a: { tags: ['x'], meta: { a: 1 }, on: { Go: { target: 'b', actions: assign({ n: 1 }) } } },
    b: { initial: 'c', states: { c: {}, h: { type: 'history', history: 'shallow' } } },
  },
})

describe('the structure hash', () => {
  it('is the same in every run', () => {
    expect(hash(base())).toBe(hash(base()))
    expect(kernelOf(account).structureHash).toMatchInlineSnapshot(`"411313b9bcc335acd79c20d95f1273f8"`)
  })

  const edits: Record<string, (config: ReturnType<typeof base>) => unknown> = {
    'a state more': (config) => Object.assign(config.states, { d: {} }),
    'a state under another name': (config) => {
      const { c } = config.states.b.states
      config.states.b = { initial: 'd', states: { d: c } } as never
    },
    'another kind': (config) => Object.assign(config.states.a, { type: 'final', on: undefined }),
    'another initial state': (config) => Object.assign(config, { initial: 'b' }),
    'another depth of history': (config) => Object.assign(config.states.b.states.h, { history: 'deep' }),
    'another target': (config) => Object.assign(config.states.a.on.Go, { target: 'a' }),
    'another event': (config) => Object.assign(config.states.a, { on: { Went: 'b' } }),
    'a guard': (config) => Object.assign(config.states.a.on.Go, { guard: 'g' }),
    'another action': (config) => Object.assign(config.states.a.on.Go, { actions: emit({ type: 'E' }) }),
    'another constant in an assign': (config) =>
      Object.assign(config.states.a.on.Go, { actions: assign({ n: 2 }) }),
    'an entry action': (config) => Object.assign(config.states.a, { entry: 'x' }),
    'an always': (config) => Object.assign(config.states.a, { always: { guard: 'g', target: 'b' } }),
    'a key of the context': (config) => Object.assign(config.context, { m: 0 }),
    'the order of states': (config) => {
      config.states = { b: config.states.b, a: config.states.a }
    },
  }
  it.each(Object.entries(edits))('changes with %s', (_, edit) => {
    const config = base()
    edit(config)
    expect(hash(config)).not.toBe(hash(base()))
  })

  it('does not change with what no stored state hangs on: tags, meta, descriptions, the code of functions', () => {
    const config = base()
    Object.assign(config.states.a, { tags: [], meta: undefined, description: 'other' })
    expect(hash(config)).toBe(hash(base()))
    const assigning = (n: number) => ({ on: { Go: { actions: assign(() => ({ n })) } } })
    expect(hash(assigning(1))).toBe(hash(assigning(2)))
  })

  it('changes with a key that a context factory gives, and not with one that is another each time', () => {
    const made = (make: () => object) => hash({ context: make })
    expect(made(() => ({ n: 0 }))).not.toBe(made(() => ({ n: 0, m: 0 })))
    let count = 0
    expect(made(() => ({ n: count++ }))).toBe(made(() => ({ n: count++ })))
  })

  it('is the same on both engines', () => {
    expect(new Set(engines.map(([, make]) => make(account).structureHash)).size).toBe(1)
  })

  it('is there for a machine that holds what JSON cannot', () => {
    expect(hash({ context: { n: 1n } })).toMatch(/^[0-9a-f]{32}$/)
  })
})
