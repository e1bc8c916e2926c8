import type { AggregateActor, AggregateMessage } from './aggregate/aggregate-actor.ts'
import { ConflictProven } from './aggregate/conflict.ts'
import { HeadMoved } from './aggregate/head-check.ts'
import { recover } from './aggregate/recovering.ts'
import { backoffDelay } from './backoff.ts'
import { logged } from './environment.ts'
import {
  type ActorKind,
  type ActorParent,
  type ActorReference,
  type Supervision,
  stopActor,
  tell,
} from './nact.ts'
import type { RunQueue } from './run-queue.ts'

/**
 * How long an aggregate keeps its nact actor, which is what recovers and restarts it (its turns are those of the
 * shard's run queue).
 * - `kept`: as long as it lives; about 1 KB of heap for each.
 * - `onDemand`: while it recovers; spawned again for a restart.
 */
export type ActorRetention = 'kept' | 'onDemand'

/**
 * The supervisor of one shard: an inert nact actor, the parent of the shard's aggregate actors, and the policy for
 * their restarts. An actor "crashes" with a proven conflict or a moved head; the policy waits with jitter,
 * rehydrates it from its last durable state plus the tail, and lets nact reset it. The aggregate's own mailbox lives
 * outside of nact, so that no command is lost by that.
 */
export class Supervisor {
  readonly #parent: ActorParent
  readonly #retention: ActorRetention
  readonly turns: RunQueue
  #spawned = 0

  constructor(parent: ActorParent, turns: RunQueue, retention: ActorRetention) {
    this.#parent = parent
    this.turns = turns
    this.#retention = retention
  }

  /** Lets the aggregate recover from its stream. */
  start(actor: AggregateActor): void {
    tell(this.#nactActorOf(actor), { kind: 'start', actor })
  }

  /** Lets the aggregate crash with this cause, and restarts it. */
  restart(actor: AggregateActor, cause: Error): void {
    tell(this.#nactActorOf(actor), { kind: 'restart', actor, cause })
  }

  /** Its nact actor ends. */
  dismiss(actor: AggregateActor): void {
    const { reference } = actor
    actor.reference = undefined
    if (reference !== undefined) stopActor(reference)
  }

  /** It has recovered. Where that is all its nact actor is kept for, it goes, unless another restart waits in it. */
  recovered(actor: AggregateActor): Supervision {
    if (this.#retention === 'kept' || actor.phase === 'recovering') return 'restart'
    this.dismiss(actor)
    return 'stop'
  }

  #nactActorOf(actor: AggregateActor): ActorReference<AggregateMessage> {
    // Named by a count: an id may hold what nact's names cannot.
    actor.reference ??= this.#parent.spawn(`aggregate-${++this.#spawned}`, aggregateActors, actor)
    return actor.reference
  }
}

const aggregateActors: ActorKind<AggregateActor, AggregateMessage> = {
  async receive(actor, message) {
    if (message.kind === 'restart') throw message.cause
    await recover(actor)
    actor.supervisor.recovered(actor)
  },
  supervise: (error, { actor }) => superviseRestart(actor, error),
}

async function superviseRestart(actor: AggregateActor, cause: unknown): Promise<Supervision> {
  const { inspection, runtime, debug, logger, lifetime } = actor.environment
  if (debug) logger.debug({ ...logged(actor.address), err: cause }, 'an aggregate restarts')
  if (inspection.activeForTrouble) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    inspection.emitTrouble({ kind: 'restarting', at: runtime.clock.now(), ...actor.address, cause: reason })
  }
  const delayMs = restartDelay(actor, cause)
  if (delayMs > 0) await lifetime.sleep(delayMs)
  await recover(actor)
  return actor.supervisor.recovered(actor)
}

/** The first restart comes at once; one that found nothing new, or lost again, waits longer each time. */
function restartDelay(actor: AggregateActor, cause: unknown): number {
  const { runtime, settings } = actor.environment
  if (cause instanceof ConflictProven) {
    return cause.attempts > 1 ? backoffDelay(runtime, settings.conflictBackoff, cause.attempts - 1) : 0
  }
  if (!(cause instanceof HeadMoved)) return 0
  actor.storeAttempts++
  return actor.storeAttempts > 1 ? backoffDelay(runtime, settings.storeBackoff, actor.storeAttempts - 1) : 0
}
