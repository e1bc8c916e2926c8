import { describe, expect, test } from 'vitest'
import { and, assign, emit, not, or, stateIn } from 'xstate'
import { z } from 'zod'
import { aggregate } from '../../../src/aggregate/aggregate.ts'
import { behaviour } from '../../../src/aggregate/aggregate-type.ts'
import { define, findingsOf, fine, go, gone, type Sketch } from './definition.ts'

const count = { count: assign({ n: ({ context }: { context: { n: number } }) => context.n + 1 }) }

const allowed: Readonly<Record<string, Sketch>> = {
  'assigns on entry and exit of states that a domain event leads to': {
    config: {
      context: { n: 0 },
      initial: 'a',
      states: { a: { exit: 'count', on: { Go: { actions: 'Gone' }, Gone: 'b' } }, b: { entry: 'count' } },
    },
    actions: count,
  },
  'always with an assign and a target': {
    config: {
      context: { n: 0 },
      initial: 'a',
      states: {
        a: { on: { Go: { actions: 'Gone' }, Gone: 'b' } },
        b: { always: { target: 'c', actions: 'count' } },
        c: {},
      },
    },
    actions: count,
  },
  'onDone with an assign and a target': {
    config: {
      context: { n: 0 },
      initial: 'a',
      states: {
        a: {
          initial: 'x',
          states: { x: { on: { Go: { actions: 'Gone' }, Gone: 'y' } }, y: { type: 'final' } },
          onDone: { target: 'b', actions: 'count' },
        },
        b: {},
      },
    },
    actions: count,
  },
  'a context factory that gives the same each time, of { id }': {
    config: { ...fine, context: ({ input }: { input: { id: string } }) => ({ id: input.id }) },
  },
  'final states, tags, meta, description and output': {
    config: {
      initial: 'a',
      description: 'a trip',
      states: {
        a: { tags: ['here'], meta: { shown: true }, on: { Go: { actions: 'Gone' }, Gone: 'b' } },
        b: { type: 'final', output: { far: true } },
      },
      output: 1,
    },
  },
  'the combinators and, or, not and stateIn': {
    config: {
      initial: 'a',
      states: { a: {}, b: {} },
      on: {
        Go: { guard: 'there', actions: 'Gone' },
        ...gone,
      },
    },
    guards: { there: and(['yes', or([not('yes'), stateIn('a')])] as never) },
  },
  'several emits of one command': { config: go(['Gone', 'Gone']) },
  'a command that is accepted without an event': { config: { on: { Go: {} } }, events: {} },
  'an event with target and reenter': {
    config: {
      initial: 'a',
      states: { a: { on: { Go: { actions: 'Gone' }, Gone: { target: 'a', reenter: true } } } },
    },
  },
  'a guarded command without a fallback': {
    config: { on: { Go: { guard: 'yes', actions: 'Gone' }, ...gone } },
  },
  'a guarded domain event whose last candidate has no guard': {
    config: {
      initial: 'a',
      states: { a: { on: { Go: { actions: 'Gone' }, Gone: [{ guard: 'yes', target: 'b' }, {}] } }, b: {} },
    },
  },
  'an emitting state that lacks the event, where another handles it': {
    config: {
      initial: 'a',
      states: { a: { on: { Go: { actions: 'Gone' } } }, b: { on: gone } },
    },
  },
  history: {
    config: {
      initial: 'a',
      states: {
        a: {
          initial: 'x',
          states: { x: {}, y: {}, h: { type: 'history' } },
          on: { Go: { actions: 'Gone' }, Gone: 'b' },
        },
        b: { on: { Gone: 'a.h' } },
      },
    },
  },
  'an old event that is handled and no longer emitted': {
    config: { on: { Go: { actions: 'Gone' }, Gone: {}, Went: {} } },
    events: { Gone: true, Went: true },
  },
}

describe('allowed', () => {
  test.each(Object.entries(allowed))('%s', (_, sketch) => {
    expect(findingsOf(sketch)).toEqual([])
  })

  test('what entry, exit, always and onDone assign comes with the event', () => {
    const sketch = allowed['assigns on entry and exit of states that a domain event leads to'] as Sketch
    const trip = define(sketch)[behaviour]
    const decision = trip.decide('1', trip.initial('1'), trip.accept('1', { type: 'Go' }), 1000)
    if (decision.status !== 'accepted') throw new Error(decision.status)
    expect(trip.view(decision.state).context).toEqual({ n: 2 })
  })
})

const warned: Readonly<
  Record<
    string,
    readonly [Sketch, { readonly rule: string; readonly path: string; readonly message: string }]
  >
> = {
  'an event that one command emits from two parallel regions': [
    {
      config: {
        type: 'parallel',
        states: { left: go('Gone'), right: go('Gone') },
      },
    },
    {
      rule: 'doubled-emit',
      path: 'trip.right.on.Go',
      message:
        "'Go' emits 'Gone' here and in a parallel region (trip.left.on.Go): it is stored twice where both are active",
    },
  ],
  'reenter without a target': [
    { config: { on: { Go: { actions: 'Gone' }, Gone: { reenter: true } } } },
    {
      rule: 'reenter-without-target',
      path: 'trip.on.Gone',
      message: '`reenter` does nothing without a target',
    },
  ],
  'an inline guard': [
    { config: { on: { Go: { guard: () => true, actions: 'Gone' }, ...gone } } },
    { rule: 'inline-guard', path: 'trip.on.Go', message: 'a guard is written inline' },
  ],
  'an inline emit': [
    { config: { on: { Go: { actions: emit({ type: 'Gone' } as never) }, ...gone } } },
    { rule: 'inline-emit', path: 'trip.on.Go', message: 'an emit is written inline' },
  ],
  'an inline assign': [
    { config: { context: { n: 0 }, on: { Go: { actions: 'Gone' }, Gone: { actions: count.count } } } },
    { rule: 'inline-assign', path: 'trip.on.Gone', message: 'an assign is written inline' },
  ],
  'what the root handles beside a final state': [
    { config: { ...fine, initial: 'a', states: { a: {}, b: { type: 'final' } } } },
    {
      rule: 'dead-after-final',
      path: 'trip.on.Go',
      message: "'Go' is not handled in the final state (b): nothing is",
    },
  ],
  'a schema that nobody handles': [
    { config: fine, commands: { Go: true, Stay: z.object({}) } },
    { rule: 'unused-schema', path: 'commands.Stay', message: "no state handles 'Stay'" },
  ],
}

describe('warned', () => {
  test.each(Object.entries(warned))('%s', (_, [sketch, expected]) => {
    expect(define(sketch).findings).toContainEqual({
      ...expected,
      severity: 'warning',
      mend: expect.stringMatching(/\w/),
    })
  })

  test('params that are a function are a note', () => {
    const params = () => ({ code: 'No' })
    expect(
      define({ config: { on: { Go: { actions: { type: 'No', params } } } }, events: {} }).findings,
    ).toEqual([
      {
        severity: 'note',
        rule: 'computed-params',
        path: 'trip.on.Go',
        message: "the params of 'No' are a function, which Stately's editor drops when it saves",
        mend: 'keep the source as it is when you edit visually',
      },
    ])
  })
})

describe('all findings', () => {
  test('come in one error, the errors of it in its message with path and mend', () => {
    const sketch: Sketch = {
      config: { initial: 'a', states: { a: { entry: 'Gone', on: { Go: 'b' } }, b: { after: { 5: 'a' } } } },
      events: { Gone: true, Unused: true },
    }
    expect(() => define(sketch)).toThrowErrorMatchingInlineSnapshot(`
      [DefinitionError: The definition of the aggregate 'trip' has 3 errors:
        - trip.a.on.Go: the command 'Go' has a target (trip.b), and commands change nothing
          Mend: let it emit a domain event, and give the target to the transition of that event
        - trip.a.entry: the action 'Gone' emits on entry, which would happen again at each replay
          Mend: emit on the commands that lead here
        - trip.b.after.5: nobody would fire \`after\`: the deadlines of an aggregate are not durable yet
          Mend: send a command when the time has come]
    `)
    expect(findingsOf(sketch).map(({ severity }) => severity)).toEqual([
      'error',
      'error',
      'error',
      'warning',
      'warning',
    ])
  })

  test('a thing that is no machine', () => {
    const machine = { id: 'x' }
    expect(() => aggregate({ name: 'x', machine, commands: {}, events: {} } as never)).toThrow(
      'this is no state machine of xstate 5',
    )
  })
})
