import { describe, expect, test } from 'vitest'
import { assign, emit, setup } from 'xstate'
import { z } from 'zod'
import { behaviour } from '../../../src/aggregate/aggregate-type.ts'
import { type Learnt, learnEmit } from '../../../src/aggregate/check/learn-emit.ts'
import { model, reject } from '../../../src/aggregate/index.ts'
import { readChart } from '../../../src/machine/chart.ts'
import { decided, id } from '../recorded.ts'
import { define, findingsOf, go, machineOf } from './definition.ts'

// biome-ignore lint/suspicious/noExplicitAny: what a machine of a user does with what it is given is his business
type Given = { context: any; event: any }

function learnt(emitted: (given: Given, params: never) => object, params?: (given: Given) => object): Learnt {
  const written = params === undefined ? 'act' : { type: 'act', params }
  const machine = machineOf({ config: go(written), actions: { act: emit(emitted as never) } })
  const action = readChart(machine).root.on.get('Go')?.[0]?.actions[0]
  if (action?.kind !== 'emit') throw new Error('no emit')
  return learnEmit(action, 'Go')
}

const event = { kind: 'event', type: 'Gone' }

describe('an emit is learnt by calling it once, whatever it asks for', () => {
  test.each<readonly [string, (given: Given) => object]>([
    ['fields, however deep', ({ context, event: { by } }) => ({ type: 'Gone', a: context.a.b[0].c, by })],
    [
      'arithmetic and text',
      ({ context }) => ({ type: 'Gone', n: context.n * 2 + 1, text: `${context.name}!` }),
    ],
    [
      'methods and loops',
      ({ context }) => ({
        type: 'Gone',
        list: context.list.filter(Boolean).map(String),
        all: [...context.list],
      }),
    ],
    [
      'comparisons and dates',
      ({ context }) => ({ type: 'Gone', at: new Date(context.at).toISOString(), big: context.n > 5 }),
    ],
    [
      'Math, Object and Array',
      ({ context }) => ({
        type: 'Gone',
        n: Math.max(...context.list),
        k: Object.keys(context),
        l: Array.isArray(context),
      }),
    ],
    [
      'a loop over a length',
      ({ context }) => {
        let n = 0
        for (let index = 0; index < context.list.length; index++) n += context.list[index]
        return { type: 'Gone', n }
      },
    ],
    ['a spread before the type', ({ event: given }) => ({ ...given, type: 'Gone' })],
  ])('%s', (_, emitted) => {
    expect(learnt(emitted)).toEqual(event)
  })

  test('params are computed first; where that fails they are a stand-in', () => {
    expect(
      learnt(
        (_, params) => ({ ...(params as object), type: 'Gone' }),
        ({ event: { text } }) => JSON.parse(text),
      ),
    ).toEqual(event)
  })

  test('a spread behind the type shows the type that it overwrites it with', () => {
    expect(learnt(({ event: given }) => ({ type: 'Gone', ...given }))).toEqual({ kind: 'event', type: 'Go' })
    expect(
      learnt(
        (_, params) => ({ type: 'Gone', ...(params as object) }),
        ({ event: given }) => given,
      ),
    ).toEqual({
      kind: 'event',
      type: 'Go',
    })
  })

  test('a rejection shows its code, where it is fixed', () => {
    expect(learnt(() => ({ type: 'reject', code: 'No' }))).toEqual({ kind: 'rejection', code: 'No' })
    expect(learnt(({ context }) => ({ type: 'reject', code: context.code }))).toEqual({
      kind: 'rejection',
      code: undefined,
    })
  })

  test.each<readonly [string, (given: Given) => object, RegExp]>([
    [
      'that throws',
      ({ context }) => ({ type: 'Gone', text: JSON.parse(context.text) }),
      /called with stand-ins it threw ".*JSON/,
    ],
    [
      'that loops for ever',
      ({ context }) => {
        while (context.queue.length > 0) context.queue.pop()
        return { type: 'Gone' }
      },
      /it loops on a stand-in/,
    ],
    ['whose type is computed', ({ context }) => ({ type: context.next }), /without a fixed type/],
  ])('one %s is unclear', (_, emitted, reason) => {
    expect(learnt(emitted)).toEqual({ kind: 'unclear', reason: expect.stringMatching(reason) })
  })

  test('what is unclear is a warning', () => {
    const act = emit((({ context }: Given) => ({ type: context.next })) as never)
    expect(findingsOf({ config: go('act'), actions: { act } })).toContainEqual({
      severity: 'warning',
      rule: 'unclear-emit',
      path: 'trip.on.Go',
      message:
        "which event the action 'act' emits could not be learnt: it emits something without a fixed type",
      mend: 'let it emit an object with a literal `type` from every path',
    })
  })
})

test('all actions of a model are learnt', () => {
  const trips = model({
    context: {} as { n: number },
    commands: { Go: z.object({ to: z.string() }) },
    events: { Gone: z.object({ to: z.string() }), Stayed: true },
    rejections: { TooFar: 'it is too far' },
  })
  const machine = setup({
    types: trips.types,
    actions: { ...trips.actions, other: reject('TooFar') },
  }).createMachine({
    context: { n: 0 },
    on: { Go: { actions: ['Gone', 'Stayed', { type: 'reject', params: { code: 'TooFar' } }, 'other'] } },
  })
  const actions = readChart(machine).root.on.get('Go')?.[0]?.actions ?? []
  expect(actions.map((action) => action.kind === 'emit' && learnEmit(action, 'Go'))).toEqual([
    { kind: 'event', type: 'Gone' },
    { kind: 'event', type: 'Stayed' },
    { kind: 'rejection', code: 'TooFar' },
    { kind: 'rejection', code: 'TooFar' },
  ])
})

test('an assign that writes into its event is a fault, for the event is what is stored', () => {
  const trip = define({
    config: { context: { n: 0 }, on: { Go: { actions: 'went' }, Gone: { actions: 'sort' } } },
    actions: {
      went: emit((() => ({ type: 'Gone', stops: ['b', 'a'] })) as never),
      sort: assign((({ event: given }: Given) => ({ n: given.stops.sort().length })) as never),
    },
    events: { Gone: z.object({ stops: z.array(z.string()) }) },
  })
  expect(decided(trip, { type: 'Go' }, trip[behaviour].initial(id))).toMatchObject({
    status: 'faulted',
    error: { path: 'Gone' },
  })
})
