import { assign, createMachine } from 'xstate'
import { type Case, fine, forbidden } from './definition.ts'

const child = createMachine({})
let counter = 0
const cases: readonly Case[] = [
  {
    what: 'a context factory that gives something else each time',
    config: { ...fine, context: () => ({ n: ++counter }) },
    rule: 'context-factory',
    path: 'trip.context',
    message: 'two calls of the context factory give two contexts',
    mend: 'let it depend on nothing but `input.id`',
  },
  {
    what: 'a context factory that spawns',
    config: {
      ...fine,
      context: ({ spawn }: { spawn: (logic: unknown) => unknown }) => ({ actor: spawn(child) }),
    },
    rule: 'context-factory',
    path: 'trip.context',
    message: 'it spawns an actor, and Reenact runs no effects in a machine',
    mend: 'let it compute a plain object',
  },
  {
    what: 'an input other than { id }',
    config: {
      ...fine,
      context: ({ input }: { input: { owner?: string } }) => ({ owner: input.owner ?? '' }),
    },
    rule: 'machine-input',
    path: 'trip.context',
    message: 'the context factory reads `input.owner`, and the input of a machine is { id }',
    mend: 'let a command bring it, and a domain event store it',
  },
  {
    what: 'a context that JSON cannot hold',
    config: { ...fine, context: { trips: [{ at: new Date(0) }] } },
    rule: 'context-json',
    path: 'trip.context.trips.0.at',
    message: 'a Date is not JSON',
    mend: 'use what JSON holds',
  },
  {
    what: 'a machine that cannot begin',
    config: { ...fine, context: { n: 0 }, entry: 'start' },
    actions: {
      start: assign(() => {
        throw new Error('no way')
      }),
    },
    rule: 'initial-state',
    path: 'trip',
    message: 'the machine cannot begin: no way',
    mend: 'let its context, entry actions and initial transitions compute plain values only',
  },
  {
    what: 'a name with a dash',
    config: fine,
    name: 'round-trip',
    rule: 'name',
    path: 'name',
    message: '"round-trip" is no name for an aggregate',
    mend: 'holds no -',
  },
  {
    what: 'a version that is none',
    config: fine,
    schemaVersion: 0,
    rule: 'schema-version',
    path: 'schemaVersion',
    message: '0 is no version',
    mend: 'count from 1',
  },
  {
    what: 'the reserved type',
    config: fine,
    events: { Gone: true, reject: true },
    rule: 'reserved-type',
    path: 'events.reject',
    message: "'reject' is reserved for rejections",
    mend: 'choose another name',
  },
  {
    what: 'a type that xstate or a store keeps for itself',
    config: fine,
    commands: { Go: true, 'xstate.stop': true },
    rule: 'type-name',
    path: 'commands.xstate.stop',
    message: "'xstate.stop' is no name",
    mend: 'does not begin with xstate. or $',
  },
  {
    what: 'a type that is both',
    config: fine,
    commands: { Go: true, Gone: true },
    rule: 'command-and-event',
    path: 'commands.Gone',
    message: "'Gone' is both a command and a domain event",
    mend: 'rename one',
  },
  {
    what: 'a schema that is none',
    config: fine,
    commands: { Go: { parse: () => ({}) } },
    rule: 'schema',
    path: 'commands.Go',
    message: 'this is no Standard Schema',
    mend: 'zod, valibot, arktype',
  },
  {
    what: 'a built-in code',
    config: fine,
    rejections: { Done: 'x' },
    rule: 'built-in-code',
    path: 'rejections.Done',
    message: "'Done' is a code of Reenact itself",
    mend: 'choose another',
  },
]

forbidden('context, names and schemas', cases)
