import type { RecordedEvent } from '../../src/event/recorded-event.ts'
import { defaultSettings, type StopReport, type System } from '../../src/index.ts'
import type { InspectionEvent } from '../../src/inspection.ts'
import type { EventStore } from '../../src/store/event-store.ts'
import { eventsOf } from '../../src/store/events-of.ts'
import { memoryStore } from '../../src/store/memory/memory-store.ts'
import {
  type CountedFault,
  type FaultyStore,
  type ForeignWriter,
  faultyStore,
  foreignWriter,
  type SimulatedRuntime,
  type StoreOperation,
  silentLogger,
  simulatedRuntime,
} from '../../src/testing/index.ts'
import { Clients } from './clients.ts'
import { FaultTape } from './fault-tape.ts'
import type { History, Look, Violation } from './history.ts'
import { ledger, slowness } from './ledger.ts'
import { Node } from './node.ts'
import { idOfStream, type Plan, type Step } from './plan.ts'
import { Strikes } from './strikes.ts'
import { Trace } from './trace.ts'

/** A thousand times what the busiest instant of a schedule takes: after that it goes on for ever. */
const mostTurns = 100_000

/** A world that a plan describes: nodes on one store, clients, foreign writers, and everything that can go wrong. */
export class World {
  readonly plan: Plan
  readonly runtime: SimulatedRuntime
  readonly store: FaultyStore
  readonly tape: FaultTape
  readonly clients: Clients
  readonly nodes: readonly Node[]
  readonly trace: Trace | undefined
  readonly violations: Violation[] = []
  foreign: ForeignWriter | undefined
  readonly strikes: Strikes
  /** Processes that were killed, and those that were stopped under way. */
  kills = 0
  stops = 0
  readonly #looks: Look[] = []
  #instants = 0
  #blockedMs = 0
  #healed = false

  constructor(plan: Plan, traced: 'traced' | 'silent') {
    this.plan = plan
    const { seed, settings } = plan
    this.runtime = simulatedRuntime({ seed, order: 'seeded', turnLimit: mostTurns })
    this.trace = traced === 'traced' ? new Trace(() => this.runtime.elapsedMs) : undefined
    this.tape = new FaultTape(seed, plan.faults)
    this.store = faultyStore(memoryStore(), {
      runtime: this.runtime,
      seed,
      source: this.tape,
      ...(plan.ownEvents === 'delivered' ? { ownEvents: plan.ownEvents } : {}),
      instant: () => this.instant(),
      onFault: (kind, operation) => this.#struck(kind, operation),
    })
    const world = {
      runtime: this.runtime,
      store: this.store,
      settings,
      onOpen: (node: Node, system: string) => this.tape.register(system, `n${node.nth + 1}`),
      onStopped: (node: Node, system: System, report: StopReport) => this.#stopped(node, system, report),
      onEvent: (node: Node, event: InspectionEvent) => this.#happened(node, event),
      onViolation: (violation: Violation) => void this.violations.push(violation),
    }
    this.nodes = Array.from({ length: plan.nodes }, (_, nth) => new Node(world, nth))
    this.strikes = new Strikes(
      Array.from({ length: plan.streams }, (_, nth) => `ledger-${idOfStream(nth)}`),
      () => this.nodes.flatMap(({ system }) => (system === undefined ? [] : [system.id])),
    )
    const { trace } = this
    this.clients = new Clients(
      {
        nodes: this.nodes,
        now: () => this.runtime.elapsedMs,
        instant: () => this.instant(),
        after: (delayMs, task) => void this.runtime.clock.after(delayMs, task),
        isHealed: () => this.#healed,
        onAsked: (ask, isAgain) => {
          if (isAgain) this.strikes.add('askedAgain', ask.system, ask.stream)
        },
        onAnswered: (ask, result) => this.strikes.answered(ask, result),
        trace,
      },
      seed,
    )
    slowness.take = (ms) => {
      this.#blockedMs += ms
      this.runtime.block(ms)
    }
  }

  instant(): number {
    return ++this.#instants
  }

  async start(): Promise<void> {
    this.foreign = await foreignWriter(this.store.faultless, this.runtime)
    await this.runtime.run(Promise.all(this.nodes.map((node) => node.start())))
  }

  /** From now on nothing goes wrong any more, and all nodes come back. */
  heal(): void {
    this.trace?.add('world', 'is healed')
    this.#healed = true
    this.tape.heal()
    this.store.comeUp()
    for (const node of this.nodes) void node.start()
  }

  async look(nth: number, stream: number): Promise<void> {
    const node = this.nodes[nth]
    const system = node?.system
    if (node === undefined || system === undefined) return
    const askedAt = this.instant()
    try {
      const { revision, value, context } = await system.get(ledger, idOfStream(stream)).state()
      if (node.system !== system) return
      const state = { revision, value, context }
      this.#looks.push({
        system: system.id,
        stream: `ledger-${idOfStream(stream)}`,
        askedAt,
        answeredAt: this.instant(),
        state,
      })
    } catch {
      // A look may fail as an ask may; nothing is promised of it then.
    }
  }

  /** Travels in time, below what anybody was told of. */
  async lookBack({ node: nth, stream, back, how }: Extract<Step, { kind: 'past' }>): Promise<void> {
    const system = this.nodes[nth]?.system
    if (system === undefined) return
    const id = idOfStream(stream)
    const at = Math.max(-1, this.clients.known(id) - back)
    const noted = { system: system.id, stream: `ledger-${id}`, askedAt: this.instant() }
    const note = ({ revision, value, context }: Look['state'], past: Look['past'] & {}): void =>
      void this.#looks.push({
        ...noted,
        answeredAt: this.instant(),
        past,
        state: { revision, value, context },
      })
    try {
      if (how === 'at') note(await system.at(ledger, id, { revision: at }), { at })
      else {
        for await (const { after } of system.history(ledger, id, { from: Math.max(0, at) }))
          note(after, 'within')
      }
    } catch {
      // As for a look.
    }
  }

  /** Somebody else is asked for, which may cost others their place in memory. */
  async crowd(nth: number): Promise<void> {
    const system = this.nodes[nth]?.system
    if (system === undefined) return
    const bound = this.plan.settings.liveAggregates ?? Number.POSITIVE_INFINITY
    if (system.metrics().live >= bound) this.strikes.addToSystem('eviction', system.id)
    try {
      await system.get(ledger, 'crowd').state()
    } catch {
      // As for a look.
    }
  }

  /** The store as it is, for the checks. */
  async history(): Promise<History> {
    const store = await this.openStore()
    const log = new Map<string, RecordedEvent[]>()
    for (let stream = 0; stream < this.plan.streams; stream++) {
      const name = `ledger-${idOfStream(stream)}`
      const events: RecordedEvent[] = []
      for await (const event of eventsOf(store.readStream(name))) events.push(event)
      log.set(name, events)
    }
    await store.close()
    return {
      asks: this.clients.asks,
      looks: this.#looks,
      log,
      commits: this.store.writes.map(({ append, revision, instant }) => ({
        stream: append.stream,
        revision,
        instant,
      })),
      windowCommands: this.plan.settings.windowCommands ?? 1_000,
      setBacks: this.plan.steps.filter((step) => step.kind === 'clock' && step.byMs < 0).length,
      blockedMs: this.#blockedMs,
      calm: this.#calm(),
    }
  }

  openStore(): Promise<EventStore> {
    return this.store.faultless.open({ runtime: this.runtime, logger: silentLogger, system: 'checker' })
  }

  async end(): Promise<void> {
    await this.foreign?.close()
    slowness.take = () => undefined
  }

  /** Invariant 11: whoever asked has an answer, and what is not settled is said. */
  #stopped(node: Node, system: System, { unsettled }: StopReport): void {
    const reported = new Set(unsettled.map(({ id, commandId }) => `ledger-${id} ${commandId}`))
    for (const { system: asked, how, nth, stream, commandId, result } of this.clients.asks) {
      if (asked !== system.id || how === 'tell') continue
      const what = `${node.name} has stopped: #${nth} ${commandId} at ${stream}`
      if (result === undefined) this.violations.push({ rule: '11 stop', what: `${what} has no answer` })
      const isStopped = result?.kind === 'error' && result.error.tag === 'SystemStopped'
      if (isStopped && result.error.executed === 'unknown' && !reported.has(`${stream} ${commandId}`)) {
        this.violations.push({ rule: '11 stop', what: `${what} may be executed and is not in the report` })
      }
    }
  }

  #happened(node: Node, event: InspectionEvent): void {
    this.strikes.observe(node.system?.id ?? '', event)
    if (event.kind === 'commandReceived') this.#checkBounds(node, event.depth)
    if (this.trace === undefined) return
    const { kind, at: _at, aggregate: _aggregate, id, ...rest } = event
    this.trace.add(node.name, `${kind} ${id} ${JSON.stringify(rest)}`)
  }

  /** Whether nothing but its own trouble could hold up the calm stream. */
  #calm(): History['calm'] {
    const { settings, steps, streams } = this.plan
    const disturbing = new Set<Step['kind']>(['outage', 'kill', 'stop'])
    const isShared =
      (settings.recoveries ?? 32) <= streams ||
      (settings.appendsOfWriter ?? 2_048) <= streams ||
      (settings.systemCommands ?? 1_000) < 1_000
    return isShared || steps.some(({ kind }) => disturbing.has(kind)) ? 'shared' : 'apart'
  }

  /** Invariant 8: memory stays bounded. */
  #checkBounds({ name, system }: Node, depth: number): void {
    const { mailboxCommands, systemCommands, systemBytes } = { ...defaultSettings, ...this.plan.settings }
    const { outstanding = 0, outstandingBytes = 0 } = system?.metrics() ?? {}
    if (depth <= mailboxCommands && outstanding <= systemCommands && outstandingBytes <= systemBytes) return
    const what = `${name} holds ${outstanding} commands of ${outstandingBytes} bytes, ${depth} of them in one mailbox`
    this.violations.push({ rule: '8 bounded', what })
  }

  #struck(kind: CountedFault, operation: StoreOperation): void {
    const { stream, system } = operation
    this.strikes.add(kind, system, stream)
    this.trace?.add('fault', `${kind} at ${operation.kind} ${stream ?? ''} ${JSON.stringify(operation)}`)
  }
}
