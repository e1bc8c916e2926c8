import { randomUUID } from 'node:crypto'
import { type StoreProvider, type System, start } from 'reenact'
import { silentLogger } from 'reenact/testing'
import { type Account, account } from '../accounts.ts'

export interface OpenBank {
  readonly system: System
  readonly accounts: readonly Account[]
  /** The stream of each. */
  readonly streams: readonly string[]
  close(): Promise<void>
}

/** A bank with so many open accounts, under names that nobody used before: the server may hold others. */
export async function openBankOn(store: StoreProvider, count: number): Promise<OpenBank> {
  const system = await start({ aggregates: [account], store, logger: silentLogger })
  const run = randomUUID()
  const ids = Array.from({ length: count }, (_, nth) => `${run}-${nth}`)
  const accounts = ids.map((id) => system.get(account, id))
  await Promise.all(accounts.map((reference) => reference.ask({ type: 'Open', owner: 'bench' })))
  return {
    system,
    accounts,
    streams: ids.map((id) => `account-${id}`),
    close: async () => void (await system.stop()),
  }
}
