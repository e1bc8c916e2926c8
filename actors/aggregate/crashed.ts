import { MachineFault } from '../../src/errors.ts'
import { logged } from '../environment.ts'
import type { AggregateActor } from './aggregate-actor.ts'
import { restart } from './restart.ts'

/**
 * A turn threw, which no machine can cause (what it throws is an outcome): a bug. The command at which it happened
 * fails, so that it cannot do it again and again, and the aggregate recovers from its stream; if an append is under
 * way, only when that is settled (PROTOCOL rule 18).
 */
export function crashed(actor: AggregateActor, error: unknown): void {
  const cause = error instanceof Error ? error : new Error(String(error))
  const { logger } = actor.environment
  logger.error({ ...logged(actor.address), err: cause }, 'an aggregate crashed in its turn and restarts')
  if (actor.phase !== 'running') return
  const guilty = actor.mailbox.nextUndecided
  if (guilty !== undefined && guilty.stage !== 'gone') {
    const { type } = guilty.command
    guilty.error = new MachineFault(actor.address, type, 'runtime', `${cause.message}.`, cause)
  }
  if (actor.inFlight === undefined) restart(actor, cause)
  else actor.phase = 'crashed'
}

/** The append that was under way at a crash is settled. */
export function recoverAfterCrash(actor: AggregateActor): void {
  restart(actor, new Error('A turn of this aggregate threw; see the log.'))
}
