export {
  type Fault,
  type FaultKind,
  faultKinds,
  InjectedFault,
  operationOfFault,
  type StoreOperation,
} from './faults/fault.ts'
export type { CountedFault, SentAppend, WrittenAppend } from './faults/fault-log.ts'
export {
  FaultPlan,
  type FaultRates,
  type FaultSource,
  type FaultTarget,
  RandomFaults,
  randomFault,
} from './faults/fault-source.ts'
export { FaultyStore, type FaultyStoreOptions, faultyStore } from './faults/faulty-store.ts'
export type { Outage } from './faults/store-world.ts'
export {
  type ForeignAppendOptions,
  type ForeignEvent,
  type ForeignWriter,
  foreignWriter,
} from './foreign-writer.ts'
export { type Given, given, givenStored } from './scenario/given.ts'
export type { StoredForm } from './scenario/history.ts'
export { ScenarioFailure } from './scenario/scenario-failure.ts'
export type { StateExpectation } from './scenario/state-expectation.ts'
export type { Checked, Told } from './scenario/told.ts'
export { type SeededRandom, seededRandom } from './seeded-random.ts'
export { silentLogger } from './silent-logger.ts'
export type { SimulatedProcess } from './simulated-process.ts'
export { SimulatedRuntime, type SimulatedRuntimeOptions, simulatedRuntime } from './simulated-runtime.ts'
export {
  type StoreContractOptions,
  type StoreUnderTest,
  storeContract,
  type TestRunner,
} from './store-contract.ts'
