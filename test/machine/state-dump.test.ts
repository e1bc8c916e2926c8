import { describe, expect, it } from 'vitest'
import { assign, createMachine } from 'xstate'
import type { JsonValue } from '../../src/event/json.ts'
import type { MachineState } from '../../src/machine/kernel.ts'
import { StateMisfit } from '../../src/machine/machine-errors.ts'
import { account } from './bank.ts'
import { engines, message, stateAfter } from './engines.ts'

const throughJson = (value: JsonValue): JsonValue => JSON.parse(JSON.stringify(value))

describe.each(engines)('dump and restore (%s)', (_, make) => {
  it('give the same state again', () => {
    const bank = make(account)
    const state = stateAfter(bank, message('Opened', { owner: 'A', overdraft: 1 }))
    const restored = bank.restore(throughJson(bank.dump(state)))
    expect(bank.view(restored).context).toEqual({ owner: 'A', balance: 0, overdraft: 1 })
    expect(bank.view(restored).value).toBe('open')
    expect(bank.dump(restored)).toEqual(bank.dump(state))
  })

  it('keep that a machine is finished', () => {
    const bank = make(account)
    const state = stateAfter(bank, message('Opened', { owner: 'A', overdraft: 1 }), 'Closed')
    const restored = bank.restore(throughJson(bank.dump(state)))
    expect(bank.view(restored).status).toBe('done')
    expect(bank.decide(restored, message('Open'))).toEqual({ status: 'done' })
  })

  it('keep history, which resolveState forgets', () => {
    const kernel = make(
      createMachine({
        initial: 'in',
        states: {
          in: {
            initial: 'a',
            states: { a: { on: { Next: 'b' } }, b: {}, last: { type: 'history', history: 'deep' } },
            on: { Left: 'out' },
          },
          out: { on: { Back: 'in.last' } },
        },
      }),
    )
    const restored = kernel.restore(throughJson(kernel.dump(stateAfter(kernel, 'Next', 'Left'))))
    expect(kernel.view(kernel.evolve(restored, message('Back'))).value).toEqual({ in: 'b' })
  })

  it('keep the order in which xstate asks the regions for always: the last to move comes last', () => {
    const region = (name: string) => ({
      initial: 'one',
      states: {
        one: { on: { [`Moved${name}`]: 'two' } },
        two: {
          always: {
            guard: ({ context }: { context: { go: boolean } }) => context.go,
            target: 'three',
            actions: assign(({ context }: { context: { log: string } }) => ({ log: context.log + name })),
          },
        },
        three: {},
      },
    })
    const kernel = make(
      createMachine({
        type: 'parallel',
        context: { go: false, log: '' },
        on: { Went: { actions: assign({ go: true }) } },
        states: { a: region('A'), b: region('B') },
      } as never),
    )
    const log = (state: MachineState) => kernel.view(kernel.evolve(state, message('Went'))).context
    const state = stateAfter(kernel, 'MovedB', 'MovedA')
    expect(log(stateAfter(kernel, 'MovedA', 'MovedB'))).toEqual({ go: true, log: 'AB' })
    expect(log(state)).toEqual({ go: true, log: 'BA' })
    expect(log(kernel.restore(throughJson(kernel.dump(state))))).toEqual({ go: true, log: 'BA' })
  })

  it.each<[string, JsonValue]>([
    ['no object', 'open'],
    ['no states', { context: {} }],
    ['a removed state', { nodes: ['m', 'm.gone'], context: {} }],
    [
      'a region that is missing (xstate would fill it in silently)',
      { nodes: ['m', 'm.p', 'm.p.l'], context: {} },
    ],
    ['two states of one parent', { nodes: ['m', 'm.p', 'm.p.l', 'm.p.r', 'm.q'], context: {} }],
    ['a state twice', { nodes: ['m', 'm.q', 'm.q'], context: {} }],
    ['a state without its parent', { nodes: ['m.q'], context: {} }],
    ['no context', { nodes: ['m', 'm.q'] }],
    ['a history that is none', { nodes: ['m', 'm.q'], context: {}, history: { 'm.q': [] } }],
    ['a history of elsewhere', { nodes: ['m', 'm.q'], context: {}, history: { 'm.p.h': ['m.q'] } }],
  ])('refuse %s', (_what, dump) => {
    const kernel = make(
      createMachine({
        id: 'm',
        initial: 'q',
        states: { p: { type: 'parallel', states: { l: {}, r: {}, h: { type: 'history' } } }, q: {} },
      }),
    )
    expect(() => kernel.restore(dump)).toThrow(StateMisfit)
  })
})
