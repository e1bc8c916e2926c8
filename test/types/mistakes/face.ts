import type { CommandOf, EventOf, OutcomeOf, StateOf } from '../../../src/aggregate/index.ts'
import type { account } from '../../../test/aggregate/bank.ts'

type Account = typeof account

export const right: CommandOf<Account> = { type: 'Open', owner: 'Alice' }

// @ts-expect-error: Type '"Depositt"' is not assignable to type
export const misspelt: CommandOf<Account> = { type: 'Depositt', amount: 1 }

// @ts-expect-error: Type 'string' is not assignable to type 'number'.
export const wrong: CommandOf<Account> = { type: 'Deposit', amount: '1' }

// @ts-expect-error: Property 'amount' is missing in type
export const incomplete: CommandOf<Account> = { type: 'Deposit' }

// @ts-expect-error: Type '"Deposited"' is not assignable to type
export const event: CommandOf<Account> = { type: 'Deposited', amount: 1 }

export function look(outcome: OutcomeOf<Account>, state: StateOf<Account>, opened: EventOf<Account>): void {
  if (outcome.status === 'rejected') {
    // @ts-expect-error: This comparison appears to be unintentional
    if (outcome.code === 'TooPoor') return
  }
  // @ts-expect-error: Cannot assign to 'balance' because it is a read-only property.
  state.context.balance = 1
  // @ts-expect-error: Argument of type '"shut"' is not assignable to parameter of type
  state.matches('shut')
  // @ts-expect-error: Cannot assign to 'owner' because it is a read-only property.
  if (opened.type === 'Opened') opened.owner = ''
}
