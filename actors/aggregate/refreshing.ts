import { StoredEventMisfit } from '../../src/errors.ts'
import type { RecordedEvent } from '../../src/event/recorded-event.ts'
import type { AggregateActor, Durable } from './aggregate-actor.ts'
import { HeadMoved } from './head-check.ts'
import { quarantine } from './quarantined.ts'
import { applyCommand, withEvent } from './replay.ts'
import { restart, rewind } from './restart.ts'
import { settleBy } from './unsettled.ts'

/**
 * The store's tail shows an event of this stream (PROTOCOL rule 14). It meets the durable state only: what is older
 * is ignored, the next revision settles the append under way or is applied, a gap rehydrates.
 */
export function observe(actor: AggregateActor, event: RecordedEvent): void {
  actor.seenRevision = Math.max(actor.seenRevision, event.revision)
  // A recovery reads at least as far as what was seen; the other phases come to it in their own time.
  if (actor.phase !== 'running' && actor.phase !== 'unsettled' && actor.phase !== 'waiting') return
  const durable = actor.durable as Durable
  const next = durable.revision + 1 + (actor.partOfCommand?.length ?? 0)
  if (event.revision < next) return
  if (event.revision > next) {
    if (actor.inFlight === undefined)
      catchUp(actor, `Revision ${event.revision} of ${actor.stream} was written by another.`)
    return
  }
  if (actor.inFlight !== undefined) {
    settleBy(actor, actor.inFlight, event)
    return
  }
  collect(actor, durable, event)
}

/** The gap that showed while an append was under way is caught up by the verdict: conflict, or our own event. */
function catchUp(actor: AggregateActor, reason: string): void {
  actor.partOfCommand = undefined
  restart(actor, new HeadMoved(reason))
}

function collect(actor: AggregateActor, durable: Durable, event: RecordedEvent): void {
  try {
    const command = withEvent(actor, actor.partOfCommand ?? [], event)
    if (command.length < (event.origin?.count ?? 1)) {
      actor.partOfCommand = command
      return
    }
    actor.partOfCommand = undefined
    applyCommand(actor, durable, command)
    refreshed(actor, durable, command.length)
  } catch (error) {
    if (error instanceof StoredEventMisfit) quarantine(actor, 'EventMisfit', error.message, error)
    // Whatever else it is, the recovery has a name for it; thrown from here it would end the tail for all.
    else catchUp(actor, error instanceof Error ? error.message : String(error))
  }
}

/** What was decided and is not on its way yet was decided on a state that is history. */
function refreshed(actor: AggregateActor, durable: Durable, events: number): void {
  rewind(actor)
  const { inspection, runtime } = actor.environment
  if (inspection.active) {
    const { revision } = durable
    inspection.emit({ kind: 'refreshed', at: runtime.clock.now(), ...actor.address, revision, events })
  }
  if (actor.phase === 'running') actor.turns.schedule(actor)
}
