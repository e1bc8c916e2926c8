import { given } from 'reenact/testing'
import { describe, test } from 'vitest'
import { account } from '../../../examples/bank/account.ts'

const opened = { type: 'Opened', owner: 'Alice', overdraft: 100 } as const
const frozen = { type: 'Frozen', reason: 'lost card' } as const
const deposited = (amount: number, rounding = 0) => ({ type: 'Deposited', amount, rounding }) as const

describe('a new account', () => {
  test('is opened once, without an overdraft unless one is agreed', () => {
    given(account)
      .when({ type: 'Open', owner: 'Alice' })
      .then({ type: 'Opened', owner: 'Alice', overdraft: 0 })
      .when({ type: 'Open', owner: 'Bob' })
      .thenRejected('AlreadyOpen')
  })

  test('does nothing before it is open', () => {
    given(account).when({ type: 'Deposit', amount: 1 }).thenRejected('Unhandled')
  })
})

describe('an open account', () => {
  test('takes deposits and rounds what it is told to round', () => {
    given(account, opened)
      .when({ type: 'Deposit', amount: 2817, rounding: -10 })
      .then(deposited(2817, -10))
      .thenState({ context: { balance: 2807 } })
  })

  test('pays out to the last heller of its overdraft', () => {
    given(account, opened, deposited(50))
      .when({ type: 'Withdraw', amount: 150 })
      .then({ type: 'Withdrawn', amount: 150, rounding: 0 })
      .thenState({ context: { balance: -100 } })
  })

  test('counts the rounding of a withdrawal before it decides', () => {
    given(account, opened)
      .when({ type: 'Withdraw', amount: 110, rounding: 10 })
      .thenState({
        context: { balance: -100 },
      })
  })

  test('remembers a withdrawal that it declined, and changes nothing', () => {
    given(account, opened)
      .when({ type: 'Withdraw', amount: 101 })
      .then({ type: 'WithdrawalDeclined', amount: 101, balance: 0, reason: 'NoFunds' })
      .thenState({ matches: { open: 'active' }, context: { balance: 0 } })
  })

  test('takes whole hellers above zero only', () => {
    given(account, opened).when({ type: 'Deposit', amount: 0.5 }).thenInvalid('amount')
    given(account, opened).when({ type: 'Withdraw', amount: 0 }).thenInvalid('amount')
    given(account, opened).when({ type: 'Deposit', amount: 1, rounding: 11 }).thenInvalid('rounding')
  })

  test('is closed when it is empty, for ever', () => {
    given(account, opened, deposited(1)).when({ type: 'Close' }).thenRejected('NotEmpty')
    given(account, opened)
      .when({ type: 'Close' })
      .then({ type: 'Closed' })
      .when({ type: 'Open', owner: 'Bob' })
      .thenRejected('Done')
  })

  test('is not unfrozen', () => {
    given(account, opened).when({ type: 'Unfreeze' }).thenRejected('NotFrozen')
  })
})

describe('a frozen account', () => {
  test('declines withdrawals, whatever it holds, and takes deposits', () => {
    given(account, opened, deposited(500))
      .when({ type: 'Freeze', reason: 'lost card' })
      .then(frozen)
      .when({ type: 'Withdraw', amount: 1 })
      .then({ type: 'WithdrawalDeclined', amount: 1, balance: 500, reason: 'Frozen' })
      .when({ type: 'Deposit', amount: 1 })
      .thenState({ matches: { open: 'frozen' }, context: { balance: 501 } })
  })

  test('is neither frozen again nor closed', () => {
    given(account, opened, frozen).when({ type: 'Freeze', reason: 'again' }).thenRejected('AlreadyFrozen')
    given(account, opened, frozen).when({ type: 'Close' }).thenRejected('AccountFrozen')
  })

  test('pays out again when it is unfrozen', () => {
    given(account, opened, frozen)
      .when({ type: 'Unfreeze' })
      .then({ type: 'Unfrozen' })
      .when({ type: 'Withdraw', amount: 100 })
      .then({ type: 'Withdrawn', amount: 100, rounding: 0 })
  })
})
