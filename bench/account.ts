import { aggregate, model } from 'reenact'
import { setup } from 'xstate'
import { z } from 'zod'

const amount = z.number().int().positive()
const bank = model({
  context: {} as { owner: string; balance: number },
  commands: {
    Open: z.object({ owner: z.string().min(1) }),
    Deposit: z.object({ amount }),
    Withdraw: z.object({ amount }),
  },
  events: {
    Opened: z.object({ owner: z.string() }),
    Deposited: z.object({ amount }),
    Withdrawn: z.object({ amount }),
  },
  rejections: { NoFunds: 'the balance is lower than the amount' },
})

/** The account of the benches: flat, one event for each command, as the figures of other systems are taken. */
export const accountMachine = setup({
  types: bank.types,
  guards: { hasFunds: bank.when('Withdraw', ({ context, event }) => context.balance >= event.amount) },
  actions: {
    ...bank.actions,
    open: bank.on('Opened', ({ event }) => ({ owner: event.owner })),
    credit: bank.on('Deposited', ({ context, event }) => ({ balance: context.balance + event.amount })),
    debit: bank.on('Withdrawn', ({ context, event }) => ({ balance: context.balance - event.amount })),
  },
}).createMachine({
  id: 'account',
  context: { owner: '', balance: 0 },
  initial: 'unopened',
  states: {
    unopened: { on: { Open: { actions: 'Opened' }, Opened: { target: 'open', actions: 'open' } } },
    open: {
      on: {
        Deposit: { actions: 'Deposited' },
        Deposited: { actions: 'credit' },
        Withdraw: [
          { guard: 'hasFunds', actions: 'Withdrawn' },
          { actions: { type: 'reject', params: { code: 'NoFunds' } } },
        ],
        Withdrawn: { actions: 'debit' },
      },
    },
  },
})

/** The schemas that a deposit meets on its way. */
export const depositSchemas = [bank.commands.Deposit, bank.events.Deposited] as const

export const account = aggregate({ ...bank, name: 'account', machine: accountMachine })

/** The same, every step taken by xstate itself. */
export const interpretedAccount = aggregate({
  ...bank,
  name: 'account',
  machine: accountMachine,
  engine: 'interpreted',
})
