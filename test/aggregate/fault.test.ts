import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { assign, emit } from 'xstate'
import { z } from 'zod'
import { behaviour } from '../../src/aggregate/aggregate-type.ts'
import type { Aggregate } from '../../src/aggregate/index.ts'
import { EventTooLarge, MachineFault } from '../../src/errors.ts'
import { define, fine, go, gone, type Sketch } from './check/definition.ts'
import { decided, id } from './recorded.ts'

function faultOf(of: Aggregate, command: object = { type: 'Go' }): MachineFault {
  const before = of[behaviour].initial(id)
  const dump = of[behaviour].dump(before)
  const decision = decided(of, command, before)
  expect(decision.status).toBe('faulted')
  // All or nothing: the state that decided is as it was.
  expect(of[behaviour].dump(before)).toEqual(dump)
  if (decision.status === 'faulted' && decision.error instanceof MachineFault) return decision.error
  throw new Error('no MachineFault')
}

/** The command emits `Gone` with this payload. */
function emitting(payload: object, schema: unknown): Aggregate {
  return define({
    config: go('went'),
    actions: { went: emit((() => ({ ...payload, type: 'Gone' })) as never) },
    events: { Gone: schema },
  })
}

const anything = z.looseObject({})

describe('whatever throws while deciding is a MachineFault, and nothing is changed', () => {
  const thrower = (): never => {
    throw new Error('out of order')
  }
  const context = { n: 0 }
  const cases: readonly (readonly [string, Sketch, string])[] = [
    [
      'a guard',
      { config: { on: { Go: { guard: 'broken', actions: 'Gone' }, ...gone } }, guards: { broken: thrower } },
      'Go',
    ],
    ['an emit', { config: go('broken'), actions: { broken: emit(thrower) }, events: { Gone: true } }, 'Go'],
    [
      'an assign',
      {
        config: { context, on: { Go: { actions: 'Gone' }, Gone: { actions: 'broken' } } },
        actions: { broken: assign(thrower) },
      },
      'Gone',
    ],
    [
      'the schema of an event',
      { config: fine, events: { Gone: v.pipe(v.object({}), v.transform(thrower)) } },
      'Gone',
    ],
  ]
  test.each(cases)('%s', (_, sketch, path) => {
    const fault = faultOf(define(sketch))
    expect(fault).toMatchObject({ aggregate: 'trip', id, commandType: 'Go', path })
    expect(fault.message).toContain(`The machine of trip 'alice' failed at the command 'Go' (${path})`)
    expect(fault.message).toContain('out of order')
    expect(fault.message).toContain('Nothing was stored; mend the machine and ask again.')
    expect(fault.cause).toBeInstanceOf(Error)
  })

  test('an event that no state handles at that moment', () => {
    const fault = faultOf(
      define({
        config: { initial: 'a', states: { a: { on: { Go: { actions: 'Gone' } } }, b: { on: gone } } },
      }),
    )
    expect(fault.message).toContain("The event 'Gone' is not handled there")
  })

  test('the second event of a command: the first is not kept', () => {
    const trip = define({
      config: {
        context,
        initial: 'a',
        states: { a: { on: { Go: { actions: ['Gone', 'Gone'] }, Gone: 'b' } }, b: {} },
      },
    })
    expect(faultOf(trip).path).toBe('Gone')
  })

  test('a guard that writes to the context', () => {
    const write = ({ context: given }: { context: { n: number } }): boolean => {
      given.n = 1
      return true
    }
    const trip = define({
      config: { context, on: { Go: { guard: 'write', actions: 'Gone' }, ...gone } },
      guards: { write },
    })
    expect(faultOf(trip).message).toContain('A command changes nothing')
  })

  test('an event of a computed type that has no schema, and a code without a text', () => {
    const action = (emitted: object) =>
      emit((({ context: given }: { context: { n: number } }) =>
        given.n === 0 ? emitted : { type: 'Gone' }) as never)
    const lost = define({ config: { context, ...go('act') }, actions: { act: action({ type: 'Lost' }) } })
    expect(faultOf(lost).message).toContain("it emitted 'Lost', which has no schema in `events`.")
    const refused = define({
      config: { context, ...go('act') },
      actions: { act: action({ type: 'reject', code: 'Odd' }) },
    })
    expect(faultOf(refused).message).toContain(
      "it rejected with the code 'Odd', which has no text in `rejections`.",
    )
  })
})

describe('an event that breaks its schema', () => {
  test('names every issue with its path', () => {
    const fault = faultOf(
      emitting({ stops: [{ name: 7 }] }, z.object({ stops: z.array(z.object({ name: z.string() })) })),
    )
    expect(fault.path).toBe('Gone.stops.0.name')
    expect(fault.message).toContain("the payload of 'Gone' does not fit its schema: stops.0.name: ")
  })

  test('or whose schema is asynchronous', () => {
    const fault = faultOf(
      emitting(
        {},
        z.looseObject({}).refine(async () => true),
      ),
    )
    expect(fault.message).toContain('schemas must be synchronous')
  })

  test('or has a payload where none is declared', () => {
    expect(faultOf(emitting({ by: 'train' }, true)).path).toBe('Gone.by')
  })

  test('or whose schema does not give its own output back', () => {
    const next = z.object({ n: z.number() }).transform(({ n }) => ({ n: n + 1 }))
    expect(faultOf(emitting({ n: 1 }, next)).message).toContain(
      "the schema of 'Gone' does not give its own output back unchanged, so a replay would see another event.",
    )
  })
})

class Station {
  readonly name = 'Brno'
}
const cycle: { self?: unknown } = {}
cycle.self = cycle

describe('an event that JSON cannot hold names the place', () => {
  test.each([
    ['NaN', { at: { n: Number.NaN } }, 'Gone.at.n', 'NaN is not JSON'],
    ['Infinity', { n: Number.POSITIVE_INFINITY }, 'Gone.n', 'Infinity is not JSON'],
    ['a Date', { at: [new Date(0)] }, 'Gone.at.0', 'a Date is not JSON'],
    ['a Map', { at: new Map() }, 'Gone.at', 'a Map is not JSON'],
    ['a bigint', { n: 1n }, 'Gone.n', 'a bigint is not JSON'],
    ['a function', { f: () => 1 }, 'Gone.f', 'a function is not JSON'],
    ['a symbol', { s: Symbol('s') }, 'Gone.s', 'a symbol is not JSON'],
    ['undefined in an array', { list: [1, undefined] }, 'Gone.list.1', 'undefined is not JSON'],
    ['an instance of a class', { station: new Station() }, 'Gone.station', 'a Station is not JSON'],
    ['a cycle', { cycle }, 'Gone.cycle.self', 'it contains itself, and JSON has no cycles'],
  ])('%s', (_, payload, path, reason) => {
    const fault = faultOf(emitting(payload, anything))
    expect(fault.path).toBe(path)
    expect(fault.message).toContain(`the payload of 'Gone' cannot be stored: ${reason}.`)
  })

  test('undefined keys are left out and -0 is 0, in what is stored and in what is evolved', () => {
    const decision = decided(emitting({ memo: undefined, n: -0, list: [{ x: undefined }] }, anything), {
      type: 'Go',
    })
    expect(decision).toMatchObject({ status: 'accepted', events: [{ json: '{"n":0,"list":[{}]}' }] })
    const [event] = decision.status === 'accepted' ? decision.events : []
    expect(event?.message).toStrictEqual({ type: 'Gone', n: 0, list: [{}] })
  })

  test('a context that JSON cannot hold', () => {
    const trip = define({
      config: { context: { sum: 0 }, on: { Go: { actions: 'Gone' }, Gone: { actions: 'break' } } },
      actions: { break: assign({ sum: Number.NaN }) },
    })
    expect(faultOf(trip).message).toContain('(context.sum): the context cannot be stored: NaN is not JSON.')
  })
})

describe('limits', () => {
  test('events of more bytes than the store takes at once: counted in UTF-8, over all of the command', () => {
    const trip = define({
      config: go(['went', 'went']),
      actions: { went: emit((() => ({ type: 'Gone', to: 'Plzeň' })) as never) },
      events: { Gone: z.object({ to: z.string() }) },
    })
    const bytes = 2 * Buffer.byteLength('{"to":"Plzeň"}')
    expect(decided(trip, { type: 'Go' }, undefined, bytes)).toMatchObject({ status: 'accepted', bytes })
    const decision = decided(trip, { type: 'Go' }, undefined, bytes - 1)
    expect(decision.status === 'faulted' && decision.error).toBeInstanceOf(EventTooLarge)
    expect(decision).toMatchObject({ error: { bytes, maxBytes: bytes - 1 } })
  })
})
