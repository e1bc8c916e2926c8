import { AccessDenied, StoreUnavailable } from '../../src/errors.ts'
import { backoffDelay } from '../backoff.ts'
import { logged } from '../environment.ts'
import type { AggregateActor } from './aggregate-actor.ts'
import { recoverAfterCrash } from './crashed.ts'
import type { InFlight } from './in-flight.ts'
import { rewind } from './restart.ts'

/**
 * The store refused the append and for certain stored nothing (its only send). What the refusal means:
 * - the store cannot be reached: the same commands again after a while, some times;
 * - access denied: asking again does not help, all of them fail;
 * - anything else is about the content of one of the commands: one by one, so that only that one fails.
 */
export function refused(actor: AggregateActor, inFlight: InFlight, error: Error): void {
  const { environment } = actor
  const { settings, logger, inspection, runtime } = environment
  const { expectedRevision } = inFlight.append
  inFlight.settled = true
  if (inspection.activeForTrouble) {
    inspection.emitTrouble({
      kind: 'appendRefused',
      at: runtime.clock.now(),
      ...actor.address,
      expectedRevision,
      error,
    })
  }
  const unreachable = error instanceof StoreUnavailable
  const tryAgain = unreachable && actor.storeAttempts < settings.maxStoreRetries
  const searchGuilty = !unreachable && !(error instanceof AccessDenied) && inFlight.entries.length > 1
  if (searchGuilty) actor.oneByOne = inFlight.entries.length
  else if (!tryAgain) {
    for (const entry of inFlight.entries) entry.error = error
    if (actor.oneByOne > 0) actor.oneByOne--
    actor.storeAttempts = 0
    logger.error(
      { ...logged(actor.address), commands: inFlight.entries.length, err: error },
      'the store refused an append; its commands fail, nothing of them is stored',
    )
  }
  if (actor.phase === 'crashed') {
    recoverAfterCrash(actor)
    return
  }
  rewind(actor)
  if (tryAgain) void waitForStore(actor, error)
  else {
    actor.phase = 'running'
    actor.turns.schedule(actor)
  }
}

async function waitForStore(actor: AggregateActor, error: Error): Promise<void> {
  const { runtime, settings, logger, lifetime } = actor.environment
  actor.phase = 'waiting'
  actor.storeAttempts++
  const delayMs = backoffDelay(runtime, settings.storeBackoff, actor.storeAttempts)
  logger.warn(
    { ...logged(actor.address), attempt: actor.storeAttempts, delayMs, err: error },
    'the store cannot be reached; nothing was sent, trying again',
  )
  await lifetime.sleep(delayMs)
  if (actor.phase !== 'waiting' || lifetime.stopped) return
  actor.phase = 'running'
  actor.turns.schedule(actor)
}
