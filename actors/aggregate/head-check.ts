import { backoffDelay } from '../backoff.ts'
import type { AggregateActor, Durable, HeadCheck } from './aggregate-actor.ts'
import { releaseAnswers } from './answers.ts'
import { passivateIfIdle } from './passivated.ts'
import { restart } from './restart.ts'

/**
 * Asks the store whether our durable revision is still the head, one question for all answers that wait for it. A
 * question that was asked before a command arrived says nothing about that command: then another one follows.
 */
export function checkHead(actor: AggregateActor): void {
  if (actor.headCheck !== undefined) return
  const { environment } = actor
  const check: HeadCheck = { revision: (actor.durable as Durable).revision, askedAt: environment.instant() }
  actor.headCheck = check
  environment.store.checkHead(actor.stream, check.revision).then(
    (isHead) => answered(actor, check, isHead),
    (error: unknown) => unanswered(actor, check, error),
  )
}

function answered(actor: AggregateActor, check: HeadCheck, isHead: boolean): void {
  // A rewind in between dropped the question together with the answers that waited for it.
  if (actor.headCheck !== check) return
  actor.headCheck = undefined
  if (isHead) {
    actor.storeAttempts = 0
    confirm(actor, check.revision, check.revision, check.askedAt)
    releaseAnswers(actor)
    if (actor.leaving) passivateIfIdle(actor)
    return
  }
  // Our own append moved the head, or is about to: its verdict confirms or refutes what waits.
  if (actor.inFlight !== undefined || (actor.durable as Durable).revision !== check.revision) {
    releaseAnswers(actor)
    return
  }
  restart(
    actor,
    new HeadMoved(`Another writer has written after revision ${check.revision} of ${actor.stream}.`),
  )
}

async function unanswered(actor: AggregateActor, check: HeadCheck, error: unknown): Promise<void> {
  const { runtime, settings, lifetime, logger } = actor.environment
  actor.storeAttempts++
  const delayMs = backoffDelay(runtime, settings.storeBackoff, actor.storeAttempts)
  logger.debug({ stream: actor.stream, err: error, delayMs }, 'the head could not be checked; asking again')
  await lifetime.sleep(delayMs)
  if (actor.headCheck !== check || lifetime.stopped) return
  actor.headCheck = undefined
  if (actor.phase === 'running') releaseAnswers(actor)
}

/** Changes the confirmation in its place: each append brings one. */
export function confirm(actor: AggregateActor, low: number, high: number, askedAt: number): void {
  const { confirmation } = actor
  if (confirmation === undefined) {
    actor.confirmation = { low, high, askedAt }
    return
  }
  confirmation.low = low
  confirmation.high = high
  confirmation.askedAt = askedAt
}

/** The store has events that this process has not seen. */
export class HeadMoved extends Error {
  override readonly name = 'HeadMoved'
}
