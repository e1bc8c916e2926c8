import type { Behaviour } from '../src/behaviour.ts'
import { streamOf } from '../src/event/stream-name.ts'
import type { Clock, Timer } from '../src/runtime.ts'
import { AggregateActor } from './aggregate/aggregate-actor.ts'
import type { Environment, Registry } from './environment.ts'
import type { EventWriter } from './event-writer.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { Supervisor } from './supervisor.ts'

/**
 * The order of use is kept to the second: moving an actor in it at every command would touch its neighbours, too,
 * which are as good as never in the processor's cache.
 */
const orderGrainMs = 1_000

/** What the actors of a system are made with. */
export interface LiveParts {
  readonly supervisors: readonly Supervisor[]
  readonly writers: readonly EventWriter[]
  /** Asked later: the environment itself knows the registry. */
  readonly environment: () => Environment
}

/** An aggregate with its stream, put together once by who asks often. */
export interface LiveAddress {
  readonly behaviour: Behaviour
  readonly id: string
  readonly stream: string
}

/** How many aggregates stay in memory, and how much their windows of remembered commands may hold. */
export interface LiveBounds {
  readonly aggregates: number
  readonly windowBytes: number
}

/**
 * The live aggregates by stream, in the order of their use. The one place that makes and forgets actors, so that an
 * aggregate never has two live mailboxes.
 */
export class LiveAggregates implements Registry {
  readonly #byStream = new Map<string, AggregateActor>()
  readonly #parts: LiveParts
  readonly #bounds: LiveBounds
  /** The order of use, of those that are not asked to leave. */
  #oldest: AggregateActor | undefined
  #newest: AggregateActor | undefined
  #staying = 0
  /** Bytes of the windows of those. */
  #windowBytes = 0
  #sweeper: Timer | undefined

  constructor(parts: LiveParts, bounds: LiveBounds) {
    this.#parts = parts
    this.#bounds = bounds
  }

  get size(): number {
    return this.#byStream.size
  }

  find(behaviour: Behaviour, id: string): AggregateActor | undefined {
    return this.#byStream.get(streamOf(behaviour.name, id))
  }

  findStream(stream: string): AggregateActor | undefined {
    return this.#byStream.get(stream)
  }

  /** The actor of this aggregate; made, and its recovery begun, where it is not live. */
  reach(address: LiveAddress, now: number): AggregateActor {
    const live = this.#byStream.get(address.stream)
    if (live !== undefined) {
      this.used(live, now)
      return live
    }
    const actor = this.#spawn(address)
    actor.lastUsed = now
    this.#makeRoom()
    return actor
  }

  used(actor: AggregateActor, now: number): void {
    if (!actor.leaving && now - actor.lastUsed < orderGrainMs) return
    actor.lastUsed = now
    if (actor === this.#newest) return
    if (actor.leaving) actor.leaving = false
    else this.#unlink(actor)
    this.#append(actor)
  }

  #spawn({ behaviour, id, stream }: LiveAddress): AggregateActor {
    const place = fingerprintOf(stream) >>> 0
    const { supervisors, writers, environment } = this.#parts
    const supervisor = supervisors[place % supervisors.length]!
    const writer = writers[place % writers.length]!
    const actor = new AggregateActor(environment(), behaviour, id, stream, supervisor, writer)
    this.#byStream.set(stream, actor)
    this.#append(actor)
    supervisor.start(actor)
    return actor
  }

  remove(actor: AggregateActor): void {
    if (this.#byStream.get(actor.stream) !== actor) return
    this.#byStream.delete(actor.stream)
    if (!actor.leaving) this.#unlink(actor)
  }

  windowChanged(actor: AggregateActor, bytes: number): void {
    if (!actor.leaving) this.#windowBytes += bytes - actor.windowBytes
    actor.windowBytes = bytes
    this.#makeRoom()
  }

  forEach(visit: (actor: AggregateActor) => void): void {
    for (const actor of this.#byStream.values()) visit(actor)
  }

  /** Looks from time to time for aggregates that nobody has used for `idleMs`. */
  sweepEvery(clock: Clock, idleMs: number): void {
    const sweep = (): void => {
      const before = clock.now() - idleMs
      while (this.#oldest !== undefined && this.#oldest.lastUsed <= before) this.#askToLeave(this.#oldest)
      this.#sweeper = clock.after(idleMs / 4, sweep, 'background')
    }
    this.#sweeper = clock.after(idleMs / 4, sweep, 'background')
  }

  stopSweeping(): void {
    this.#sweeper?.cancel()
  }

  /** Asks the least recently used to leave. The one that was used last stays, whatever the bounds. */
  #makeRoom(): void {
    while (
      (this.#staying > this.#bounds.aggregates || this.#windowBytes > this.#bounds.windowBytes) &&
      this.#oldest !== undefined &&
      this.#oldest !== this.#newest
    ) {
      this.#askToLeave(this.#oldest)
    }
  }

  /** It leaves in its next turn that finds it idle; out of the order of use, so that it is asked once. */
  #askToLeave(actor: AggregateActor): void {
    this.#unlink(actor)
    actor.leaving = true
    actor.turns.schedule(actor)
  }

  #append(actor: AggregateActor): void {
    this.#staying++
    this.#windowBytes += actor.windowBytes
    actor.usedBefore = this.#newest
    actor.usedAfter = undefined
    if (this.#newest === undefined) this.#oldest = actor
    else this.#newest.usedAfter = actor
    this.#newest = actor
  }

  #unlink(actor: AggregateActor): void {
    this.#staying--
    this.#windowBytes -= actor.windowBytes
    if (actor.usedBefore === undefined) this.#oldest = actor.usedAfter
    else actor.usedBefore.usedAfter = actor.usedAfter
    if (actor.usedAfter === undefined) this.#newest = actor.usedBefore
    else actor.usedAfter.usedBefore = actor.usedBefore
    actor.usedBefore = undefined
    actor.usedAfter = undefined
  }
}
