import { memoryStore, NotInHistory, start } from 'reenact'
import { expect, test } from 'vitest'
import { account } from '../../examples/bank/account.ts'

const oneBank = async () => {
  const system = await start({ aggregates: [account], store: memoryStore() })
  const alice = system.get(account, 'alice')
  await alice.ask({ type: 'Open', owner: 'Alice' })
  await alice.ask({ type: 'Deposit', amount: 50 }, { metadata: { user: 'teller 3' } })
  await alice.ask({ type: 'Withdraw', amount: 20 })
  return system
}

test('a revision', async () => {
  await using system = await oneBank()
  // #region revision
  const { value, context, revision } = await system.at(account, 'alice', { revision: 1 })
  // #endregion revision
  expect({ value, balance: context.balance, revision }).toEqual({
    value: { open: 'active' },
    balance: 50,
    revision: 1,
  })
})

test('a time', async () => {
  await using system = await oneBank()
  const answers: string[] = []
  // #region time
  try {
    const then = await system.at(account, 'alice', { time: new Date('2026-01-31T23:59:59Z') })
    answers.push(`${then.context.balance} at the end of January`)
  } catch (error) {
    if (!(error instanceof NotInHistory)) throw error
    answers.push('not a customer then')
  }
  // #endregion time
  expect(answers).toHaveLength(1)
})

test('history', async () => {
  await using system = await oneBank()
  const lines: string[] = []
  // #region history
  for await (const { event, before, after, command } of system.history(account, 'alice', { from: 1 })) {
    const change = after.context.balance - before.context.balance
    lines.push(`${event.revision} ${event.type} ${change}, by ${command?.metadata?.['user'] ?? 'nobody'}`)
  }
  // #endregion history
  expect(lines).toEqual(['1 Deposited 50, by teller 3', '2 Withdrawn -20, by nobody'])
})
