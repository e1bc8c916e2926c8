import type { RecordedEvent } from '../../../src/event/recorded-event.ts'
import type { Settings } from '../../../src/index.ts'
import { sleep, systemRuntime } from '../../../src/runtime.ts'
import type { EventStore, StoreProvider } from '../../../src/store/event-store.ts'
import { eventsOf } from '../../../src/store/events-of.ts'
import {
  type ForeignWriter,
  foreignWriter,
  type SeededRandom,
  seededRandom,
  silentLogger,
} from '../../../src/testing/index.ts'
import { checkedHistory } from '../checks/checked.ts'
import { Clients } from '../clients.ts'
import type { History, Look, Violation } from '../history.ts'
import { idOfStream, type Step } from '../plan.ts'
import type { StoreOrder } from './orders.ts'
import { ProcessNode } from './process-node.ts'
import { workloadOf } from './workload.ts'

/** What happens to a session under load. `done`: it is over, and everybody can be asked again. */
export type Trouble = (session: Session, random: SeededRandom) => Promise<void>

export interface SessionOptions {
  /** The bundle of node-program.ts. */
  readonly program: string
  readonly seed: number
  readonly rounds: number
  /** Where the systems of each node go. */
  readonly storeOf: (node: number) => StoreOrder
  /** The same store for the one who looks on. */
  readonly provider: StoreProvider
  /** Of the ids of aggregates, where the store holds others already. */
  readonly prefix: string
  readonly trouble: Trouble
}

export interface SessionResult {
  readonly violations: readonly Violation[]
  readonly asks: number
  readonly accepted: number
  readonly lost: number
  readonly stored: number
}

const nodesOfSession = 2
const streamsOfSession = 3
/** Clients that wait at the same time. */
const mostWaiting = 40
/** Nobody waits for so long where nothing is wrong any more. */
const patienceMs = 120_000

/** Nodes in processes of their own on a real store, the clients of the simulation, and trouble in rounds. */
export class Session {
  readonly nodes: readonly ProcessNode[]
  readonly clients: Clients
  readonly #options: SessionOptions
  readonly #random: SeededRandom
  readonly #workload: Generator<Step, never>
  readonly #windowCommands = 1_000
  readonly #looks: Look[] = []
  #foreign: ForeignWriter | undefined
  #instants = 0
  #healed = false

  constructor(options: SessionOptions) {
    this.#options = options
    this.#random = seededRandom(options.seed)
    const settings = settingsOf(this.#random, this.#windowCommands)
    this.nodes = Array.from(
      { length: nodesOfSession },
      (_, nth) => new ProcessNode(nth, options.program, { store: options.storeOf(nth), settings }),
    )
    this.clients = new Clients(
      {
        nodes: this.nodes,
        now: () => performance.now(),
        instant: () => ++this.#instants,
        after: (delayMs, task) => void systemRuntime.clock.after(delayMs, task),
        isHealed: () => this.#healed,
        onAsked: () => undefined,
        onAnswered: () => undefined,
        trace: undefined,
      },
      options.seed,
    )
    this.#workload = workloadOf(this.#random, nodesOfSession, streamsOfSession)
  }

  async run(): Promise<SessionResult> {
    try {
      return await this.#run()
    } finally {
      for (const node of this.nodes) await node[Symbol.asyncDispose]()
    }
  }

  async #run(): Promise<SessionResult> {
    const { provider, rounds, trouble } = this.#options
    this.#foreign = await foreignWriter(provider)
    await Promise.all(this.nodes.map((node) => node.start()))
    for (let round = 0; round < rounds; round++) {
      await this.load(this.#random.between(20, 120))
      await trouble(this, this.#random)
    }
    this.#healed = true
    const violations = await this.#calm()
    for (const node of this.nodes) {
      for (const id of this.#ids()) await this.#look(node, id)
      const unsettled = await node.stop()
      for (const { id, commandId } of unsettled) {
        violations.push({ rule: '11 stop', what: `${node.name} has stopped and left ${commandId} of ${id}` })
      }
    }
    await this.#foreign.close()
    const store = await provider.open({ runtime: systemRuntime, logger: silentLogger, system: 'checker' })
    const history = await this.#history(store)
    violations.push(...(await checkedHistory(history, store)))
    await store.close()
    return { violations, ...this.#figures(history) }
  }

  /** So many steps of the workload, no faster than they are answered. */
  async load(steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      while (this.clients.waiting >= mostWaiting) await sleep(systemRuntime, 1)
      this.#perform(this.#workload.next().value)
      if (this.#random.chance(0.2)) await sleep(systemRuntime, 0)
    }
  }

  #perform(step: Step): void {
    switch (step.kind) {
      case 'ask': {
        const { expected, goneAfterMs: _, ...ask } = step
        this.clients.begin({ ...ask, expected, goneAfterMs: undefined, id: this.#idOf(step.stream) })
        return
      }
      case 'tell':
        this.clients.tell({ ...step, id: this.#idOf(step.stream) })
        return
      case 'look': {
        const node = this.nodes[step.node]
        if (node?.system !== undefined) void this.#look(node, this.#idOf(step.stream))
        return
      }
      case 'foreign': {
        const added = { type: 'Added', amount: 1, total: 0 }
        // Whether it gets in between the others is a matter of luck.
        this.#foreign
          ?.write(`ledger-${this.#idOf(step.stream)}`, new Array(step.events).fill(added))
          .catch(() => undefined)
      }
    }
  }

  async #look(node: ProcessNode, id: string): Promise<void> {
    const system = node.system?.id ?? ''
    const askedAt = ++this.#instants
    try {
      const state = await node.look(id)
      this.#looks.push({ system, stream: `ledger-${id}`, askedAt, answeredAt: ++this.#instants, state })
    } catch {
      // A look may fail as an ask may; nothing is promised of it then.
    }
  }

  /** Waits until every client knows. */
  async #calm(): Promise<Violation[]> {
    const latest = performance.now() + patienceMs
    while (this.clients.waiting > 0 && performance.now() < latest) await sleep(systemRuntime, 10)
    const { waiting } = this.clients
    return waiting === 0
      ? []
      : [{ rule: '4 settled', what: `${waiting} clients still wait for their outcome` }]
  }

  #idOf(stream: number): string {
    return `${this.#options.prefix}${idOfStream(stream)}`
  }

  #ids(): readonly string[] {
    return Array.from({ length: streamsOfSession }, (_, stream) => this.#idOf(stream))
  }

  async #history(store: EventStore): Promise<History> {
    const log = new Map<string, readonly RecordedEvent[]>()
    for (const id of this.#ids()) {
      const events: RecordedEvent[] = []
      for await (const event of eventsOf(store.readStream(`ledger-${id}`))) events.push(event)
      log.set(`ledger-${id}`, events)
    }
    return {
      asks: this.clients.asks,
      looks: this.#looks,
      log,
      commits: 'unknown',
      windowCommands: this.#windowCommands,
      setBacks: 0,
      blockedMs: 0,
      calm: 'shared',
    }
  }

  #figures({ asks, log }: History): Omit<SessionResult, 'violations'> {
    return {
      asks: asks.length,
      accepted: asks.filter(({ result }) => result?.kind === 'outcome').length,
      lost: asks.filter(({ result }) => result?.kind === 'lost').length,
      stored: [...log.values()].reduce((sum, events) => sum + events.length, 0),
    }
  }
}

function settingsOf(random: SeededRandom, windowCommands: number): Partial<Settings> {
  return {
    windowCommands,
    timeoutMs: 5_000,
    resendBackoff: { firstMs: 300, mostMs: 1_000 },
    appendCommands: random.pick([1, 2, 1_024]),
    aheadCommands: random.pick([1, 3, 4_096]),
    snapshotEvery: random.pick([0, 1, 5, 40]),
    liveAggregates: random.pick([1, 2, 1_000]),
    passivateAfterMs: random.pick([0, 100]),
    nactActors: random.pick(['kept', 'onDemand'] as const),
  }
}
