import { pino } from 'pino'
import { type Aggregate, behaviour, type StateOf } from '../src/aggregate/aggregate-type.ts'
import type { Behaviour } from '../src/behaviour.ts'
import { SystemStopped, UnknownAggregate } from '../src/errors.ts'
import { appendIds } from '../src/event/event-id.ts'
import { streamOf } from '../src/event/stream-name.ts'
import { Inspection, type InspectionScope, type Inspector } from '../src/inspection.ts'
import type { Logger } from '../src/logger.ts'
import { type Runtime, systemRuntime } from '../src/runtime.ts'
import type { EventStore, StoreProvider } from '../src/store/event-store.ts'
import { leaveAtOnce } from './aggregate/answers.ts'
import { release } from './aggregate/quarantined.ts'
import { observe } from './aggregate/refreshing.ts'
import { behavioursOf } from './behaviours.ts'
import { CommandIds } from './command-ids.ts'
import type { Environment } from './environment.ts'
import { EventWriter } from './event-writer.ts'
import { type Insight, insight, insightOf } from './insight.ts'
import { Lifetime } from './lifetime.ts'
import { type ActorSystem, startActors } from './nact.ts'
import { Permits } from './permits.ts'
import { AggregateReference, type ReferenceContext } from './reference.ts'
import { LiveAggregates } from './registry.ts'
import { checkId } from './request.ts'
import { RunQueue } from './run-queue.ts'
import { type Settings, settingsOf } from './settings.ts'
import { Supervisor } from './supervisor.ts'
import { Tail } from './tail.ts'
import {
  checkHistoryOptions,
  type HistoryOptions,
  type HistoryStep,
  historyOf,
} from './time-travel/history.ts'
import type { Moment } from './time-travel/moment.ts'
import type { Past } from './time-travel/past.ts'
import { stateAt } from './time-travel/state-at.ts'
import { Timeouts } from './timeouts.ts'

/** What a system runs, on what, and how. */
export interface StartOptions {
  /** The definitions that this system runs. */
  readonly aggregates: readonly Aggregate[]
  /** Default: `embeddedStore({ path: '.reenact' })`. */
  readonly store?: StoreProvider
  /** A pino logger, or what has its methods. Default: pino on standard output from `warn` up. */
  readonly logger?: Logger
  /** Numbers to run by; each default has its reason in actors/settings.ts. */
  readonly settings?: Partial<Settings>
  /** Clock, ids and randomness, for simulated runs. Default: those of this machine. */
  readonly runtime?: Runtime
}

/** A command that `stop` could not settle in its time. */
export interface UnsettledCommand {
  readonly aggregate: string
  readonly id: string
  readonly commandId: string
  readonly commandType: string
  readonly executed: 'no' | 'unknown'
}

/** What `stop` left: nothing, if all went well. */
export interface StopReport {
  readonly unsettled: readonly UnsettledCommand[]
}

/** What a system holds just now. */
export interface SystemMetrics {
  /** Aggregates in memory. */
  readonly live: number
  /** Commands that have no outcome yet. */
  readonly outstanding: number
  readonly outstandingBytes: number
  /** Aggregates that are reading their streams. */
  readonly recovering: number
  readonly quarantined: number
}

/**
 * Opens the store and starts an actor system that runs these aggregates. Nothing is read or written yet: an aggregate
 * is loaded by its first command. Several systems, in one process or in many, may run on one store.
 * @param options only `aggregates` must be given.
 * @returns the running system; `await using` stops it at the end of the block, else call `stop`.
 * @throws StoreUnavailable where the store cannot be opened, DefinitionError where two definitions share a name or
 *   something is none, RangeError for a setting that cannot be, TypeError for a store that is none.
 */
export async function start(options: StartOptions): Promise<System> {
  const runtime = options.runtime ?? systemRuntime
  const logger: Logger = options.logger ?? pino({ name: 'reenact', level: 'warn' })
  const settings = settingsOf(options.settings ?? {})
  const behaviours = behavioursOf(options.aggregates)
  const system = runtime.uuid()
  const provider = options.store ?? (await defaultStore())
  if (typeof provider.open !== 'function') {
    throw new TypeError(
      'The store of start() is none: give memoryStore(), embeddedStore({ path }) or eventStoreDB(...).',
    )
  }
  const store = await provider.open({ runtime, logger, system })
  return new System({
    runtime,
    logger,
    settings,
    behaviours,
    definitions: options.aggregates,
    system,
    store,
    description: provider.description,
  })
}

/** Loaded only where it is used: it brings a native library. */
async function defaultStore(): Promise<StoreProvider> {
  const { embeddedStore } = await import('../src/store/embedded/embedded-store.ts')
  return embeddedStore({ path: '.reenact' })
}

interface SystemParts {
  readonly runtime: Runtime
  readonly logger: Logger
  readonly settings: Settings
  readonly behaviours: ReadonlyMap<string, Behaviour>
  readonly definitions: readonly Aggregate[]
  readonly system: string
  readonly store: EventStore
  readonly description: string
}

/** A running system, made by `start`. */
export class System implements AsyncDisposable {
  /** The id of this system; each event that it writes carries it. */
  readonly id: string
  /** @internal */
  readonly [insight]: Insight
  readonly #behaviours: ReadonlyMap<string, Behaviour>
  readonly #environment: Environment
  readonly #live: LiveAggregates
  readonly #actors: ActorSystem
  readonly #context: ReferenceContext
  readonly #tail: Tail
  #stopping: Promise<StopReport> | undefined

  /** @internal */
  constructor(parts: SystemParts) {
    const { runtime, logger, settings, behaviours, system, store } = parts
    this.id = system
    this.#behaviours = behaviours
    this.#actors = startActors()
    const timeouts = new Timeouts(runtime.clock)
    const inspection = new Inspection((error) => logger.error({ err: error }, 'an inspector threw'))
    const writers = this.#startWriters(settings, store, timeouts)
    const supervisors = this.#startSupervisors(settings, runtime)
    this.#live = new LiveAggregates(
      { supervisors, writers, environment: () => this.#environment },
      { aggregates: settings.liveAggregates, windowBytes: settings.liveWindowBytes },
    )
    let instants = 0
    this.#environment = {
      system,
      runtime,
      settings,
      store,
      logger,
      debug: logger.isLevelEnabled('debug'),
      inspection,
      timeouts,
      recoveries: new Permits(settings.recoveries),
      snapshots: new Permits(settings.snapshotsAtOnce),
      appendId: appendIds(runtime.uuid()),
      outstanding: { commands: 0, bytes: 0, joined: 0, whenNone: undefined },
      registry: this.#live,
      lifetime: new Lifetime(runtime.clock),
      instant: () => ++instants,
    }
    this[insight] = insightOf({
      description: parts.description,
      runtime,
      definitions: parts.definitions,
      store,
      registry: this.#live,
      stopped: () => this.#stopping !== undefined,
    })
    this.#context = {
      environment: this.#environment,
      live: this.#live,
      isStopping: () => this.#stopping !== undefined,
      commandIds: new CommandIds(runtime.uuid()),
    }
    this.#tail = new Tail(this.#environment, [...behaviours.keys()], (event) => {
      const actor = this.#live.findStream(event.stream)
      if (actor !== undefined) observe(actor, event)
    })
    void this.#tail.follow()
    if (settings.passivateAfterMs > 0) this.#live.sweepEvery(runtime.clock, settings.passivateAfterMs)
    logger.info(
      { system, store: parts.description, aggregates: [...behaviours.keys()] },
      'the system has started',
    )
  }

  #startWriters(settings: Settings, store: EventStore, timeouts: Timeouts): readonly EventWriter[] {
    const bounds = {
      appendsUnderWay: settings.appendsOfWriter,
      appendTimeoutMs: settings.appendTimeoutMs,
      commandsAtOnce: settings.turnCommands,
    }
    return Array.from(
      { length: settings.writers },
      (_, nth) => new EventWriter(this.#actors, `event-writer-${nth}`, store, timeouts, bounds),
    )
  }

  #startSupervisors(settings: Settings, runtime: Runtime): readonly Supervisor[] {
    const bounds = {
      commandsOfActor: settings.turnCommandsOfAggregate,
      commandsOfTurn: settings.turnCommands,
      turnMs: settings.turnMs,
    }
    return Array.from({ length: settings.shards }, (_, nth) => {
      const turns = new RunQueue(this.#actors, `turns-${nth}`, runtime.clock, bounds)
      return new Supervisor(this.#actors.parent(`supervisor-${nth}`), turns, settings.nactActors)
    })
  }

  /**
   * A typed reference to one aggregate. No I/O; its actor is spawned by the first command.
   * @param definition one of those that `start` was given.
   * @param id names the aggregate among those of its definition: 1 to 512 characters, no control characters.
   * @throws UnknownAggregate, InvalidId
   */
  get<A extends Aggregate>(definition: A, id: string): AggregateReference<A> {
    const known = this.#known(definition)
    checkId(known.name, id)
    return new AggregateReference<A>(this.#context, known, id)
  }

  /**
   * The state as of then, by replay from the nearest snapshot. Reads only, and leaves a live aggregate alone. Never
   * half a command: a revision within one shows the state before it, and `revision` of the answer says so.
   * @param moment a revision (-1: before any event), or a time: the state when the last event until then was recorded.
   * @throws NotInHistory for a revision that is not stored or a time before the first event, HistoryUnreadable where
   *   an event does not fit today's machine, RangeError, UnknownAggregate, InvalidId, StoreUnavailable, AccessDenied,
   *   SystemStopped.
   */
  async at<A extends Aggregate>(definition: A, id: string, moment: Moment): Promise<StateOf<A>> {
    return stateAt<A>(this.#past(definition, id), moment)
  }

  /**
   * What happened to an aggregate, event by event: each with the state before and after, and the command that caused
   * it. Reads only, no faster than it is asked; ends with what is stored now. Whole commands, unless `from` or `limit`
   * cut one. An aggregate without events has no steps.
   * @throws RangeError, UnknownAggregate, InvalidId at once; the iteration throws HistoryUnreadable after all steps
   *   that fit today's machine, StoreUnavailable, AccessDenied, SystemStopped.
   */
  history<A extends Aggregate>(
    definition: A,
    id: string,
    options: HistoryOptions = {},
  ): AsyncIterable<HistoryStep<A>> {
    checkHistoryOptions(options)
    return historyOf<A>(this.#past(definition, id), options)
  }

  /**
   * Delivers everything that happens in this system, as it happens. An inspector that throws is logged.
   * @param scope `results`: without the steps in between (`StepEvent`); `trouble`: only what goes wrong
   *   (`TroubleEvent`), and listening to that costs other commands nothing.
   * @returns ends it.
   */
  inspect(inspector: Inspector, scope: InspectionScope = 'everything'): () => void {
    return this.#environment.inspection.add(inspector, scope)
  }

  /**
   * Puts a quarantined aggregate back into service: it recovers from its stream, and goes back into quarantine where the
   * cause is still there.
   * @returns whether it was in quarantine.
   * @throws UnknownAggregate
   */
  release(definition: Aggregate, id: string): boolean {
    const actor = this.#live.find(this.#known(definition), id)
    if (actor?.phase !== 'quarantined') return false
    release(actor)
    return true
  }

  /** What the system holds just now; asking costs next to nothing. */
  metrics(): SystemMetrics {
    const { outstanding, recoveries } = this.#environment
    let quarantined = 0
    this.#live.forEach((actor) => {
      if (actor.phase === 'quarantined') quarantined++
    })
    return {
      live: this.#live.size,
      outstanding: outstanding.commands,
      outstandingBytes: outstanding.bytes,
      recovering: recoveries.inUse,
      quarantined,
    }
  }

  /**
   * Takes no new commands, waits until every accepted one is durable and answered, and closes the store. What is not
   * settled after `timeoutMs` (default 10,000) is answered `SystemStopped` and reported. Never throws for that. Called
   * again it gives the same promise.
   * @returns the commands whose callers were told `SystemStopped`, each with whether it may have been executed.
   */
  stop(options: { readonly timeoutMs?: number } = {}): Promise<StopReport> {
    this.#stopping ??= this.#stop(options.timeoutMs ?? 10_000)
    return this.#stopping
  }

  /** `await using`: {@link stop} with its default. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stop(timeoutMs: number): Promise<StopReport> {
    const { logger, store, lifetime, timeouts } = this.#environment
    this.#live.stopSweeping()
    await this.#drained(timeoutMs)
    lifetime.end()
    const unsettled = this.#abandonRest()
    if (unsettled.length > 0) {
      logger.error(
        { unsettled: unsettled.length, first: unsettled[0] },
        'the system stopped with unsettled commands',
      )
    }
    timeouts.stop()
    this.#stopActors()
    // Whatever cannot be closed: the caller must have the report.
    await this.#tail.stop().catch((error: unknown) => this.#notClosed('the subscription', error))
    await store.close().catch((error: unknown) => this.#notClosed('the store', error))
    logger.info({ system: this.id }, 'the system has stopped')
    return { unsettled }
  }

  #notClosed(what: string, error: unknown): void {
    this.#environment.logger.error({ err: error }, `${what} could not be closed`)
  }

  #drained(timeoutMs: number): Promise<void> {
    const { outstanding, runtime } = this.#environment
    if (outstanding.commands === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const limit = runtime.clock.after(timeoutMs, resolve)
      outstanding.whenNone = () => {
        limit.cancel()
        resolve()
      }
    })
  }

  #abandonRest(): readonly UnsettledCommand[] {
    const unsettled: UnsettledCommand[] = []
    this.#live.forEach((actor) => {
      const { aggregate, id } = actor.address
      actor.mailbox.forEach((entry) => {
        if (entry.stage === 'gone') return
        const { commandId, command, executed } = entry
        unsettled.push({ aggregate, id, commandId, commandType: command.type, executed })
        leaveAtOnce(actor, entry, new SystemStopped(executed, commandId))
      })
      const { onlookers } = actor
      actor.onlookers = undefined
      for (const onlooker of onlookers ?? []) onlooker.reject(new SystemStopped('no'))
    })
    return unsettled
  }

  /** nact stops no descendants by itself. */
  #stopActors(): void {
    this.#live.forEach((actor) => {
      actor.supervisor.dismiss(actor)
    })
    this.#actors.stop()
  }

  #past(definition: Aggregate, id: string): Past {
    const known = this.#known(definition)
    checkId(known.name, id)
    if (this.#stopping !== undefined) throw new SystemStopped('no')
    const address = { aggregate: known.name, id }
    return { environment: this.#environment, behaviour: known, stream: streamOf(known.name, id), address }
  }

  #known(definition: Aggregate): Behaviour {
    const known = this.#behaviours.get(definition.name)
    if (known === undefined || known !== definition[behaviour]) {
      throw new UnknownAggregate(definition.name, [...this.#behaviours.keys()])
    }
    return known
  }
}
