import { describe, it } from 'vitest'
import { eventStoreDB } from '../../../src/store/eventstoredb/index.ts'
import { storeContract } from '../../../src/testing/store-contract.ts'

const { REENACT_ESDB_URL: real } = process.env

if (real === undefined) {
  it.skip('store contract: a real server [REENACT_ESDB_URL is not set]')
} else {
  const make = () => eventStoreDB({ connectionString: real })
  storeContract('EventStoreDB at REENACT_ESDB_URL', () => ({ provider: make(), again: make }), {
    runner: { describe, it },
    reopen: 'durable',
    log: 'shared',
    repeatUnderWay: 'mayBeUnknown',
  })
}
