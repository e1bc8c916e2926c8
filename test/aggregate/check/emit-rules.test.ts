import { expect, test } from 'vitest'
import { emit } from 'xstate'
import { z } from 'zod'
import { type Case, findingsOf, forbidden, go, gone, type Sketch } from './definition.ts'

const emitGone = emit({ type: 'Gone' } as never)
const again = 'which would happen again at each replay'
const cases: readonly Case[] = [
  {
    what: 'an emit on a domain event',
    config: { on: { Go: { actions: 'Gone' }, Gone: { actions: 'Gone' } } },
    rule: 'emit-on-event',
    path: 'trip.on.Gone',
    message: `the action 'Gone' emits on a domain event, ${again}`,
    mend: 'emit all events where the command is handled: several emits of one command are fine',
  },
  {
    what: 'a reject on a domain event',
    config: { on: { Go: { actions: 'Gone' }, Gone: { actions: 'No' } } },
    rule: 'emit-on-event',
    path: 'trip.on.Gone',
    message: `the action 'No' rejects on a domain event, ${again}`,
    mend: 'emit all events where the command is handled',
  },
  ...(
    [
      ['on entry', 'entry', { entry: 'Gone' }, 'trip.a.entry'],
      ['on exit', 'exit', { exit: 'Gone' }, 'trip.a.exit'],
      [
        'with the initial transition',
        'initial',
        { initial: { target: 'x', actions: 'Gone' } },
        'trip.a.initial',
      ],
      ['in an always transition', 'always', { always: { guard: 'yes', actions: 'Gone' } }, 'trip.a.always'],
      ['in onDone', 'onDone', { onDone: { actions: 'Gone' } }, 'trip.a.onDone'],
    ] as const
  ).map(([when, what, written, path]) => ({
    what: `an emit ${when} (${what})`,
    config: {
      initial: 'a',
      states: {
        a: {
          initial: 'x',
          states: { x: { type: 'final' } },
          ...written,
          on: { Go: { actions: 'Gone' }, ...gone },
        },
      },
    },
    rule: 'emit-outside-command',
    path,
    message: `the action 'Gone' emits ${when}, ${again}`,
    mend: 'emit on the commands that lead here',
  })),
  {
    what: 'a spread that overwrites the type of the event, which types do not see',
    config: {
      on: { Go: { actions: { type: 'went', params: ({ event }: { event: object }) => event } }, ...gone },
    },
    actions: { went: emit(((_: unknown, params: object) => ({ type: 'Gone', ...params })) as never) },
    rule: 'emits-command',
    path: 'trip.on.Go',
    message: "the action 'went' emits 'Go', which is a command",
    mend: 'write `type` after what is spread: ({ ...params, type: ... }), or params without `type`',
  },
  {
    what: 'an event without a schema',
    config: { on: { Go: { actions: 'lost' } } },
    actions: { lost: emit({ type: 'Lost' } as never) },
    events: {},
    rule: 'emits-unknown',
    path: 'trip.on.Go',
    message: "the action 'lost' emits 'Lost', which has no schema",
    mend: "add 'Lost' to events",
  },
  {
    what: 'a code without a text',
    config: { on: { Go: { actions: 'No' } } },
    events: {},
    rejections: {},
    rule: 'rejection-without-text',
    path: 'trip.on.Go',
    message: "the action 'No' rejects with 'No', which has no text",
    mend: "add 'No' to rejections",
  },
  {
    what: 'an event that no state handles',
    config: { on: { Go: { actions: 'Gone' } } },
    rule: 'unhandled-event',
    path: 'trip.on.Go',
    message: "'Gone' is emitted, but no state handles it",
    mend: "add 'Gone' to `on` of the states it changes, or `Gone: {}` where it changes nothing",
  },
]

forbidden('emits', cases)

test('a schema with a payload is fine where the machine emits it', () => {
  const sketch: Sketch = {
    config: go({ type: 'went', params: { by: 'foot' } }),
    actions: { went: emit(((_: unknown, params: object) => ({ ...params, type: 'Gone' })) as never) },
    events: { Gone: z.object({ by: z.string() }) },
  }
  expect(findingsOf(sketch)).toEqual([])
})

test('an inline emit is learnt as well', () => {
  const sketch: Sketch = { config: { on: { Go: { actions: emitGone }, Gone: { actions: emitGone } } } }
  expect(findingsOf(sketch).filter(({ severity }) => severity === 'error')).toHaveLength(1)
})
