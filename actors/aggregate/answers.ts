import type { DecidedEvent } from '../../src/behaviour.ts'
import { CommandTimeout } from '../../src/errors.ts'
import type { Message } from '../../src/machine/message.ts'
import type { Accepted, Outcome } from '../../src/outcome.ts'
import { plainConstructor, youngArrayOf } from '../../src/young.ts'
import type { Asker, Entry } from '../entry.ts'
import type { AggregateActor, Durable } from './aggregate-actor.ts'
import { checkHead } from './head-check.ts'
import { passivateIfIdle } from './passivated.ts'

/**
 * Lets the answers leave that may: in the order of the mailbox, when all earlier events are durable, and a rejection
 * (or an acceptance without events) when its revision was confirmed as the head after the command arrived
 * (PROTOCOL rule 10). What else would tell a caller of a state that a conflict then takes back.
 */
export function releaseAnswers(actor: AggregateActor): void {
  const durable = actor.durable as Durable
  for (;;) {
    const entry = actor.mailbox.nextUnanswered
    if (entry === undefined) return
    if (entry.stage !== 'gone') {
      if (entry.revision > durable.revision) return
      if (entry.stage === 'unconfirmed' && !isConfirmed(actor, entry)) {
        // The success of an append that is still to be sent would confirm it, too, without a question.
        if (actor.pending.length === 0 && actor.inFlight === undefined) checkHead(actor)
        return
      }
      answer(actor, entry)
    }
    actor.mailbox.commit()
  }
}

function isConfirmed(actor: AggregateActor, entry: Entry): boolean {
  const confirmation = actor.confirmation
  return (
    confirmation !== undefined &&
    confirmation.askedAt > entry.arrival &&
    confirmation.low <= entry.revision &&
    entry.revision <= confirmation.high
  )
}

function answer(actor: AggregateActor, entry: Entry): void {
  const outcome = outcomeOf(entry)
  if (outcome instanceof Error) fail(actor, entry, outcome)
  else settle(actor, entry, outcome)
}

/** One event is what nearly all commands leave, and `map` costs more than all the rest of an answer. */
function messagesOf(events: readonly DecidedEvent[]): readonly Message[] {
  return events.length === 1 ? youngArrayOf(events[0]!.message) : events.map((event) => event.message)
}

const AcceptedOutcome = plainConstructor<
  Accepted,
  [commandId: string, revision: number, events: readonly Message[]]
>(function (commandId, revision, events) {
  this.status = 'accepted'
  this.commandId = commandId
  this.revision = revision
  this.events = events
  this.duplicate = false
})

function outcomeOf(entry: Entry): Outcome | Error {
  if (entry.stage === 'follows') {
    const first = outcomeOf(entry.first as Entry) as Accepted
    return { ...first, duplicate: true }
  }
  const { decision, revision, commandId } = entry
  if (entry.stage === 'failed' || decision === undefined) {
    return entry.error ?? new Error(`The command '${commandId}' was answered before it was decided.`)
  }
  switch (decision.status) {
    case 'accepted':
      return new AcceptedOutcome(commandId, revision, messagesOf(decision.events))
    case 'rejected': {
      const { code, message, details } = decision
      return details === undefined
        ? { status: 'rejected', commandId, revision, code, message }
        : { status: 'rejected', commandId, revision, code, message, details }
    }
    case 'faulted':
      return decision.error
  }
}

/**
 * The entry ends with this outcome; the mailbox passes over it when its place comes. It has left before an inspector
 * hears of it, who may ask the same again.
 */
export function settle(actor: AggregateActor, entry: Entry, outcome: Outcome): void {
  const { environment } = actor
  if (entry.asker !== undefined) resolve(actor, entry.asker, outcome)
  if (entry.moreAskers !== undefined) for (const asker of entry.moreAskers) resolve(actor, asker, outcome)
  leave(actor, entry)
  if (environment.inspection.active) {
    const at = environment.runtime.clock.now()
    const elapsedMs = at - (entry.asker?.askedAt ?? at)
    const { commandId } = entry
    // Key by key: spreading the address into it doubled what a listener costs.
    environment.inspection.emit({
      kind: 'commandAnswered',
      at,
      aggregate: actor.behaviour.name,
      id: actor.id,
      commandId,
      outcome,
      elapsedMs,
    })
  }
}

/** The entry ends with this error. */
export function fail(actor: AggregateActor, entry: Entry, error: Error): void {
  if (entry.asker !== undefined) reject(actor, entry.asker, error)
  if (entry.moreAskers !== undefined) for (const asker of entry.moreAskers) reject(actor, asker, error)
  leave(actor, entry)
  reportFailure(actor, entry, error)
}

function reportFailure(actor: AggregateActor, entry: Entry, error: Error): void {
  const { environment } = actor
  if (!environment.inspection.activeForTrouble) return
  const at = environment.runtime.clock.now()
  const elapsedMs = at - (entry.asker?.askedAt ?? at)
  const { commandId } = entry
  environment.inspection.emitTrouble({
    kind: 'commandFailed',
    at,
    aggregate: actor.behaviour.name,
    id: actor.id,
    commandId,
    error,
    elapsedMs,
  })
}

/** Duplicates, reused ids and given-up commands leave before their turn: nothing can take them back. */
export function leaveAtOnce(actor: AggregateActor, entry: Entry, answered: Outcome | Error): void {
  if (answered instanceof Error) fail(actor, entry, answered)
  else settle(actor, entry, answered)
  entry.stage = 'gone'
}

function resolve(actor: AggregateActor, asker: Asker, outcome: Outcome): void {
  if (asker.settled) return
  asker.settled = true
  actor.environment.timeouts.remove(asker)
  asker.resolve(outcome)
}

function reject(actor: AggregateActor, asker: Asker, error: Error): void {
  if (asker.settled) return
  asker.settled = true
  actor.environment.timeouts.remove(asker)
  asker.reject(error)
}

/** Takes the entry out of all counts. Its place in the mailbox is freed when `committed` passes it. */
function leave(actor: AggregateActor, entry: Entry): void {
  const { outstanding } = actor.environment
  actor.mailbox.leave(entry)
  actor.mailboxBytes -= entry.bytes
  outstanding.bytes -= entry.bytes
  if (entry.moreAskers !== undefined) outstanding.joined -= entry.moreAskers.size
  outstanding.commands--
  if (outstanding.commands === 0) outstanding.whenNone?.()
}

/**
 * A caller's time ran out. That settles the caller, not the command (PROTOCOL rule 15): a decided command goes on;
 * one that is undecided and has no other caller is dropped and never decided, which makes `executed: 'no'` true.
 */
export function timeOut(actor: AggregateActor, entry: Entry, asker: Asker): void {
  if (asker.settled) return
  asker.settled = true
  entry.keepers--
  forget(actor, entry, asker)
  const { commandId } = entry
  const error = new CommandTimeout(actor.address, commandId, asker.timeoutMs, entry.executedForOthers)
  asker.reject(error)
  if (entry.keepers > 0) return
  if (entry.stage === 'undecided') {
    leave(actor, entry)
    entry.stage = 'gone'
    actor.givenUp++
  }
  reportFailure(actor, entry, error)
  if (actor.leaving) passivateIfIdle(actor)
}

/** A caller went away: that ends the waiting, not the command. */
export function goAway(actor: AggregateActor, entry: Entry, asker: Asker, reason: Error): void {
  if (asker.settled) return
  asker.settled = true
  actor.environment.timeouts.remove(asker)
  forget(actor, entry, asker)
  asker.reject(reason)
}

/** One who asks the same again and again while nothing answers must not pile up. */
function forget(actor: AggregateActor, entry: Entry, asker: Asker): void {
  if (entry.moreAskers?.delete(asker) === true) actor.environment.outstanding.joined--
}

/** A rewound command for which nobody waits any more: it is never decided again (PROTOCOL rule 8). */
export function abandon(actor: AggregateActor, entry: Entry): void {
  leave(actor, entry)
  entry.stage = 'gone'
}
