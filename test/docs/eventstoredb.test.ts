import { start } from 'reenact'
import { eventStoreDB } from 'reenact/eventstoredb'
import { silentLogger } from 'reenact/testing'
import { expect, test } from 'vitest'
import { account } from '../../examples/bank/account.ts'
import { EventStoreDouble } from '../support/eventstoredb/event-store-double.ts'

test('a system on EventStoreDB', async () => {
  await using double = await EventStoreDouble.start()
  const { connectionString } = double
  const logger = silentLogger
  // #region start
  const store = eventStoreDB({ connectionString })
  await using system = await start({ aggregates: [account], store, logger })
  // #endregion start
  const id = 'alice'
  const outcome = await system.get(account, id).ask({ type: 'Open', owner: 'Alice' })
  expect(outcome.status).toBe('accepted')
  expect(double.events(`account-${id}`)).toHaveLength(1)
})

test('its options', () => {
  const connectionString = 'esdb://admin:changeit@a:2113,b:2113,c:2113?tlsCAFile=ca.crt'
  // #region options
  const store = eventStoreDB({
    connectionString,
    maxAppendBytes: 4 * 1024 * 1024,
    callTimeoutMs: 5000,
  })
  // #endregion options
  expect(store.description).toBe('esdb://a:2113,b:2113,c:2113')
})
