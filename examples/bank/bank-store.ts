import { embeddedStore, type StoreProvider } from 'reenact'
import { UsageError } from './arguments.ts'

const serverPattern = /^esdb(\+discover)?:\/\//

export interface BankStore {
  readonly provider: StoreProvider
  /** What the table says of how safe it is. Without secrets: the connection string may hold some. */
  readonly durability: string
}

/** A directory's path means the embedded store, `esdb://...` a server. @throws UsageError for another address. */
export async function bankStore(where: string): Promise<BankStore> {
  if (serverPattern.test(where)) {
    // Only who wants a server needs its client installed.
    const { eventStoreDB } = await import('reenact/eventstoredb')
    const provider = eventStoreDB({ connectionString: where })
    return { provider, durability: `yes: acknowledged by ${provider.description} before each answer` }
  }
  if (where.includes('://')) {
    throw new UsageError('--store must be the path of a directory or an esdb:// connection string.')
  }
  return {
    provider: embeddedStore({ path: where }),
    durability: `yes: on disk in ${where} before each answer`,
  }
}

export function isServer(where: string): boolean {
  return serverPattern.test(where)
}
