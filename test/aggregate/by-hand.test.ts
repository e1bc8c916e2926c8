import { describe, expect, expectTypeOf, test } from 'vitest'
import { assign, emit, setup } from 'xstate'
import { behaviour } from '../../src/aggregate/aggregate-type.ts'
import {
  aggregate,
  type CommandOf,
  type OutcomeOf,
  type Rejection,
  reject,
} from '../../src/aggregate/index.ts'
import { account, bank } from './bank.ts'
import { accepted, decided, id } from './recorded.ts'

/** The account without `model()`: types, emits and assigns written by hand. */
type Command =
  | { type: 'Open'; owner: string; overdraft: number }
  | { type: 'Deposit'; amount: number }
  | { type: 'Withdraw'; amount: number }
  | { type: 'Close' }
type Event =
  | { type: 'Opened'; owner: string; overdraft: number }
  | { type: 'Deposited'; amount: number }
  | { type: 'Withdrawn'; amount: number }
  | { type: 'WithdrawalDeclined'; amount: number; balance: number }
  | { type: 'Closed' }

const machine = setup({
  types: {} as {
    context: { owner: string; balance: number; overdraft: number }
    events: Command | Event
    emitted: Event | Rejection<'AlreadyOpen' | 'NotEmpty'>
  },
  guards: {
    hasFunds: ({ context, event }) =>
      event.type === 'Withdraw' && context.balance + context.overdraft >= event.amount,
    isEmpty: ({ context }) => context.balance === 0,
  },
  actions: {
    opened: emit((_, params: { owner: string; overdraft: number }) => ({ ...params, type: 'Opened' })),
    deposited: emit((_, params: { amount: number }) => ({ type: 'Deposited', amount: params.amount })),
    withdrawn: emit((_, params: { amount: number }) => ({ type: 'Withdrawn', amount: params.amount })),
    declined: emit(({ context }, params: { amount: number }) => ({
      type: 'WithdrawalDeclined',
      amount: params.amount,
      balance: context.balance,
    })),
    closed: emit({ type: 'Closed' }),
    notEmpty: reject('NotEmpty'),
    reject: reject<'AlreadyOpen' | 'NotEmpty'>(),
    open: assign((_, params: { owner: string; overdraft: number }) => params),
    credit: assign({ balance: ({ context }, params: { amount: number }) => context.balance + params.amount }),
    debit: assign({ balance: ({ context }, params: { amount: number }) => context.balance - params.amount }),
  },
}).createMachine({
  id: 'account',
  initial: 'unopened',
  context: { owner: '', balance: 0, overdraft: 0 },
  states: {
    unopened: {
      on: {
        Open: {
          actions: {
            type: 'opened',
            params: ({ event }) => ({ owner: event.owner, overdraft: event.overdraft }),
          },
        },
        Opened: {
          target: 'open',
          actions: {
            type: 'open',
            params: ({ event }) => ({ owner: event.owner, overdraft: event.overdraft }),
          },
        },
      },
    },
    open: {
      on: {
        Open: { actions: { type: 'reject', params: { code: 'AlreadyOpen' } } },
        Deposit: { actions: { type: 'deposited', params: ({ event }) => event } },
        Deposited: { actions: { type: 'credit', params: ({ event }) => event } },
        Withdraw: [
          { guard: 'hasFunds', actions: { type: 'withdrawn', params: ({ event }) => event } },
          { actions: { type: 'declined', params: ({ event }) => event } },
        ],
        Withdrawn: { actions: { type: 'debit', params: ({ event }) => event } },
        WithdrawalDeclined: {},
        Close: [{ guard: 'isEmpty', actions: 'closed' }, { actions: 'notEmpty' }],
        Closed: 'closed',
      },
    },
    closed: { type: 'final' },
  },
})

const byHand = aggregate({
  name: 'account',
  machine,
  commands: bank.commands,
  events: bank.events,
  rejections: bank.rejections,
})

describe('a machine that is written by hand', () => {
  test('has the same types', () => {
    expectTypeOf<CommandOf<typeof byHand>>().toEqualTypeOf<CommandOf<typeof account>>()
    expectTypeOf<OutcomeOf<typeof byHand>>().toEqualTypeOf<OutcomeOf<typeof account>>()
  })

  test('decides the same', () => {
    const story = [
      { type: 'Open', owner: 'Alice', overdraft: 5 },
      { type: 'Deposit', amount: 50 },
      { type: 'Withdraw', amount: 56 },
      { type: 'Withdraw', amount: 55 },
      { type: 'Deposit', amount: 5 },
      { type: 'Close' },
    ]
    for (let end = 1; end <= story.length; end++) {
      const [one, other] = [account, byHand].map((each) => {
        const { events, bytes, state } = accepted(each, ...story.slice(0, end))
        const { value, context, status } = each[behaviour].view(state)
        return { events, bytes, value, context, status }
      })
      expect(one).toEqual(other)
    }
  })

  test('rejects the same, by both forms of reject()', () => {
    const open = accepted(byHand, { type: 'Open', owner: id }, { type: 'Deposit', amount: 1 }).state
    expect(decided(byHand, { type: 'Open', owner: id }, open)).toMatchObject({ code: 'AlreadyOpen' })
    expect(decided(byHand, { type: 'Close' }, open)).toEqual({
      status: 'rejected',
      code: 'NotEmpty',
      message: 'an account is closed only when its balance is zero',
    })
  })
})
