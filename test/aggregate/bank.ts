import { setup } from 'xstate'
import { z } from 'zod'
import { aggregate, model } from '../../src/aggregate/index.ts'

const amount = z.number().int().positive()

export const bank = model({
  context: {} as { owner: string; balance: number; overdraft: number },
  commands: {
    Open: z.object({ owner: z.string().min(1), overdraft: z.number().int().nonnegative().default(0) }),
    Deposit: z.object({ amount }),
    Withdraw: z.object({ amount }),
    Close: true,
  },
  events: {
    Opened: z.object({ owner: z.string(), overdraft: z.number().int() }),
    Deposited: z.object({ amount }),
    Withdrawn: z.object({ amount }),
    WithdrawalDeclined: z.object({ amount, balance: z.number().int() }),
    Closed: true,
  },
  rejections: {
    AlreadyOpen: 'this account is open already',
    NotEmpty: 'an account is closed only when its balance is zero',
  },
})

export const accountMachine = setup({
  types: bank.types,
  guards: {
    hasFunds: bank.when(
      'Withdraw',
      ({ context, event }) => context.balance + context.overdraft >= event.amount,
    ),
    isEmpty: ({ context }) => context.balance === 0,
  },
  actions: {
    ...bank.actions,
    open: bank.on('Opened', ({ event }) => ({ owner: event.owner, overdraft: event.overdraft })),
    credit: bank.on('Deposited', ({ context, event }) => ({ balance: context.balance + event.amount })),
    debit: bank.on('Withdrawn', ({ context, event }) => ({ balance: context.balance - event.amount })),
  },
}).createMachine({
  id: 'account',
  initial: 'unopened',
  context: { owner: '', balance: 0, overdraft: 0 },
  states: {
    unopened: { on: { Open: { actions: 'Opened' }, Opened: { target: 'open', actions: 'open' } } },
    open: {
      on: {
        Open: { actions: { type: 'reject', params: { code: 'AlreadyOpen' } } },
        Deposit: { actions: 'Deposited' },
        Deposited: { actions: 'credit' },
        Withdraw: [
          { guard: 'hasFunds', actions: 'Withdrawn' },
          {
            actions: {
              type: 'WithdrawalDeclined',
              params: ({ context, event }) => ({ amount: event.amount, balance: context.balance }),
            },
          },
        ],
        Withdrawn: { actions: 'debit' },
        WithdrawalDeclined: {},
        Close: [
          { guard: 'isEmpty', actions: 'Closed' },
          { actions: { type: 'reject', params: { code: 'NotEmpty' } } },
        ],
        Closed: 'closed',
      },
    },
    closed: { type: 'final' },
  },
})

export const account = aggregate({
  name: 'account',
  machine: accountMachine,
  commands: bank.commands,
  events: bank.events,
  rejections: bank.rejections,
})
