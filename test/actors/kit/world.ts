import { expect } from 'vitest'
import type { Aggregate } from '../../../src/aggregate/index.ts'
import type { RecordedEvent } from '../../../src/event/recorded-event.ts'
import {
  type AggregateReference,
  memoryStore,
  type Settings,
  type System,
  start,
} from '../../../src/index.ts'
import type { InspectionEvent } from '../../../src/inspection.ts'
import type { EventStore, StoreProvider } from '../../../src/store/event-store.ts'
import {
  type FaultyStore,
  type FaultyStoreOptions,
  type ForeignWriter,
  faultyStore,
  foreignWriter,
  type SimulatedProcess,
  type SimulatedRuntime,
  silentLogger,
  simulatedRuntime,
} from '../../../src/testing/index.ts'
import { KeptLog } from './log.ts'
import { note } from './note.ts'

/** What became of a promise, looked at later: its value or its reason. */
export function caught<T>(promise: Promise<T>): Promise<unknown> {
  return promise.catch((reason: unknown) => reason)
}

/** A store of which some functions do something else. */
export function changedStore(
  inner: StoreProvider,
  change: (store: EventStore) => Partial<EventStore>,
): StoreProvider {
  return {
    description: `changed ${inner.description}`,
    async open(context) {
      const store = await inner.open(context)
      const changes = change(store)
      return new Proxy(store, {
        get(target, key) {
          const own: unknown = Reflect.get(changes, key) ?? Reflect.get(target, key)
          return typeof own === 'function' ? own.bind(target) : own
        },
      })
    },
  }
}

export interface WorldOptions extends Partial<Omit<FaultyStoreOptions, 'runtime'>> {
  readonly seed?: number
  readonly order?: 'arrival' | 'seeded'
  /** Of every system that is started here. */
  readonly settings?: Partial<Settings>
  readonly aggregates?: readonly Aggregate[]
  readonly logLevel?: 'debug' | 'info'
}

/** One system of a world: its process, what it logged, and what its inspector saw. */
export interface Node {
  readonly system: System
  readonly process: SimulatedProcess
  readonly log: KeptLog
  readonly seen: InspectionEvent[]
  note(id: string): AggregateReference<typeof note>
  /** What was seen of this kind. */
  sightings<Kind extends InspectionEvent['kind']>(kind: Kind): readonly (InspectionEvent & { kind: Kind })[]
}

/**
 * A test in a simulated world. When it ends well, all systems are stopped, and a look for leaks follows: no command,
 * permit or timer may be left.
 */
export function inWorld(
  test: (world: World) => Promise<void>,
  options: WorldOptions = {},
): () => Promise<void> {
  return async () => {
    const world = new World(options)
    await test(world)
    await world.end()
  }
}

/** A simulated world: one clock, one memory store behind a faulty one, any number of systems. */
export class World {
  readonly runtime: SimulatedRuntime
  readonly memory: StoreProvider = memoryStore()
  readonly store: FaultyStore
  readonly nodes: Node[] = []
  readonly #options: WorldOptions
  #reader: EventStore | undefined
  #stranger: ForeignWriter | undefined

  constructor(options: WorldOptions = {}) {
    const { seed, order, settings: _settings, aggregates: _aggregates, logLevel: _level, ...faults } = options
    this.runtime = simulatedRuntime({ seed: seed ?? 1, order: order ?? 'arrival', turnLimit: 100_000 })
    this.store = faultyStore(this.memory, { ...faults, runtime: this.runtime, seed: seed ?? 1 })
    this.#options = options
  }

  /** Starts a system, and lets everything come to rest. */
  async start(
    settings?: Partial<Settings>,
    store?: StoreProvider,
    aggregates?: readonly Aggregate[],
  ): Promise<Node> {
    const node = await this.launch(settings, store, aggregates)
    await this.runtime.settle()
    return node
  }

  /** Starts a system in the midst of things. */
  async launch(
    settings: Partial<Settings> = {},
    store: StoreProvider = this.store,
    aggregates = this.#options.aggregates ?? [note],
  ): Promise<Node> {
    const process = this.runtime.process()
    const log = new KeptLog(this.#options.logLevel)
    const system = await start({
      aggregates,
      store,
      runtime: process,
      logger: log,
      settings: { ...this.#options.settings, ...settings },
    })
    const seen: InspectionEvent[] = []
    system.inspect((event) => seen.push(event))
    const node: Node = {
      system,
      process,
      log,
      seen,
      note: (id) => system.get(note, id),
      sightings: (kind) => seen.filter((event): event is never => event.kind === kind),
    }
    this.nodes.push(node)
    return node
  }

  /** Moves the clock until the promise settles. */
  run<T>(promise: PromiseLike<T>, withinMs?: number): Promise<T> {
    return this.runtime.run(promise, withinMs)
  }

  /** As `run`, for a promise that must fail; returns the reason. */
  async failure(promise: PromiseLike<unknown>): Promise<Error> {
    const outcome = await this.run(
      promise.then(
        (value) => ({ value }),
        (reason: unknown) => ({ reason }),
      ),
    )
    if ('value' in outcome) throw new Error(`It did not fail, but gave ${JSON.stringify(outcome.value)}.`)
    return outcome.reason as Error
  }

  /** Everybody else who writes, behind the back of the systems and without faults. */
  async stranger(): Promise<ForeignWriter> {
    this.#stranger ??= await foreignWriter(this.memory, this.runtime)
    return this.#stranger
  }

  /** The store as it truly is. */
  async truth(): Promise<EventStore> {
    this.#reader ??= await this.memory.open({ runtime: this.runtime, logger: silentLogger, system: 'reader' })
    return this.#reader
  }

  async stored(stream: string): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = []
    for await (const page of (await this.truth()).readStream(stream)) events.push(...page)
    return events
  }

  /** `type` and payload of what is stored. */
  async storedMessages(stream: string): Promise<readonly object[]> {
    return (await this.stored(stream)).map(({ type, data }) => ({ type, ...data }))
  }

  /** `kill -9`: nothing of this process happens any more; what it sent to the store goes its way. */
  kill(node: Node): void {
    this.store.crash(node.system.id)
    node.process.kill()
    this.nodes.splice(this.nodes.indexOf(node), 1)
  }

  /** Stops one system and looks for what it left behind. */
  async stop(node: Node, timeoutMs?: number): Promise<Awaited<ReturnType<System['stop']>>> {
    this.nodes.splice(this.nodes.indexOf(node), 1)
    const report = await this.run(node.system.stop(timeoutMs === undefined ? {} : { timeoutMs }))
    await this.runtime.settle()
    const { outstanding, outstandingBytes, recovering } = node.system.metrics()
    expect({ outstanding, outstandingBytes, recovering, timers: node.process.pendingTimers }).toEqual({
      outstanding: 0,
      outstandingBytes: 0,
      recovering: 0,
      timers: 0,
    })
    return report
  }

  /** Stops all that runs, and looks for leaks. */
  async end(): Promise<void> {
    for (const node of [...this.nodes]) await this.stop(node)
    await this.#stranger?.close()
    await this.#reader?.close()
  }
}
