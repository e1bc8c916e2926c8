import { describe, it, vi } from 'vitest'
import { eventStoreDB } from '../../../src/store/eventstoredb/index.ts'
import { storeContract } from '../../../src/testing/store-contract.ts'
import { EventStoreDouble } from '../../support/eventstoredb/event-store-double.ts'
import { leaveOutNamedServer, namedServer } from '../../support/eventstoredb/servers.ts'
import { inProcessStore } from './support/store-on.ts'

// A server that others use, too, may take its time; its log is looked through from the start again and again.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

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

if (namedServer === undefined) leaveOutNamedServer('store contract: EventStoreDB')
else {
  const connectionString = namedServer
  const make = () => eventStoreDB({ connectionString })
  storeContract(
    'EventStoreDB, on the server of REENACT_ESDB_URL',
    () => ({ provider: make(), again: make }),
    {
      runner: { describe, it },
      reopen: 'durable',
      log: 'shared',
      longStream: 20_000,
      repeatUnderWay,
    },
  )
}
