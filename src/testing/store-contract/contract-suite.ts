import type { ContractKit } from './contract-kit.ts'
import type { StoreContractOptions } from './contract-types.ts'

/** How a part of the contract registers its tests. */
export interface ContractSuite {
  readonly options: StoreContractOptions
  test(title: string, body: (kit: ContractKit) => Promise<void>): void
  skip(title: string, reason: string): void
}
