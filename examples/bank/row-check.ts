import type { EventOf, OutcomeOf } from 'reenact'
import type { account } from './account.ts'
import type { StatementRow } from './statement-row.ts'

/** Where the account and the file part. */
export interface Mismatch {
  readonly account: string
  readonly line: number
  readonly message: string
}

/** What an event does to the balance. The machine knows it, too; this is the reader's own sum, to check it by. */
function movementOf(event: EventOf<typeof account>): number {
  switch (event.type) {
    case 'Deposited':
      return event.amount + event.rounding
    case 'Withdrawn':
      return event.rounding - event.amount
    default:
      return 0
  }
}

/** By how much the file moves the balance with each row, so that each row is checked on its own. */
export class ExpectedMovements {
  readonly #balances = new Map<string, number>()

  /** The first row of an account has nothing before it in the file but its own amount. */
  of(row: StatementRow): number {
    const signed = row.kind === 'credit' ? row.amount : -row.amount
    const before = this.#balances.get(row.account)
    this.#balances.set(row.account, row.balance)
    if (before !== undefined) return row.balance - before
    return row.status === 'declined' ? 0 : signed + row.rounding
  }
}

/** Does the outcome of a row's booking say what the row says? */
export function checkRow(
  row: StatementRow,
  expected: number,
  outcome: OutcomeOf<typeof account>,
): Mismatch | undefined {
  const at = { account: row.account, line: row.line }
  if (outcome.status === 'rejected') {
    return { ...at, message: `the account rejects it: ${outcome.message} (${outcome.code})` }
  }
  const status = isDeclined(outcome) ? 'declined' : 'booked'
  if (status !== row.status)
    return { ...at, message: `the file says ${row.status}, the account ${status} it` }
  const moved = outcome.events.reduce((sum, event) => sum + movementOf(event), 0)
  if (moved === expected) return undefined
  return {
    ...at,
    message: `the balance moves by ${hellers(expected)} in the file, by ${hellers(moved)} in the account`,
  }
}

export function isDeclined(outcome: OutcomeOf<typeof account>): boolean {
  return outcome.status === 'accepted' && outcome.events.some((event) => event.type === 'WithdrawalDeclined')
}

/** Crowns, for people. */
export function hellers(amount: number): string {
  return (amount / 100).toLocaleString('en', { minimumFractionDigits: 2 })
}
