import { describe, expect, test } from 'vitest'
import { behaviour } from '../../src/aggregate/aggregate-type.ts'
import type { Message } from '../../src/machine/message.ts'
import { account } from './bank.ts'

const bank = account[behaviour]
const oneMegabyte = 1_000_000

const command = (message: Message & Record<string, unknown>): Message => bank.accept('alice', message)

function accepted(state = bank.initial('alice'), message: Message & Record<string, unknown>) {
  const decision = bank.decide('alice', state, command(message), oneMegabyte)
  if (decision.status !== 'accepted') throw new Error(JSON.stringify(decision))
  return decision
}

const open = () => accepted(undefined, { type: 'Open', owner: 'Alice' }).state

describe('decide', () => {
  test('folds a command into its events and the state after them', () => {
    const decision = accepted(open(), { type: 'Deposit', amount: 50 })
    expect(decision.events).toEqual([
      { type: 'Deposited', json: '{"amount":50}', message: { type: 'Deposited', amount: 50 }, bytes: 13 },
    ])
    expect(decision.bytes).toBe(13)
    expect(bank.view(decision.state).context).toEqual({ owner: 'Alice', balance: 50, overdraft: 0 })
  })

  test('the machine gets what the command schema gives: defaults are filled in', () => {
    const decision = accepted(undefined, { type: 'Open', owner: 'Alice' })
    expect(decision.events[0]?.message).toEqual({ type: 'Opened', owner: 'Alice', overdraft: 0 })
  })

  test('a rejection has its code and text, and the built-in ones say what is handled', () => {
    const refused = (state = bank.initial('alice'), message: Message & Record<string, unknown>) =>
      bank.decide('alice', state, command(message), oneMegabyte)
    expect(refused(open(), { type: 'Open', owner: 'Bob' })).toEqual({
      status: 'rejected',
      code: 'AlreadyOpen',
      message: 'this account is open already',
    })
    expect(refused(undefined, { type: 'Close' })).toEqual({
      status: 'rejected',
      code: 'Unhandled',
      message: "'Close' is not handled in the state 'unopened'; it handles Open.",
    })
    const closed = accepted(open(), { type: 'Close' }).state
    expect(refused(closed, { type: 'Close' })).toEqual({
      status: 'rejected',
      code: 'Done',
      message: "'Close' came too late: the final state 'closed' is reached.",
    })
  })
})
