export {
  type Fault,
  type FaultKind,
  faultKinds,
  InjectedFault,
  type StoreOperation,
} from './faults/fault.ts'
export type { CountedFault, SentAppend } from './faults/fault-log.ts'
export {
  FaultPlan,
  type FaultRates,
  type FaultSource,
  type FaultTarget,
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
export { type SeededRandom, seededRandom } from './seeded-random.ts'
export { silentLogger } from './silent-logger.ts'
export type { SimulatedProcess } from './simulated-process.ts'
export { SimulatedRuntime, type SimulatedRuntimeOptions, simulatedRuntime } from './simulated-runtime.ts'
