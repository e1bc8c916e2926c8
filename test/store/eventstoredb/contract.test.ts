import { describe, it } from 'vitest'
import { eventStoreDB } from '../../../src/store/eventstoredb/index.ts'
import { storeContract } from '../../../src/testing/store-contract.ts'
import { EventStoreDouble } from '../../support/eventstoredb/event-store-double.ts'
import { inProcessStore } from './support/store-on.ts'

/** The server answers a repeat of what is under way with a timeout. */
const repeatUnderWay = 'mayBeUnknown'

storeContract(
  'EventStoreDB, on the double',
  async () => {
    const double = await EventStoreDouble.start({ commitTimeoutMs: 100 })
    const make = () => inProcessStore({ connectionString: double.connectionString })
    return { provider: make(), again: make, dispose: () => double.stop() }
  },
  { runner: { describe, it }, reopen: 'durable', longStream: 5_000, repeatUnderWay },
)

const { REENACT_ESDB_URL: url } = process.env

if (url === undefined) {
  it.skip('store contract: EventStoreDB, on a real server [REENACT_ESDB_URL is not set]')
} else {
  const make = () => eventStoreDB({ connectionString: url })
  storeContract(
    'EventStoreDB, on the server of REENACT_ESDB_URL',
    () => ({ provider: make(), again: make }),
    {
      runner: { describe, it },
      reopen: 'durable',
      log: 'shared',
      repeatUnderWay,
    },
  )
}
