import { not } from 'xstate'
import { model } from '../../../src/aggregate/index.ts'
import { type Case, forbidden, gone } from './definition.ts'

const trip = model({
  context: {} as { n: number },
  commands: { Go: true, Stop: true },
  events: { Gone: true, Stopped: true },
})

const cases: readonly Case[] = [
  {
    what: 'the wildcard *',
    config: { on: { '*': { actions: 'No' }, Go: { actions: 'Gone' }, ...gone } },
    rule: 'wildcard',
    path: 'trip.on.*',
    message: "'*' would also catch domain events that a parent state handles",
    mend: 'list the commands instead',
  },
  {
    what: 'a partial wildcard',
    config: { on: { 'go.*': { actions: 'Gone' }, ...gone } },
    commands: { 'go.home': true },
    rule: 'wildcard',
    path: 'trip.on.go.*',
    message: "'go.*' would also catch domain events that a parent state handles",
    mend: 'list the commands instead',
  },
  {
    what: 'after',
    config: {
      initial: 'a',
      states: { a: { after: { 1000: 'b' }, on: { Go: { actions: 'Gone' }, ...gone } }, b: {} },
    },
    rule: 'after',
    path: 'trip.a.after.1000',
    message: 'nobody would fire `after`: the deadlines of an aggregate are not durable yet',
    mend: 'send a command when the time has come',
  },
  {
    what: 'a domain event whose last candidate has a guard',
    config: {
      initial: 'a',
      states: {
        a: { on: { Go: { actions: 'Gone' }, Gone: [{ guard: 'yes', target: 'b' }, { guard: 'yes' }] } },
        b: {},
      },
    },
    rule: 'guarded-event',
    path: 'trip.a.on.Gone[1]',
    message: "the domain event 'Gone' is not applied where every guard says no",
    mend: 'give its last candidate no guard; guard the command instead',
  },
  {
    what: 'a transition on a type without a schema',
    config: { on: { Go: { actions: 'Gone' }, Went: {}, ...gone } },
    rule: 'unknown-type',
    path: 'trip.on.Went',
    message: "'Went' has no schema",
    mend: 'add it to commands or to events, or leave the transition out',
  },
  {
    what: 'a guard that nobody implements, inside a combinator',
    config: { on: { Go: { guard: not('nobody' as never), actions: 'Gone' }, ...gone } },
    rule: 'missing-guard',
    path: 'trip.on.Go',
    message: "nobody implements the guard 'nobody'",
    mend: "add 'nobody' to the guards of setup()",
  },
  {
    what: 'a guard that leads back to itself',
    config: { on: { Go: { guard: 'one', actions: 'Gone' }, ...gone } },
    guards: { one: 'two', two: 'one' },
    rule: 'cyclic-guard',
    path: 'trip.on.Go',
    message: "the guard 'one' leads back to itself",
    mend: 'let one of the guards be a function',
  },
  {
    what: 'on() of a model at another event',
    config: { context: { n: 0 }, on: { Go: { actions: 'Gone' }, Gone: { actions: 'stop' } } },
    actions: { stop: trip.on('Stopped', () => ({ n: 0 })) },
    rule: 'other-type',
    path: 'trip.on.Gone',
    message: "the action 'stop' is written for 'Stopped', and stands on 'Gone'",
    mend: "use it there, or name 'Gone' in its on() or when()",
  },
  {
    what: 'when() of a model at another command, inside a combinator',
    config: { on: { Go: { guard: not('stoppable' as never), actions: 'Gone' }, ...gone } },
    guards: { stoppable: trip.when(['Stop', 'Stopped'], () => true) },
    rule: 'other-type',
    path: 'trip.on.Go',
    message: "the guard 'stoppable' is written for 'Stop', 'Stopped', and stands on 'Go'",
    mend: "use it there, or name 'Go' in its on() or when()",
  },
]

forbidden('transitions', cases)
