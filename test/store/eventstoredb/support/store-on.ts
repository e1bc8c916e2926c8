import type { StoreProvider } from '../../../../src/store/event-store.ts'
import { parseConnectionString } from '../../../../src/store/eventstoredb/connection-string.ts'
import { type EventStoreDBOptions, settingsOf } from '../../../../src/store/eventstoredb/settings.ts'
import { EventStoreDBStore } from '../../../../src/store/eventstoredb/store.ts'
import { inProcess } from './in-process.ts'

/** `eventStoreDB(options)` without a thread of its own: see `inProcess`. */
export function inProcessStore(options: EventStoreDBOptions): StoreProvider {
  const connection = parseConnectionString(options.connectionString)
  const settings = settingsOf(options, connection)
  return {
    description: connection.description,
    async open(context) {
      const start = inProcess({ connection, serverDeadlineMs: 60_000 })
      const store = new EventStoreDBStore(settings, context, start)
      await store.open()
      return store
    },
  }
}
