import { isEventOf } from '../../src/event/event-id.ts'
import type { RecordedEvent } from '../../src/event/recorded-event.ts'
import type { Verdict } from '../../src/store/event-store.ts'
import { eventAt } from '../../src/store/single-event.ts'
import { backoffDelay } from '../backoff.ts'
import { logged } from '../environment.ts'
import type { AggregateActor, Durable } from './aggregate-actor.ts'
import { applyVerdict, reportSent, settleWritten } from './appends.ts'
import { conflictProven } from './conflict.ts'
import { recoverAfterCrash } from './crashed.ts'
import type { InFlight } from './in-flight.ts'
import { quarantine } from './quarantined.ts'
import { StoreLag } from './store-lag.ts'

/**
 * Whether the append is stored is not known. The one place where that is settled, for every store (PROTOCOL rules 3
 * to 6): only the event in its slot proves anything. An empty slot settles nothing, ever: the append may be committed
 * seconds after it was read as absent (measured: 19 s). So: read the slot, wait, send the very same append, again.
 */
export function becomeUnsettled(actor: AggregateActor, inFlight: InFlight, cause: string): void {
  // A later verdict about the same append: its slot is being watched already.
  if (inFlight.settling) return
  inFlight.settling = true
  if (actor.phase !== 'crashed') actor.phase = 'unsettled'
  const { logger, inspection, runtime } = actor.environment
  const { expectedRevision } = inFlight.append
  logger.debug(
    { ...logged(actor.address), expectedRevision, cause },
    'an append is not settled; reading its slot',
  )
  if (inspection.activeForTrouble) {
    inspection.emitTrouble({
      kind: 'appendUnsettled',
      at: runtime.clock.now(),
      ...actor.address,
      expectedRevision,
      cause,
    })
  }
  void settleByItsSlot(actor, inFlight, cause)
}

async function settleByItsSlot(actor: AggregateActor, inFlight: InFlight, cause: string): Promise<void> {
  const { environment } = actor
  const { runtime, settings, lifetime, logger } = environment
  const since = runtime.clock.now()
  const lag = new StoreLag()
  const isOver = (): boolean => inFlight.settled || lifetime.stopped
  for (let attempt = 1; !isOver(); attempt++) {
    const slot = await readSlot(actor, inFlight, isOver)
    if (isOver()) return
    if (slot !== undefined) {
      settleBy(actor, inFlight, slot)
      return
    }
    if (!(await isStoreBehind(actor))) lag.over()
    else if (lag.seen() >= settings.storeBehindMs) {
      if (!isOver()) storeIsBehind(actor, inFlight)
      return
    }
    if (isOver()) return
    const waitedMs = runtime.clock.now() - since
    const delayMs = backoffDelay(runtime, settings.resendBackoff, attempt)
    const { expectedRevision } = inFlight.append
    logger.warn(
      { ...logged(actor.address), expectedRevision, attempt, waitedMs, delayMs, cause },
      'an append is not settled: its slot is empty; the same append is sent again after a wait',
    )
    await lifetime.sleep(delayMs)
    lag.waited(delayMs)
    if (isOver()) return
    await sendAgain(actor, inFlight)
  }
}

/** Reads the event in the slot of the append until the store answers. */
async function readSlot(
  actor: AggregateActor,
  inFlight: InFlight,
  isOver: () => boolean,
): Promise<RecordedEvent | undefined> {
  const { store, runtime, settings, logger, lifetime } = actor.environment
  for (let attempt = 1; !isOver(); attempt++) {
    try {
      return await eventAt(store, actor.stream, inFlight.append.expectedRevision + 1)
    } catch (error) {
      const delayMs = backoffDelay(runtime, settings.storeBackoff, attempt)
      logger.debug(
        { ...logged(actor.address), err: error, delayMs },
        'a slot could not be read; trying again',
      )
      await lifetime.sleep(delayMs)
    }
  }
  return undefined
}

/** Its own event is in the slot: written. Another one: the append is dead. */
export function settleBy(actor: AggregateActor, inFlight: InFlight, slot: RecordedEvent): void {
  if (isEventOf(inFlight.append.id, slot.id, 0)) settleWritten(actor, inFlight)
  else if (actor.phase === 'crashed') {
    inFlight.settled = true
    actor.seenRevision = Math.max(actor.seenRevision, slot.revision)
    recoverAfterCrash(actor)
  } else conflictProven(actor, inFlight)
}

/** One more send of the same bytes; waits for its verdict or the deadline. */
function sendAgain(actor: AggregateActor, inFlight: InFlight): Promise<void> {
  const { store, settings, lifetime } = actor.environment
  inFlight.sends++
  inFlight.mayBeStored = true
  reportSent(actor, inFlight)
  return new Promise((resolve) => {
    const deadline = lifetime.after(settings.appendTimeoutMs, resolve)
    const settle = (_index: number, verdict: Verdict): void => {
      deadline.cancel()
      applyVerdict(actor, inFlight, verdict)
      resolve()
    }
    try {
      store.append([inFlight.append], settle)
    } catch (cause) {
      settle(0, { status: 'unknown', cause })
    }
  })
}

/** Does the stream end before what this process knows to be durable (a restored back-up)? */
async function isStoreBehind(actor: AggregateActor): Promise<boolean> {
  const { revision } = actor.durable as Durable
  if (revision < 0) return false
  try {
    return (await eventAt(actor.environment.store, actor.stream, revision)) === undefined
  } catch {
    return false
  }
}

function storeIsBehind(actor: AggregateActor, inFlight: InFlight): void {
  inFlight.settled = true
  const { revision } = actor.durable as Durable
  quarantine(
    actor,
    'StoreBehind',
    `Revision ${revision} of ${actor.stream} was acknowledged, and the store no longer has it; was an older back-up restored? Whether the commands under way were executed is not known.`,
  )
}
