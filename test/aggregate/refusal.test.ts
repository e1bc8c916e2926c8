import { describe, expect, test } from 'vitest'
import { and, emit, not } from 'xstate'
import { behaviour } from '../../src/aggregate/aggregate-type.ts'
import { define, gone, type Sketch } from './check/definition.ts'
import { accepted, decided, id } from './recorded.ts'

const no = { no: () => false, never: () => false }

function refusalOf(sketch: Sketch): unknown {
  return decided(define(sketch), { type: 'Go' })
}

describe('Unhandled names the state and what it handles', () => {
  test('of a flat machine', () => {
    const states = { a: { on: { Stay: {}, Wait: {} } }, b: { on: { Go: { actions: 'Gone' }, ...gone } } }
    expect(
      refusalOf({ config: { initial: 'a', states }, commands: { Go: true, Stay: true, Wait: true } }),
    ).toEqual({
      status: 'rejected',
      code: 'Unhandled',
      message: "'Go' is not handled in the state 'a'; it handles Stay, Wait.",
    })
  })

  test('of nested and parallel states', () => {
    const config = {
      type: 'parallel',
      states: {
        door: {
          initial: 'shut',
          states: { shut: { initial: 'free', states: { free: { on: { Stay: {} } } } } },
        },
        light: { initial: 'off', states: { off: {}, on: { on: { Go: { actions: 'Gone' }, ...gone } } } },
      },
    }
    expect(refusalOf({ config, commands: { Go: true, Stay: true } })).toMatchObject({
      message: "'Go' is not handled in the state '{ door: shut.free, light: off }'; it handles Stay.",
    })
  })

  test('where there is nothing to handle', () => {
    const config = { initial: 'a', states: { a: {}, b: { on: { Go: { actions: 'Gone' }, ...gone } } } }
    expect(refusalOf({ config })).toMatchObject({
      message: "'Go' is not handled in the state 'a'; it handles no command.",
    })
  })
})

describe('GuardBlocked names the guards', () => {
  test.each([
    ['no', "every guard (no) in the state 'a' said no"],
    [and(['no', not('never')] as never), "every guard (no, never) in the state 'a' said no"],
    [() => false, "every guard in the state 'a' said no"],
  ])('%s', (guard, text) => {
    const config = { initial: 'a', states: { a: { on: { Go: { guard, actions: 'Gone' }, ...gone } } } }
    expect(refusalOf({ config, guards: no })).toEqual({
      status: 'rejected',
      code: 'GuardBlocked',
      message: `'Go' is not allowed now: ${text}.`,
    })
  })
})

describe('Done', () => {
  test('says which final state is reached', () => {
    const trip = define({
      config: {
        initial: 'a',
        states: { a: { on: { Go: { actions: 'Gone' }, Gone: 'b' } }, b: { type: 'final' } },
      },
    })
    const { state } = accepted(trip, { type: 'Go' })
    expect(decided(trip, { type: 'Go' }, state)).toEqual({
      status: 'rejected',
      code: 'Done',
      message: "'Go' came too late: the final state 'b' is reached.",
    })
  })
})

describe('a code of the machine', () => {
  const details = (value: unknown): Sketch => ({
    config: { on: { Go: { actions: ['refuse', 'No', 'Gone'] }, ...gone } },
    actions: { refuse: emit((() => ({ type: 'reject', code: 'TooFar', details: value })) as never) },
    rejections: { TooFar: 'it is too far', No: 'no' },
  })

  test('the first in document order refuses the whole command, with its text and details', () => {
    expect(refusalOf(details({ km: 700, via: ['Brno'] }))).toEqual({
      status: 'rejected',
      code: 'TooFar',
      message: 'it is too far',
      details: { km: 700, via: ['Brno'] },
    })
  })

  test('whose details are not JSON is a fault', () => {
    const decision = decided(define(details({ at: [new Date(0)] })), { type: 'Go' })
    expect(decision).toMatchObject({ status: 'faulted', error: { path: 'reject.details.at.0' } })
  })

  test('leaves the state as it is', () => {
    const trip = define(details(undefined))
    const state = trip[behaviour].initial(id)
    const before = trip[behaviour].dump(state)
    decided(trip, { type: 'Go' }, state)
    expect(trip[behaviour].dump(state)).toEqual(before)
  })
})
