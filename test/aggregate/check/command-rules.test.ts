import { assign } from 'xstate'
import { type Case, forbidden, gone } from './definition.ts'

const cases: readonly Case[] = [
  {
    what: 'a target on a command',
    config: { initial: 'a', states: { a: { on: { Go: { target: 'b', actions: 'Gone' }, ...gone } }, b: {} } },
    rule: 'command-target',
    path: 'trip.a.on.Go',
    message: "the command 'Go' has a target (trip.b), and commands change nothing",
    mend: 'let it emit a domain event, and give the target to the transition of that event',
  },
  {
    what: 'a target on a command as a string shorthand',
    config: { initial: 'a', states: { a: { on: { Go: 'b', ...gone } }, b: {} } },
    rule: 'command-target',
    path: 'trip.a.on.Go',
    message: "the command 'Go' has a target (trip.b), and commands change nothing",
    mend: 'give the target to the transition of that event',
  },
  {
    what: 'a target on one candidate of several',
    config: {
      initial: 'a',
      states: { a: { on: { Go: [{ guard: 'yes', actions: 'Gone' }, { target: 'b' }], ...gone } }, b: {} },
    },
    rule: 'command-target',
    path: 'trip.a.on.Go[1]',
    message: "the command 'Go' has a target (trip.b), and commands change nothing",
    mend: 'let it emit a domain event',
  },
  {
    what: 'an assign on a command',
    config: { context: { n: 0 }, on: { Go: { actions: ['count', 'Gone'] }, ...gone } },
    actions: { count: assign({ n: 1 }) },
    rule: 'command-assign',
    path: 'trip.on.Go',
    message: "the action 'count' assigns to the context on the command 'Go', and commands change nothing",
    mend: 'let the command emit a domain event, and assign on that event',
  },
]

forbidden('what changes state on a command', cases)
