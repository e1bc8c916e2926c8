import { ConflictRetriesExhausted } from '../../src/errors.ts'
import { logged } from '../environment.ts'
import type { AggregateActor } from './aggregate-actor.ts'
import type { InFlight } from './in-flight.ts'
import { restart } from './restart.ts'

/** Another writer filled the slot: what was decided for it was decided on an old state. */
export class ConflictProven extends Error {
  override readonly name = 'ConflictProven'
  /** How often the unluckiest command of the append has lost. */
  readonly attempts: number
  constructor(stream: string, revision: number, attempts: number) {
    super(`Another writer wrote revision ${revision} of ${stream}.`)
    this.attempts = attempts
  }
}

/**
 * The slot holds an event of another: the append is dead for ever (PROTOCOL rule 4). Its commands are decided again
 * on the state that the other writer left, but for those that have lost too often.
 */
export function conflictProven(actor: AggregateActor, inFlight: InFlight): void {
  const { environment } = actor
  const { settings, logger, inspection, runtime } = environment
  const slot = inFlight.append.expectedRevision + 1
  inFlight.settled = true
  actor.seenRevision = Math.max(actor.seenRevision, slot)
  let attempts = 0
  for (const entry of inFlight.entries) {
    entry.conflicts++
    attempts = Math.max(attempts, entry.conflicts)
    if (entry.conflicts <= settings.maxConflictRetries) continue
    const { commandId, command } = entry
    entry.error = new ConflictRetriesExhausted(actor.address, commandId, entry.conflicts)
    logger.error(
      { ...logged(actor.address), commandId, command, attempts: entry.conflicts },
      'a command lost against other writers too often and was given up; it has no effect',
    )
  }
  const commands = inFlight.entries.length
  logger.info(
    { ...logged(actor.address), revision: slot, commands, attempts },
    'another writer won a revision; the aggregate restarts and decides again',
  )
  if (inspection.activeForTrouble) {
    inspection.emitTrouble({
      kind: 'conflict',
      at: runtime.clock.now(),
      ...actor.address,
      revision: slot,
      commands,
    })
  }
  restart(actor, new ConflictProven(actor.stream, slot, attempts))
}
