import { AggregateQuarantined, type QuarantineReason } from '../../src/errors.ts'
import { logged } from '../environment.ts'
import type { AggregateActor } from './aggregate-actor.ts'
import { leaveAtOnce } from './answers.ts'
import { rewind } from './restart.ts'

/**
 * Takes this aggregate alone out of service, loudly: every command for it fails with the reason until someone calls
 * `system.release`. Nothing is lost by it: what is stored stays, and nothing more is decided.
 */
export function quarantine(
  actor: AggregateActor,
  reason: QuarantineReason,
  detail: string,
  cause?: unknown,
): void {
  const { logger, inspection, runtime } = actor.environment
  const error = new AggregateQuarantined(actor.address, reason, detail, cause)
  actor.quarantine = error
  rewind(actor)
  actor.phase = 'quarantined'
  actor.durable = undefined
  actor.liveState = undefined
  actor.partOfCommand = undefined
  logger.error({ ...logged(actor.address), reason, err: error }, 'an aggregate is in quarantine')
  if (inspection.activeForTrouble) {
    inspection.emitTrouble({ kind: 'quarantined', at: runtime.clock.now(), ...actor.address, reason, error })
  }
  refuseAll(actor, error)
}

/** Every waiting command and onlooker gets this error; the mailbox is empty afterwards. */
export function refuseAll(actor: AggregateActor, error: Error): void {
  actor.mailbox.forEach((entry) => {
    if (entry.stage !== 'gone') leaveAtOnce(actor, entry, error)
  })
  while (actor.mailbox.undecided > 0) actor.mailbox.consume()
  while (actor.mailbox.unanswered > 0) actor.mailbox.commit()
  const { onlookers } = actor
  actor.onlookers = undefined
  for (const onlooker of onlookers ?? []) onlooker.reject(error)
}

/** Back into service: it recovers from its stream, from the start. */
export function release(actor: AggregateActor): void {
  if (actor.phase !== 'quarantined') return
  const { logger, inspection, runtime } = actor.environment
  actor.quarantine = undefined
  actor.phase = 'recovering'
  actor.seenRevision = -1
  logger.info(logged(actor.address), 'an aggregate was released from quarantine')
  if (inspection.activeForTrouble)
    inspection.emitTrouble({ kind: 'released', at: runtime.clock.now(), ...actor.address })
  actor.supervisor.start(actor)
}
