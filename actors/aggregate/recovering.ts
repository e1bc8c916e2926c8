import {
  AccessDenied,
  type QuarantineReason,
  StoredEventMisfit,
  StoreUnavailable,
  StreamDeleted,
} from '../../src/errors.ts'
import { backoffDelay } from '../backoff.ts'
import { logged } from '../environment.ts'
import { CommandWindow } from '../window.ts'
import type { AggregateActor, Durable } from './aggregate-actor.ts'
import { discard } from './passivated.ts'
import { quarantine, refuseAll } from './quarantined.ts'
import { replayTail } from './replay.ts'
import { loadSnapshot, openSnapshot } from './snapshots.ts'
import { StoreLag } from './store-lag.ts'

/**
 * Recovering: brings the durable state to the end of the stream; commands wait in the mailbox. From what this process
 * knows already (a restart), else from a snapshot, else from the start. At most so many aggregates at once; the
 * permit is given back while a read backs off.
 * Never throws. Ends with the actor running, quarantined, or, where the store stays silent, gone with its commands
 * answered `StoreUnavailable`.
 */
export async function recover(actor: AggregateActor): Promise<void> {
  const { recoveries } = actor.environment
  await recoveries.acquire()
  try {
    await recoverWithPermit(actor)
  } catch (error) {
    quarantine(
      actor,
      'EventMisfit',
      `Its recovery failed: ${error instanceof Error ? error.message : error}`,
      error,
    )
  } finally {
    recoveries.release()
  }
}

/** Where a recovery stands, kept over its attempts: a failed read goes on where it stopped. */
interface Recovery {
  durable: Durable
  from: 'memory' | 'snapshot' | 'start'
  snapshotRevision: number
  events: number
}

async function recoverWithPermit(actor: AggregateActor): Promise<void> {
  const { settings, lifetime, logger } = actor.environment
  const lag = new StoreLag()
  let recovery: Recovery | undefined
  for (let attempt = 1; !lifetime.stopped; attempt++) {
    try {
      recovery ??= await beginRecovery(actor)
      const tail = await replayTail(actor, recovery.durable)
      recovery.events += tail.events
      switch (tail.status) {
        case 'complete':
          finish(actor, recovery)
          return
        case 'otherHistory':
        case 'missing':
          if (recovery.from === 'snapshot') {
            // A snapshot proves nothing against the stream; the stream is read from its start.
            recovery = beginAtStart(actor)
            continue
          }
          if (tail.status === 'otherHistory') {
            const { revision } = recovery.durable
            quarantine(
              actor,
              'StoreBehind',
              `Another event stands at revision ${revision} of ${actor.stream} than the one that was acknowledged; was an older back-up restored?`,
            )
            return
          }
      }
      if (lag.seen() >= settings.storeBehindMs) {
        quarantine(
          actor,
          'StoreBehind',
          `Revision ${Math.max(actor.seenRevision, recovery.durable.revision)} of ${actor.stream} was stored, and the store no longer has it; was an older back-up restored?`,
        )
        return
      }
      logger.debug(
        { ...logged(actor.address), attempt },
        'the store lags behind what it acknowledged; reading again',
      )
    } catch (error) {
      const trouble = troubleOf(error)
      if (trouble !== undefined) {
        quarantine(actor, trouble, (error as Error).message, error)
        return
      }
      if (error instanceof AccessDenied || attempt > settings.maxStoreRetries) {
        giveUp(actor, error)
        return
      }
      logger.debug(
        { ...logged(actor.address), attempt, err: error },
        'a stream could not be read; trying again',
      )
    }
    lag.waited(await backOff(actor, attempt))
  }
  refuseAll(
    actor,
    new StoreUnavailable(`The system stopped while ${actor.stream} was being read.`, 'Nothing was sent.'),
  )
}

function troubleOf(error: unknown): QuarantineReason | undefined {
  if (error instanceof StoredEventMisfit) return 'EventMisfit'
  if (error instanceof StreamDeleted || error instanceof StreamDamaged) return 'StreamDamaged'
  return undefined
}

/** The stream itself is not what a stream of an aggregate can be. */
export class StreamDamaged extends Error {
  override readonly name = 'StreamDamaged'
}

async function beginRecovery(actor: AggregateActor): Promise<Recovery> {
  if (actor.durable !== undefined)
    return { durable: actor.durable, from: 'memory', snapshotRevision: -1, events: 0 }
  const stored = await loadSnapshot(actor)
  const durable = stored === undefined ? undefined : openSnapshot(actor, stored)
  return durable === undefined
    ? beginAtStart(actor)
    : { durable, from: 'snapshot', snapshotRevision: durable.revision, events: 0 }
}

function beginAtStart(actor: AggregateActor): Recovery {
  const window = new CommandWindow(actor.environment.settings.windowCommands)
  const state = actor.behaviour.initial(actor.id)
  const durable: Durable = { revision: -1, state, lastEvent: '', lastIndex: -1, window }
  return { durable, from: 'start', snapshotRevision: -1, events: 0 }
}

function finish(actor: AggregateActor, recovery: Recovery): void {
  const { durable, snapshotRevision, events } = recovery
  const { inspection, runtime } = actor.environment
  actor.durable = durable
  actor.liveState = durable.state
  actor.liveRevision = durable.revision
  if (recovery.from !== 'memory') actor.snapshotRevision = snapshotRevision
  actor.environment.registry.windowChanged(actor, durable.window.bytes)
  actor.partOfCommand = undefined
  actor.phase = 'running'
  if (inspection.active) {
    const { revision } = durable
    inspection.emit({
      kind: 'recovered',
      at: runtime.clock.now(),
      ...actor.address,
      revision,
      events,
      snapshotRevision,
    })
  }
  const { onlookers } = actor
  actor.onlookers = undefined
  for (const onlooker of onlookers ?? []) onlooker.resolve()
  actor.turns.schedule(actor)
}

function giveUp(actor: AggregateActor, error: unknown): void {
  const { logger } = actor.environment
  const failure =
    error instanceof AccessDenied
      ? error
      : new StoreUnavailable(
          `The stream ${actor.stream} could not be read: ${error instanceof Error ? error.message : String(error)}`,
          'Nothing was sent. Check that the store runs and can be reached, then ask again.',
          error,
        )
  logger.error(
    { ...logged(actor.address), err: failure },
    'an aggregate could not be recovered; its commands fail',
  )
  // Out of the registry first: who asks again because of the failure must not stand in the mailbox that is emptied.
  discard(actor)
  refuseAll(actor, failure)
}

/** @returns how long it waited. */
async function backOff(actor: AggregateActor, attempt: number): Promise<number> {
  const { runtime, settings, recoveries, lifetime } = actor.environment
  const delayMs = backoffDelay(runtime, settings.storeBackoff, attempt)
  recoveries.release()
  await lifetime.sleep(delayMs)
  await recoveries.acquire()
  return delayMs
}
