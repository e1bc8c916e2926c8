import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AggregateReference,
  type Engine,
  embeddedStore,
  memoryStore,
  type Settings,
  type StoreProvider,
  type System,
  start,
} from 'reenact'
import { account, interpretedAccount } from './account.ts'
import { forgetfulStore } from './forgetful-store.ts'

export { account }
export type Account = AggregateReference<typeof account>

/** The stores that the benches run on, by the name in their tables. */
export type StoreName = 'memory' | 'embedded' | 'forgetful'

export interface OpenBank {
  readonly system: System
  readonly accounts: readonly Account[]
  close(): Promise<void>
}

/** A store with a place of its own, that `dispose` removes. */
export async function freshStore(
  name: StoreName,
): Promise<{ provider: StoreProvider; dispose: () => Promise<void> }> {
  if (name === 'memory') return { provider: memoryStore(), dispose: async () => undefined }
  if (name === 'forgetful') return { provider: forgetfulStore(), dispose: async () => undefined }
  const path = await mkdtemp(join(tmpdir(), 'reenact-bench-'))
  return { provider: embeddedStore({ path }), dispose: () => rm(path, { recursive: true, force: true }) }
}

/** A system with so many open accounts, each of them live. */
export async function openBank(
  store: StoreName,
  count: number,
  engine: Engine['kind'] = 'compiled',
  settings: Partial<Settings> = {},
): Promise<OpenBank> {
  const { provider, dispose } = await freshStore(store)
  const definition = engine === 'compiled' ? account : interpretedAccount
  const system = await start({
    aggregates: [definition],
    store: provider,
    settings: { liveAggregates: Infinity, ...settings },
  })
  const accounts = Array.from({ length: count }, (_, nth) => system.get(definition, `account-${nth}`))
  for (let from = 0; from < count; from += 10_000) {
    const batch = accounts.slice(from, from + 10_000)
    await Promise.all(batch.map((reference) => reference.ask({ type: 'Open', owner: 'bench' })))
  }
  return {
    system,
    accounts,
    close: async () => {
      await system.stop()
      await dispose()
    },
  }
}
