import { CommandIdReused } from '../../src/errors.ts'
import { maxEventsOfAppend } from '../../src/event/event-id.ts'
import { youngArrayOf } from '../../src/young.ts'
import type { Entry } from '../entry.ts'
import type { AggregateActor, Durable } from './aggregate-actor.ts'
import { leaveAtOnce, releaseAnswers } from './answers.ts'
import { searchCommand } from './duplicates.ts'
import { passivateIfIdle } from './passivated.ts'

/**
 * Running: decides what waits in the mailbox, in order, each command on the state that the ones before it left, and
 * hands the events to the event writer without waiting for any I/O.
 * @returns how many commands it decided.
 */
export function takeTurn(actor: AggregateActor, budget: number): number {
  if (actor.phase !== 'running' || actor.environment.lifetime.stopped) return 0
  let decided = 0
  while (decided < budget) {
    const entry = actor.mailbox.nextUndecided
    if (entry === undefined || actor.searching || isFarAhead(actor)) break
    if (!decideEntry(actor, entry)) break
    actor.mailbox.consume()
    decided++
  }
  if (actor.pending.length > 0 && actor.inFlight === undefined) actor.writer.enqueue(actor)
  releaseAnswers(actor)
  // Whoever asks one that is to leave has called that off.
  if (decided > 0 && !actor.leaving) actor.environment.registry.used(actor, actor.turns.startedAt)
  if (actor.mailbox.undecided > 0 && decided === budget) actor.turns.schedule(actor)
  else if (actor.leaving) passivateIfIdle(actor)
  return decided
}

function isFarAhead(actor: AggregateActor): boolean {
  const { aheadCommands, aheadBytes } = actor.environment.settings
  const inFlight = actor.inFlight
  return (
    actor.pending.length + (inFlight?.entries.length ?? 0) >= aheadCommands ||
    actor.pendingBytes + (inFlight?.bytes ?? 0) >= aheadBytes
  )
}

/**
 * PROTOCOL rule 8, in its order: a duplicate? the caller's expected revision? then the machine.
 * @returns false where the entry must wait for a read of the store.
 */
function decideEntry(actor: AggregateActor, entry: Entry): boolean {
  if (entry.stage === 'gone') return true
  if (entry.error !== undefined) {
    entry.stage = 'failed'
    entry.revision = actor.liveRevision
    return true
  }
  if (entry.searchedIn !== actor.epoch) {
    const { window } = actor.durable as Durable
    const revisions = window.find(entry.fingerprint)
    if (revisions.length > 0) {
      searchCommand(actor, entry, revisions)
      return false
    }
  }
  const before = entry.acceptedBefore
  if (before !== undefined) follow(actor, entry, before)
  else decideOnMachine(actor, entry)
  return true
}

function follow(actor: AggregateActor, entry: Entry, before: Entry): void {
  if (before.command.type === entry.command.type) {
    entry.stage = 'follows'
    entry.first = before
    entry.revision = before.revision
    return
  }
  const { commandId, command } = entry
  leaveAtOnce(actor, entry, new CommandIdReused(actor.address, commandId, command.type, before.command.type))
}

function decideOnMachine(actor: AggregateActor, entry: Entry): void {
  const { behaviour, environment } = actor
  const { expectedRevision, command } = entry
  if (expectedRevision !== undefined && expectedRevision !== actor.liveRevision) {
    entry.stage = 'unconfirmed'
    entry.revision = actor.liveRevision
    entry.decision = {
      status: 'rejected',
      code: 'StaleRevision',
      message: `expected revision ${expectedRevision}, but the aggregate stands at ${actor.liveRevision}; look at its state and ask again`,
      details: { expectedRevision, revision: actor.liveRevision },
    }
    return
  }
  const state = actor.liveState as NonNullable<AggregateActor['liveState']>
  const decision = behaviour.decide(actor.id, state, command, environment.store.maxAppendBytes)
  entry.decision = decision
  if (decision.status !== 'accepted' || decision.events.length === 0) {
    entry.stage = 'unconfirmed'
    entry.revision = actor.liveRevision
    return
  }
  if (decision.events.length > maxEventsOfAppend) {
    throw new Error(
      `One command made ${decision.events.length} events; an append holds ${maxEventsOfAppend}.`,
    )
  }
  entry.stage = 'accepted'
  actor.liveRevision += decision.events.length
  entry.revision = actor.liveRevision
  actor.liveState = decision.state
  if (actor.pending.length === 0) actor.pending = youngArrayOf(entry)
  else actor.pending.push(entry)
  actor.pendingBytes += decision.bytes
  const { inspection } = environment
  if (inspection.activeForSteps) {
    inspection.emitStep({
      kind: 'commandDecided',
      at: environment.runtime.clock.now(),
      aggregate: actor.behaviour.name,
      id: actor.id,
      commandId: entry.commandId,
      revision: entry.revision,
      events: decision.events.map((event) => event.message),
    })
  }
}
