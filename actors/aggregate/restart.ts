import { type AggregateActor, nonePending } from './aggregate-actor.ts'
import { abandon } from './answers.ts'

/**
 * Goes back to the durable state: the speculation is dropped, and every unanswered command is undecided again
 * (PROTOCOL rule 7), unless nobody waits for it any more (rule 8).
 * Only when no append is under way, or the one that was is proven dead.
 */
export function rewind(actor: AggregateActor): void {
  actor.epoch++
  actor.searching = false
  actor.headCheck = undefined
  actor.confirmation = undefined
  actor.pending = nonePending
  actor.pendingBytes = 0
  actor.inFlight = undefined
  actor.mailbox.rewind()
  actor.mailbox.forEach((entry) => {
    if (entry.stage === 'undecided' || entry.stage === 'gone') return
    if (entry.keepers > 0) entry.undecide()
    else abandon(actor, entry)
  })
  const { durable } = actor
  if (durable === undefined) return
  actor.liveState = durable.state
  actor.liveRevision = durable.revision
}

/**
 * Rewinds, and lets the supervisor restart the actor by rehydrating it: its nact actor "crashes" with the cause, and
 * the policy of actors/supervisor.ts decides.
 */
export function restart(actor: AggregateActor, cause: Error): void {
  // An answer of the store that comes after the system stopped: there is nothing left that could restart.
  if (actor.environment.lifetime.stopped) return
  rewind(actor)
  actor.phase = 'recovering'
  actor.supervisor.restart(actor, cause)
}
