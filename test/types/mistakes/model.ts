import { setup } from 'xstate'
import { model } from '../../../src/aggregate/index.ts'
import { bank } from '../../../test/aggregate/bank.ts'

const account = setup({ types: bank.types, actions: bank.actions })
const context = { owner: '', balance: 0, overdraft: 0 }

account.createMachine({ context, on: { Deposit: { actions: 'Deposited' } } })

// @ts-expect-error: Type '"WithdrawalDeclined"' is not assignable to type
account.createMachine({ context, on: { Withdraw: { actions: 'WithdrawalDeclined' } } })

account.createMachine({
  context,
  on: {
    // @ts-expect-error: Property 'balance' is missing in type '{ amount: number; }'
    Withdraw: {
      actions: { type: 'WithdrawalDeclined', params: ({ event }) => ({ amount: event.amount }) },
    },
  },
})

// @ts-expect-error: Type '"TooPoor"' is not assignable to type '"AlreadyOpen" | "NotEmpty" | undefined'.
account.createMachine({ context, on: { Open: { actions: { type: 'reject', params: { code: 'TooPoor' } } } } })

// @ts-expect-error: Argument of type '"Deposit"' is not assignable to parameter of type
bank.on('Deposit', () => ({}))

// @ts-expect-error: Type 'string' is not assignable to type 'number'.
bank.on('Deposited', () => ({ balance: '' }))

// @ts-expect-error: Property 'sum' does not exist on type
bank.on('Deposited', ({ event }) => ({ balance: event.sum }))

// @ts-expect-error: Argument of type '"Transfer"' is not assignable to parameter of type
bank.when('Transfer', () => true)

// @ts-expect-error: 'balanc' is no key of the context
bank.on('Deposited', ({ event }) => ({ balance: event.amount, balanc: event.amount }))

bank.on(['Deposited', 'Withdrawn'], ({ event }) => ({ balance: event.amount }))
bank.on('Deposited', ({ event }) => (event.amount > 5 ? { balance: event.amount } : {}))

const light = model({
  context: {} as { mode: 'on' | 'off'; log: ('on' | 'off')[]; last: readonly [number, string] | null },
  commands: {},
  events: { Turned: true },
})
light.on('Turned', ({ context }) => ({ mode: 'on', log: [...context.log, 'off'], last: [1, 'a'] }))
light.on('Turned', ({ context }) => ({ mode: context.mode === 'on' ? 'off' : 'on', last: null }))

// @ts-expect-error: Type '"dim"' is not assignable to type '"off" | "on"'.
light.on('Turned', () => ({ mode: 'dim' }))
