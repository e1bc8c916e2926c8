import { type Settings, type StopReport, type System, start } from '../../src/index.ts'
import type { InspectionEvent } from '../../src/inspection.ts'
import { sleep } from '../../src/runtime.ts'
import type { StoreProvider } from '../../src/store/event-store.ts'
import {
  type FaultyStore,
  type SimulatedProcess,
  type SimulatedRuntime,
  silentLogger,
} from '../../src/testing/index.ts'
import type { Violation } from './history.ts'
import { ledger } from './ledger.ts'

export interface NodeWorld {
  readonly runtime: SimulatedRuntime
  readonly store: FaultyStore
  readonly settings: Partial<Settings>
  /** A system of the node opens the store. */
  readonly onOpen: (node: Node, system: string) => void
  /** A system says that it has stopped. */
  readonly onStopped: (node: Node, system: System, report: StopReport) => void
  readonly onEvent: (node: Node, event: InspectionEvent) => void
  readonly onViolation: (violation: Violation) => void
}

/** A machine on which systems run, one after the other: killed, stopped, and started again. */
export class Node {
  readonly nth: number
  readonly #world: NodeWorld
  #incarnation = 0
  #process: SimulatedProcess | undefined
  #system: System | undefined
  #start: Promise<void> | undefined
  #isRetired = false

  constructor(world: NodeWorld, nth: number) {
    this.#world = world
    this.nth = nth
  }

  /** `n1.2`: the second system on the first node. */
  get name(): string {
    return `n${this.nth + 1}.${this.#incarnation}`
  }

  /** The system that takes commands; `undefined` while there is none. */
  get system(): System | undefined {
    return this.#system
  }

  /** Starts a system, again and again where the store cannot be opened. */
  start(): Promise<void> {
    if (this.#isRetired) return Promise.resolve()
    this.#start ??= this.#startSystem().finally(() => {
      this.#start = undefined
    })
    return this.#start
  }

  async #startSystem(): Promise<void> {
    const { runtime, settings, onEvent } = this.#world
    const store = this.#storeOfNode()
    while (this.#system === undefined) {
      this.#incarnation++
      const process = runtime.process()
      try {
        const system = await start({
          aggregates: [ledger],
          store,
          runtime: process,
          logger: silentLogger,
          settings,
        })
        this.#process = process
        this.#system = system
        system.inspect((event) => onEvent(this, event))
      } catch {
        process.kill()
        await sleep(runtime, 100)
      }
    }
  }

  #storeOfNode(): StoreProvider {
    const { store, onOpen } = this.#world
    return {
      description: store.description,
      open: (context) => {
        onOpen(this, context.system)
        return store.open(context)
      },
    }
  }

  /** `kill -9`. */
  kill(): void {
    const system = this.#system
    if (system === undefined) return
    this.#system = undefined
    this.#process?.kill()
    this.#world.store.crash(system.id)
  }

  /** Stops, and never starts again. */
  retire(): Promise<void> {
    this.#isRetired = true
    return this.stop(10_000)
  }

  /** Stops politely, and checks that nothing is left of the system. */
  async stop(timeoutMs: number): Promise<void> {
    const [system, process] = [this.#system, this.#process]
    if (system === undefined || process === undefined) return
    this.#system = undefined
    const { runtime, onViolation } = this.#world
    const { name } = this
    const limit = runtime.clock.after(timeoutMs + 60_000, () => {
      onViolation({ rule: '11 stop', what: `${name} does not stop` })
    })
    const report = await system.stop({ timeoutMs })
    limit.cancel()
    this.#world.onStopped(this, system, report)
    // What sleeps between two attempts wakes up once more and finds the system stopped.
    runtime.clock.after(60_000, () => {
      if (process.pendingTimers === 0) return
      onViolation({ rule: 'leak', what: `${name} has stopped and left ${process.pendingTimers} timers` })
    })
    const { outstanding, outstandingBytes } = system.metrics()
    if (outstanding !== 0 || outstandingBytes !== 0) {
      const what = `${name} has stopped with ${outstanding} commands of ${outstandingBytes} bytes`
      onViolation({ rule: 'leak', what })
    }
  }
}
