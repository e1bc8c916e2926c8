export { type SeededRandom, seededRandom } from './seeded-random.ts'
export type { SimulatedProcess } from './simulated-process.ts'
export { SimulatedRuntime, type SimulatedRuntimeOptions, simulatedRuntime } from './simulated-runtime.ts'
