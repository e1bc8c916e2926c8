import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '../logger.ts'
import { systemRuntime } from '../runtime.ts'
import { embeddedStore } from '../store/embedded/embedded-store.ts'
import type { EventStore, StoreProvider } from '../store/event-store.ts'
import { notFound, wrongUsage } from './failure.ts'

/** A store that is only read: whatever would write is refused here, before it reaches the store. */
export interface OpenedStore {
  readonly store: EventStore
  readonly description: string
}

/**
 * Opens what `--store` names.
 * @throws CommandFailed where there is no store, StoreUnavailable, AccessDenied.
 */
export async function openedStore(where: string, logger: Logger): Promise<OpenedStore> {
  const provider = await providerOf(where)
  const store = await provider.open({ runtime: systemRuntime, logger, system: systemRuntime.uuid() })
  return { store: readOnly(store), description: provider.description }
}

/** A system opens and closes its store; this one is open. */
export function lent({ store, description }: OpenedStore): StoreProvider {
  return { description, open: async () => store }
}

async function providerOf(where: string): Promise<StoreProvider> {
  if (/^esdb(\+discover)?:\/\//.test(where)) {
    const { eventStoreDB } = await import('../store/eventstoredb/index.ts')
    return eventStoreDB({ connectionString: where })
  }
  if (where.includes('://')) {
    throw wrongUsage('--store takes the path of a folder, or an esdb:// or esdb+discover:// string.')
  }
  // The store itself would make a new one there.
  if (!existsSync(join(where, 'data.mdb'))) {
    throw notFound(`There is no store in '${where}'. Name its folder, or esdb://..., with --store.`)
  }
  return embeddedStore({ path: where })
}

/** @internal For tests. */
export function readOnly(store: EventStore): EventStore {
  const error = new Error('This store is only read.')
  const { snapshots } = store
  const reading: EventStore = {
    maxAppendBytes: store.maxAppendBytes,
    append: (batch, settle) =>
      queueMicrotask(() => {
        for (const index of batch.keys()) settle(index, { status: 'refused', error })
      }),
    checkHead: (stream, revision) => store.checkHead(stream, revision),
    readStream: (stream, options) => store.readStream(stream, options),
    readAll: (options) => store.readAll(options),
    subscribe: (options) => store.subscribe(options),
    close: () => store.close(),
  }
  if (snapshots === undefined) return reading
  const load: typeof snapshots.load = (stream, atOrBelow) => snapshots.load(stream, atOrBelow)
  return { ...reading, snapshots: { load, save: () => Promise.reject(error) } }
}
