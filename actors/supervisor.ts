import type { AggregateActor, AggregateMessage } from './aggregate/aggregate-actor.ts'
import { ConflictProven } from './aggregate/conflict.ts'
import { HeadMoved } from './aggregate/head-check.ts'
import { recover } from './aggregate/recovering.ts'
import { backoffDelay } from './backoff.ts'
import { logged } from './environment.ts'
import { type ActorKind, type ActorParent, type Supervision, tell } from './nact.ts'
import type { RunQueue } from './run-queue.ts'

/**
 * The supervisor of one shard: an inert nact actor, the parent of the shard's aggregate actors, and the policy for
 * their restarts. An actor "crashes" with a proven conflict or a moved head; the policy waits with jitter,
 * rehydrates it from its last durable state plus the tail, and lets nact reset it. The aggregate's own mailbox lives
 * outside of nact, so that no command is lost by that.
 */
export class Supervisor {
  readonly #parent: ActorParent
  readonly turns: RunQueue
  #spawned = 0

  constructor(parent: ActorParent, turns: RunQueue) {
    this.#parent = parent
    this.turns = turns
  }

  /** Gives the aggregate its nact actor, which begins with its recovery. */
  adopt(actor: AggregateActor): void {
    // Named by a count: an id may hold what nact's names cannot.
    actor.reference = this.#parent.spawn(`aggregate-${++this.#spawned}`, aggregateActors, actor)
    tell(actor.reference, { kind: 'start', actor })
  }
}

const aggregateActors: ActorKind<AggregateActor, AggregateMessage> = {
  receive(actor, message) {
    if (message.kind === 'restart') throw message.cause
    return recover(actor)
  },
  supervise: (error, { actor }) => superviseRestart(actor, error),
}

async function superviseRestart(actor: AggregateActor, cause: unknown): Promise<Supervision> {
  const { inspection, runtime, debug, logger, lifetime } = actor.environment
  if (debug) logger.debug({ ...logged(actor.address), err: cause }, 'an aggregate restarts')
  if (inspection.active) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    inspection.emit({ kind: 'restarting', at: runtime.clock.now(), ...actor.address, cause: reason })
  }
  const delayMs = restartDelay(actor, cause)
  if (delayMs > 0) await lifetime.sleep(delayMs)
  await recover(actor)
  return 'restart'
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
