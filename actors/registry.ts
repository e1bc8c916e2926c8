import type { Behaviour } from '../src/behaviour.ts'
import { streamOf } from '../src/event/stream-name.ts'
import type { Clock, Timer } from '../src/runtime.ts'
import { AggregateActor } from './aggregate/aggregate-actor.ts'
import type { Environment, Registry } from './environment.ts'
import type { Supervisor } from './supervisor.ts'
import { fingerprintOf } from './window.ts'

/**
 * The live aggregates by stream, in the order of their use. The one place that makes and forgets actors, so that an
 * aggregate never has two live mailboxes.
 */
export class LiveAggregates implements Registry {
  readonly #byStream = new Map<string, AggregateActor>()
  readonly #supervisors: readonly Supervisor[]
  #oldest: AggregateActor | undefined
  #newest: AggregateActor | undefined
  #sweeper: Timer | undefined

  constructor(supervisors: readonly Supervisor[]) {
    this.#supervisors = supervisors
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
  reach(environment: Environment, behaviour: Behaviour, id: string, now: number): AggregateActor {
    const stream = streamOf(behaviour.name, id)
    const live = this.#byStream.get(stream)
    if (live !== undefined) {
      this.#use(live, now)
      return live
    }
    const shard = fingerprintOf(stream) % this.#supervisors.length
    const supervisor = this.#supervisors[shard] as Supervisor
    const actor = new AggregateActor(environment, behaviour, id, supervisor.turns)
    this.#byStream.set(stream, actor)
    this.#append(actor)
    actor.lastUsed = now
    supervisor.adopt(actor)
    this.#makeRoom(environment.settings.liveAggregates)
    return actor
  }

  remove(actor: AggregateActor): void {
    if (this.#byStream.get(actor.stream) !== actor) return
    this.#byStream.delete(actor.stream)
    this.#unlink(actor)
  }

  forEach(visit: (actor: AggregateActor) => void): void {
    for (const actor of this.#byStream.values()) visit(actor)
  }

  /** Looks from time to time for aggregates that nobody has used for `idleMs`. */
  sweepEvery(clock: Clock, idleMs: number): void {
    const sweep = (): void => {
      const before = clock.now() - idleMs
      for (
        let actor = this.#oldest;
        actor !== undefined && actor.lastUsed <= before;
        actor = actor.usedAfter
      ) {
        askToLeave(actor)
      }
      this.#sweeper = clock.after(idleMs / 4, sweep, 'background')
    }
    this.#sweeper = clock.after(idleMs / 4, sweep, 'background')
  }

  stopSweeping(): void {
    this.#sweeper?.cancel()
  }

  /** Asks the least recently used to leave; one that is busy stays, and the next one is asked. */
  #makeRoom(most: number): void {
    let surplus = this.#byStream.size - most
    for (let actor = this.#oldest; surplus > 0 && actor !== undefined; actor = actor.usedAfter, surplus--) {
      askToLeave(actor)
    }
  }

  #use(actor: AggregateActor, now: number): void {
    actor.lastUsed = now
    actor.leaving = false
    if (actor === this.#newest) return
    this.#unlink(actor)
    this.#append(actor)
  }

  #append(actor: AggregateActor): void {
    actor.usedBefore = this.#newest
    actor.usedAfter = undefined
    if (this.#newest === undefined) this.#oldest = actor
    else this.#newest.usedAfter = actor
    this.#newest = actor
  }

  #unlink(actor: AggregateActor): void {
    if (actor.usedBefore === undefined) this.#oldest = actor.usedAfter
    else actor.usedBefore.usedAfter = actor.usedAfter
    if (actor.usedAfter === undefined) this.#newest = actor.usedBefore
    else actor.usedAfter.usedBefore = actor.usedBefore
    actor.usedBefore = undefined
    actor.usedAfter = undefined
  }
}

/** It leaves in its next turn that finds it idle. */
function askToLeave(actor: AggregateActor): void {
  if (actor.leaving || actor.phase === 'quarantined') return
  actor.leaving = true
  actor.turns.schedule(actor)
}
