import type { StoreProvider } from '../event-store.ts'
import { parseConnectionString } from './connection-string.ts'
import { type EventStoreDBOptions, settingsOf } from './settings.ts'
import { EventStoreDBStore } from './store.ts'
import { threadStarter } from './worker-thread.ts'

export type { EventStoreDBOptions } from './settings.ts'

/**
 * How much later than ours the server's deadline for an append is: our clock decides, and one that is a minute ahead
 * of the server's, or behind, must not make every append come too late.
 */
const serverGraceMs = 60_000

/**
 * A store on EventStoreDB 23.10 or later, one node or a cluster. The package `@eventstore/db-client` 6.2.1 must be
 * installed; it runs in a thread of its own, where neither its crashes nor its work reach the aggregates.
 *
 * @example
 * ```ts
 * import { eventStoreDB } from 'reenact/eventstoredb'
 * const store = eventStoreDB({ connectionString: 'esdb://admin:changeit@a:2113,b:2113,c:2113?tlsCAFile=ca.crt' })
 * await using system = await start({ aggregates: [account], store })
 * ```
 * @throws StoreUnavailable where the connection string cannot be read. @throws RangeError for a number out of range.
 */
export function eventStoreDB(options: EventStoreDBOptions): StoreProvider {
  const connection = parseConnectionString(options.connectionString)
  const settings = settingsOf(options, connection)
  const start = threadStarter({ connection, serverDeadlineMs: settings.callTimeoutMs + serverGraceMs })
  return {
    description: connection.description,
    async open(context) {
      const store = new EventStoreDBStore(settings, context, start)
      await store.open()
      return store
    },
  }
}
