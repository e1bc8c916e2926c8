import { aggregate, model } from 'reenact'
import { setup } from 'xstate'
import { z } from 'zod'

/** Money is whole hellers: hundredths of a crown, so that sums stay exact. */
const hellers = z.number().int()
const amount = hellers.positive()
/** What a bank that rounds to a tenth of a crown adds to a booking so that the balance comes out round. */
const rounding = hellers.min(-10).max(10)

const bank = model({
  context: {} as { owner: string; balance: number; overdraft: number },
  commands: {
    Open: z.object({ owner: z.string().min(1), overdraft: hellers.nonnegative().default(0) }),
    Deposit: z.object({ amount, rounding: rounding.default(0) }),
    Withdraw: z.object({ amount, rounding: rounding.default(0) }),
    Freeze: z.object({ reason: z.string().min(1) }),
    Unfreeze: true,
    Close: true,
  },
  events: {
    Opened: z.object({ owner: z.string(), overdraft: hellers }),
    Deposited: z.object({ amount, rounding }),
    Withdrawn: z.object({ amount, rounding }),
    WithdrawalDeclined: z.object({ amount, balance: hellers, reason: z.enum(['NoFunds', 'Frozen']) }),
    Frozen: z.object({ reason: z.string() }),
    Unfrozen: true,
    Closed: true,
  },
  rejections: {
    AlreadyOpen: 'this account is open already',
    AlreadyFrozen: 'this account is frozen already',
    NotFrozen: 'this account is not frozen',
    AccountFrozen: 'a frozen account cannot be closed: unfreeze it first',
    NotEmpty: 'an account is closed only when its balance is zero',
  },
})

export const accountMachine = setup({
  types: bank.types,
  guards: {
    hasFunds: bank.when(
      'Withdraw',
      ({ context, event }) => context.balance - event.amount + event.rounding + context.overdraft >= 0,
    ),
    isEmpty: ({ context }) => context.balance === 0,
  },
  actions: {
    ...bank.actions,
    open: bank.on('Opened', ({ event }) => ({ owner: event.owner, overdraft: event.overdraft })),
    credit: bank.on('Deposited', ({ context, event }) => ({
      balance: context.balance + event.amount + event.rounding,
    })),
    debit: bank.on('Withdrawn', ({ context, event }) => ({
      balance: context.balance - event.amount + event.rounding,
    })),
  },
}).createMachine({
  id: 'account',
  context: { owner: '', balance: 0, overdraft: 0 },
  initial: 'unopened',
  states: {
    unopened: {
      on: {
        Open: { actions: 'Opened' },
        Opened: { target: 'open', actions: 'open' },
      },
    },
    open: {
      initial: 'active',
      on: {
        Open: { actions: { type: 'reject', params: { code: 'AlreadyOpen' } } },
        Deposit: { actions: 'Deposited' },
        Deposited: { actions: 'credit' },
        WithdrawalDeclined: {},
      },
      states: {
        // #region active
        active: {
          on: {
            Withdraw: [
              { guard: 'hasFunds', actions: 'Withdrawn' },
              {
                actions: {
                  type: 'WithdrawalDeclined',
                  params: ({ context, event }) => ({
                    amount: event.amount,
                    balance: context.balance,
                    reason: 'NoFunds',
                  }),
                },
              },
            ],
            Withdrawn: { actions: 'debit' },
            Freeze: { actions: 'Frozen' },
            Frozen: 'frozen',
            Unfreeze: { actions: { type: 'reject', params: { code: 'NotFrozen' } } },
            Close: [
              { guard: 'isEmpty', actions: 'Closed' },
              { actions: { type: 'reject', params: { code: 'NotEmpty' } } },
            ],
            Closed: '#account.closed',
          },
        },
        // #endregion active
        frozen: {
          on: {
            Withdraw: {
              actions: {
                type: 'WithdrawalDeclined',
                params: ({ context, event }) => ({
                  amount: event.amount,
                  balance: context.balance,
                  reason: 'Frozen',
                }),
              },
            },
            Freeze: { actions: { type: 'reject', params: { code: 'AlreadyFrozen' } } },
            Unfreeze: { actions: 'Unfrozen' },
            Unfrozen: 'active',
            Close: { actions: { type: 'reject', params: { code: 'AccountFrozen' } } },
          },
        },
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
