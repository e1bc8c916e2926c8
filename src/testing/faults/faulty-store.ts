import type { Runtime } from '../../runtime.ts'
import type {
  Append,
  DecidedCommand,
  EventStore,
  StoreContext,
  StoreProvider,
} from '../../store/event-store.ts'
import { seededRandom } from '../seeded-random.ts'
import { silentLogger } from '../silent-logger.ts'
import { rivalOf } from './append-path.ts'
import type { Fault, FaultKind, StoreOperation } from './fault.ts'
import { type CountedFault, FaultLog, type SentAppend, type WrittenAppend } from './fault-log.ts'
import {
  FaultPlan,
  type FaultRates,
  type FaultSource,
  type FaultTarget,
  RandomFaults,
} from './fault-source.ts'
import { FaultyHandle } from './faulty-handle.ts'
import type { FaultySubscription } from './faulty-subscription.ts'
import { LaggingView } from './lagging-view.ts'
import { LateEffects } from './late-effects.ts'
import { Leader } from './leader.ts'
import { duringOutage, type FaultOf, type Outage, type StoreWorld, unavailable } from './store-world.ts'

export interface FaultyStoreOptions {
  /** The clock that late things go by: the simulated runtime of the test. */
  readonly runtime: Runtime
  /** Fixes which operations the random faults strike, and how. Default: 1. */
  readonly seed?: number
  /** How often each fault happens by chance. Default: never. */
  readonly rates?: FaultRates
  /** No random lateness is longer. Default: 30 seconds. */
  readonly longestMs?: number
  /** After so long the store itself gives up and answers `unknown`. Default: 2 seconds, as EventStoreDB. */
  readonly answerLimitMs?: number
  /** Says what goes wrong, asked before the random faults: a recorded run, or a test's own idea. */
  readonly source?: FaultSource
  /** Whether subscriptions deliver what they may leave out by `exceptSystem`. Default: as the inner store does. */
  readonly ownEvents?: 'delivered'
  /** What another writer stores in the slot of this append. Default: the same events, as its first command. */
  readonly rival?: (append: Append) => readonly DecidedCommand[]
  /** Numbers the commits in `writes`, for tests that count instants. Default: the clock. */
  readonly instant?: () => number
  /** Called whenever a fault strikes. */
  readonly onFault?: (kind: CountedFault, operation: StoreOperation) => void
}

/**
 * A store provider around another one that makes things go wrong, as told (`next`, `goDown`, `cutSubscriptions`,
 * `crash`) or by chance (`rates`). It never breaks what the port promises, except where a fault says so: what it
 * answers is true, appends are atomic, and what is written stays.
 *
 * @example const runtime = simulatedRuntime({ seed: 7 })
 *          const store = faultyStore(memoryStore(), { runtime })
 *          store.next({ kind: 'unknownAfterWrite' }, { stream: 'account-alice' })
 */
export class FaultyStore implements StoreProvider {
  readonly description: string
  readonly #inner: StoreProvider
  readonly #options: FaultyStoreOptions
  readonly #plan = new FaultPlan()
  readonly #random: FaultSource
  readonly #log: FaultLog
  readonly #late: LateEffects
  readonly #lagging = new LaggingView()
  readonly #handles = new Set<FaultyHandle>()
  readonly #subscriptions = new Set<FaultySubscription>()
  readonly #uuid: () => string
  #world: Promise<StoreWorld> | undefined
  #outage: Outage | undefined

  constructor(inner: StoreProvider, options: FaultyStoreOptions) {
    const seed = options.seed ?? 1
    this.description = `faulty ${inner.description}`
    this.#inner = inner
    this.#options = options
    this.#random = new RandomFaults(seed, options.rates ?? {}, options.longestMs ?? 30_000)
    this.#uuid = seededRandom(seed + 1).uuid
    this.#log = new FaultLog(options.onFault ?? (() => undefined))
    this.#late = new LateEffects(options.runtime, () => void this.#closeWhenUnused())
  }

  /** How often each fault has struck. */
  get fired(): ReadonlyMap<CountedFault, number> {
    return this.#log.counts
  }

  /** Every send of every append, in order: who sent what, what happened to it, what the sender was told. */
  get sends(): readonly SentAppend[] {
    return this.#log.sends
  }

  /** Every append that was written, whoever sent it, in the order of the commits. */
  get writes(): readonly WrittenAppend[] {
    return [...this.#log.writes]
  }

  /** The same store for one whom no fault strikes: a foreign writer, or the test itself. */
  get faultless(): StoreProvider {
    return { description: this.#inner.description, open: (context) => this.#open(context, 'faultless') }
  }

  /** Planned faults that have not struck yet. */
  get planned(): readonly Fault[] {
    return this.#plan.waiting
  }

  /** How many things the store will still do by itself: late commits, late answers. 0: it is at rest. */
  get underWay(): number {
    return this.#late.waiting
  }

  /** How many hold it open, faultless ones included. 0 at the end of a test: nobody forgot to close it. */
  get openHandles(): number {
    return this.#handles.size
  }

  /** How many subscriptions are open, those of killed processes included: their store must forget them, too. */
  get openSubscriptions(): number {
    return this.#subscriptions.size
  }

  open(context: StoreContext): Promise<EventStore> {
    return this.#open(context, 'faulty')
  }

  async #open(context: StoreContext, kind: 'faulty' | 'faultless'): Promise<EventStore> {
    const shared = await this.#openWorld()
    const world: StoreWorld =
      kind === 'faulty' ? shared : { ...shared, strike: () => undefined, outage: () => undefined }
    const operation = { kind: 'open', system: context.system } as const
    const error = world.outage()
      ? duringOutage(world, operation)
      : world.strike(operation) && unavailable('Opening the store', 'failedOpen')
    if (error) {
      await this.#closeWhenUnused()
      throw error
    }
    const handle: FaultyHandle = new FaultyHandle(world, context.system, () => {
      this.#handles.delete(handle)
      void this.#closeWhenUnused()
    })
    this.#handles.add(handle)
    return handle
  }

  /** Plans a fault for the next operation that it fits. */
  next(fault: Fault, target?: FaultTarget): void {
    this.#plan.add(fault, target)
  }

  /** From now on nothing reaches the store, until `comeUp`, or for so long. */
  goDown(outage: Partial<Outage> & { readonly forMs?: number } = {}): void {
    const current: Outage = { appends: outage.appends ?? 'refused' }
    this.#outage = current
    this.cutSubscriptions()
    if (outage.forMs === undefined) return
    this.#late.after(outage.forMs, () => {
      if (this.#outage === current) this.comeUp()
    })
  }

  comeUp(): void {
    this.#outage = undefined
  }

  /** Ends the subscriptions of all systems, or of one, with `StoreUnavailable`. */
  cutSubscriptions(system?: string): void {
    for (const handle of this.#handlesOf(system)) handle.cutSubscriptions()
  }

  /**
   * The process of the system is gone, as after `kill -9` (default: the processes of all systems): none of its calls
   * is ever answered. What was committed stays, and what was under way may still be committed.
   */
  crash(system?: string): void {
    for (const handle of this.#handlesOf(system)) handle.die()
  }

  #handlesOf(system: string | undefined): readonly FaultyHandle[] {
    return [...this.#handles].filter((handle) => system === undefined || handle.system === system)
  }

  #openWorld(): Promise<StoreWorld> {
    this.#world ??= this.#makeWorld()
    return this.#world
  }

  // One handle of the inner store for all: late commits must arrive also when the system that sent them is gone.
  async #makeWorld(): Promise<StoreWorld> {
    const { runtime, answerLimitMs, rival, instant } = this.#options
    const store = await this.#inner.open({ runtime, logger: silentLogger, system: 'faulty-store' })
    const log = this.#log
    return {
      runtime,
      store,
      log,
      late: this.#late,
      subscriptions: this.#subscriptions,
      lagging: this.#lagging,
      leader: new Leader(store, instant ?? runtime.clock.now, (append, verdict, at) => {
        this.#lagging.written(append, verdict)
        log.addWrite({ append, revision: verdict.revision, instant: at })
      }),
      ownEvents: this.#options.ownEvents,
      answerLimitMs: answerLimitMs ?? 2000,
      rival: (append, by) => {
        const twin = rivalOf(append, by, this.#uuid)
        return rival === undefined || by === 'sameCommand' ? twin : { ...twin, commands: rival(append) }
      },
      outage: () => this.#outage,
      strike: (operation) => {
        const fault =
          this.#plan.next(operation) ?? this.#options.source?.next(operation) ?? this.#random.next(operation)
        if (fault !== undefined) log.count(fault.kind, operation)
        return fault as FaultOf<typeof operation.kind> | undefined
      },
    }
  }

  async #closeWhenUnused(): Promise<void> {
    if (this.#handles.size > 0 || this.#late.waiting > 0 || this.#world === undefined) return
    const world = this.#world
    this.#world = undefined
    await (await world).store.close()
  }
}

/** Wraps a store so that things go wrong: see `FaultyStore`. */
export function faultyStore(inner: StoreProvider, options: FaultyStoreOptions): FaultyStore {
  return new FaultyStore(inner, options)
}

export type { FaultKind }
