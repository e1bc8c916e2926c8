import { assign, emit, setup } from 'xstate'

interface Amount {
  readonly amount: number
}

/** The account of the design, written without help. */
export const account = setup({
  types: {} as {
    context: { owner: string; balance: number; overdraft: number }
    events:
      | { type: 'Open'; owner: string; overdraft: number }
      | ({ type: 'Deposit' } & Amount)
      | ({ type: 'Withdraw' } & Amount)
      | { type: 'Close' }
      | { type: 'Opened'; owner: string; overdraft: number }
      | ({ type: 'Deposited' } & Amount)
      | ({ type: 'Withdrawn' } & Amount)
      | ({ type: 'WithdrawalDeclined'; balance: number } & Amount)
      | { type: 'Closed' }
    emitted: { type: string } & Record<string, unknown>
  },
  guards: {
    hasFunds: ({ context, event }) =>
      event.type === 'Withdraw' && context.balance + context.overdraft >= event.amount,
    isEmpty: ({ context }) => context.balance === 0,
  },
  actions: {
    Opened: emit(({ event }) => ({ ...event, type: 'Opened' })),
    Deposited: emit(({ event }) => ({ type: 'Deposited', amount: (event as unknown as Amount).amount })),
    Withdrawn: emit(({ event }) => ({ type: 'Withdrawn', amount: (event as unknown as Amount).amount })),
    WithdrawalDeclined: emit((_, params: { amount: number; balance: number }) => ({
      ...params,
      type: 'WithdrawalDeclined',
    })),
    Closed: emit({ type: 'Closed' }),
    reject: emit((_, params: { code: string }) => ({ type: 'reject', code: params.code })),
    open: assign(({ event }) =>
      event.type === 'Opened' ? { owner: event.owner, overdraft: event.overdraft } : {},
    ),
    credit: assign({
      balance: ({ context, event }) => context.balance + (event as unknown as Amount).amount,
    }),
    debit: assign(({ context, event }) => ({
      balance: context.balance - (event as unknown as Amount).amount,
    })),
  },
}).createMachine({
  id: 'account',
  initial: 'unopened',
  context: { owner: '', balance: 0, overdraft: 0 },
  states: {
    unopened: { on: { Open: { actions: 'Opened' }, Opened: { target: 'open', actions: 'open' } } },
    open: {
      tags: ['live'],
      on: {
        Open: { actions: { type: 'reject', params: { code: 'AlreadyOpen' } } },
        Deposit: { actions: 'Deposited' },
        Deposited: { actions: 'credit' },
        Withdraw: [
          { guard: 'hasFunds', actions: 'Withdrawn' },
          {
            actions: {
              type: 'WithdrawalDeclined',
              params: ({ context, event }) => ({
                amount: (event as unknown as Amount).amount,
                balance: context.balance,
              }),
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
