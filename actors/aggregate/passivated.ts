import type { AggregateActor } from './aggregate-actor.ts'

/**
 * Puts the actor away if nothing waits and nothing is under way. Runs in one go with nothing awaited, and the
 * registry forgets the actor before nact stops it: a command that comes now makes a new actor, so there are never
 * two live mailboxes, and no command waits in one that is gone.
 */
export function passivateIfIdle(actor: AggregateActor): void {
  if (actor.phase !== 'running' || !actor.idle) return
  const { inspection, runtime } = actor.environment
  const revision = actor.durable?.revision ?? -1
  discard(actor)
  if (inspection.active) {
    inspection.emit({ kind: 'passivated', at: runtime.clock.now(), ...actor.address, revision })
  }
}

/** The actor ends; only with a mailbox that is empty, or is emptied right after. */
export function discard(actor: AggregateActor): void {
  actor.phase = 'passivated'
  // Callers keep references for long, and those know the actor still: nothing of the aggregate must hang on it.
  actor.durable = undefined
  actor.liveState = undefined
  actor.headCheck = undefined
  actor.environment.registry.remove(actor)
  actor.supervisor.dismiss(actor)
}
