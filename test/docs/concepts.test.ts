import { memoryStore, start } from 'reenact'
import { expect, test } from 'vitest'
import { account } from '../../examples/bank/account.ts'

test('expected revision', async () => {
  await using system = await start({ aggregates: [account], store: memoryStore() })
  const alice = system.get(account, 'alice')
  await alice.ask({ type: 'Open', owner: 'Alice', overdraft: 0 })

  // #region expected-revision
  const { context, revision } = await alice.state() // what the form on the screen shows
  const outcome = await alice.ask({ type: 'Deposit', amount: 50 }, { expectedRevision: revision })
  if (outcome.status === 'rejected' && outcome.code === 'StaleRevision') {
    // Somebody was quicker: show the form again.
  }
  // #endregion expected-revision
  expect(context.balance).toBe(0)
  expect(outcome).toMatchObject({ status: 'accepted', revision: 1 })
  expect(await alice.ask({ type: 'Freeze', reason: 'lost card' }, { expectedRevision: 0 })).toMatchObject({
    status: 'rejected',
    code: 'StaleRevision',
  })
})
