import { describe, expectTypeOf, test } from 'vitest'
import { setup } from 'xstate'
import { z } from 'zod'
import {
  aggregate,
  type CodeOf,
  type CommandOf,
  type EventOf,
  model,
  type OutcomeOf,
  type StateOf,
} from '../../src/aggregate/index.ts'
import type { account } from '../aggregate/bank.ts'

type Account = typeof account

const door = model({
  context: {} as { log: string[]; last?: { by: string } },
  commands: { Push: z.object({ by: z.string().optional() }), Lock: true },
  events: { Pushed: z.object({ by: z.array(z.string()) }), Locked: true },
})
const doorMachine = setup({
  types: {
    ...door.types,
    tags: {} as 'safe' | 'loud',
  },
  actions: door.actions,
}).createMachine({
  context: { log: [] },
  type: 'parallel',
  states: {
    leaf: {
      initial: 'shut',
      states: { shut: { initial: 'free', states: { free: {}, bolted: {} } }, open: {} },
    },
    bell: { initial: 'off', states: { off: {}, on: {} } },
  },
  on: {
    Push: { actions: { type: 'Pushed', params: ({ event }) => ({ by: [event.by ?? ''] }) } },
    Pushed: {},
    Lock: { actions: 'Locked' },
    Locked: {},
  },
})
const doors = aggregate({ name: 'door', machine: doorMachine, commands: door.commands, events: door.events })
type Doors = typeof doors

describe('types are inferred from the schemas and the machine', () => {
  test('commands: the input side of their schemas', () => {
    expectTypeOf<CommandOf<Account>>().toEqualTypeOf<
      | { readonly type: 'Open'; owner: string; overdraft?: number | undefined }
      | { readonly type: 'Deposit'; amount: number }
      | { readonly type: 'Withdraw'; amount: number }
      | { readonly type: 'Close' }
    >()
    expectTypeOf<CommandOf<Doors>>().toEqualTypeOf<
      { readonly type: 'Push'; by?: string | undefined } | { readonly type: 'Lock' }
    >()
  })

  test('events: the output side of their schemas, readonly to the bottom', () => {
    expectTypeOf<EventOf<Doors>>().toEqualTypeOf<
      { readonly type: 'Pushed'; readonly by: readonly string[] } | { readonly type: 'Locked' }
    >()
  })

  test('codes, and outcomes that are told apart by status and code', () => {
    expectTypeOf<CodeOf<Account>>().toEqualTypeOf<'AlreadyOpen' | 'NotEmpty'>()
    expectTypeOf<CodeOf<Doors>>().toEqualTypeOf<never>()
    type Rejected = Extract<OutcomeOf<Account>, { status: 'rejected' }>
    expectTypeOf<Rejected['code']>().toEqualTypeOf<
      'AlreadyOpen' | 'NotEmpty' | 'Unhandled' | 'GuardBlocked' | 'Done' | 'StaleRevision'
    >()
    type Accepted = Extract<OutcomeOf<Account>, { status: 'accepted' }>
    expectTypeOf<Accepted['events'][number]>().toEqualTypeOf<EventOf<Account>>()
  })

  test('states: nested and parallel values, context and tags', () => {
    expectTypeOf<StateOf<Account>['value']>().toEqualTypeOf<'unopened' | 'open' | 'closed'>()
    expectTypeOf<StateOf<Doors>['value']>().toEqualTypeOf<{
      leaf: 'open' | { shut: 'free' | 'bolted' }
      bell: 'off' | 'on'
    }>()
    expectTypeOf<StateOf<Doors>['context']>().toEqualTypeOf<{
      readonly log: readonly string[]
      readonly last?: { readonly by: string }
    }>()
    expectTypeOf<StateOf<Doors>['tags']>().toEqualTypeOf<ReadonlySet<'safe' | 'loud'>>()
    type Matched = Parameters<StateOf<Doors>['matches']>[0]
    expectTypeOf<{ leaf: 'shut' }>().toExtend<Matched>()
    expectTypeOf<{ leaf: { shut: 'bolted' } }>().toExtend<Matched>()
    expectTypeOf<{ leaf: 'ajar' }>().not.toExtend<Matched>()
  })
})
