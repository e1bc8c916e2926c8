import { systemRuntime } from '../runtime.ts'
import { appendContract } from './store-contract/append-contract.ts'
import { batchContract } from './store-contract/batch-contract.ts'
import { closeContract } from './store-contract/close-contract.ts'
import { contentContract } from './store-contract/content-contract.ts'
import { ContractKit } from './store-contract/contract-kit.ts'
import type { ContractSuite } from './store-contract/contract-suite.ts'
import type { StoreContractOptions, StoreUnderTest } from './store-contract/contract-types.ts'
import { readAllContract } from './store-contract/read-all-contract.ts'
import { readStreamContract } from './store-contract/read-stream-contract.ts'
import { reopenContract } from './store-contract/reopen-contract.ts'
import { snapshotContract } from './store-contract/snapshot-contract.ts'
import { subscribeContract } from './store-contract/subscribe-contract.ts'

export type { StoreContractOptions, StoreUnderTest, TestRunner } from './store-contract/contract-types.ts'

const parts = [
  appendContract,
  batchContract,
  contentContract,
  readStreamContract,
  readAllContract,
  subscribeContract,
  snapshotContract,
  closeContract,
  reopenContract,
]

/**
 * Registers the tests that every store passes: what the runtime relies on, said in tests.
 *
 * The test runner is handed in, and assertions are Node's own: so `reenact/testing` needs no runner to be imported,
 * and the contract runs in vitest, jest, mocha and `node:test` alike.
 *
 * @param name what the tests are listed under.
 * @param make gives the store of one test; called for each of them. On a store that others use as well every test
 *   keeps to streams of a category that nobody used before.
 * @param options the runner, and what cannot be asked of every store.
 * @example storeContract('memory', () => ({ provider: memoryStore() }), { runner: { describe, it }, reopen: 'volatile' })
 */
export function storeContract(
  name: string,
  make: () => StoreUnderTest | Promise<StoreUnderTest>,
  options: StoreContractOptions,
): void {
  const { describe, it } = options.runner
  const suite: ContractSuite = {
    options,
    test: (title, body) => {
      it(title, async () => {
        const kit = new ContractKit(await make(), options.runtime ?? systemRuntime)
        try {
          await body(kit)
        } finally {
          await kit.dispose()
        }
      })
    },
    skip: (title, reason) => it.skip(`${title} [not asked of this store: ${reason}]`, async () => undefined),
  }
  describe(`store contract: ${name}`, () => {
    for (const part of parts) part(suite)
  })
}
