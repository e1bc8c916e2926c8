import type { Acceptance } from '../../src/behaviour.ts'
import { maxEventsOfAppend } from '../../src/event/event-id.ts'
import type { DecidedCommand, Verdict } from '../../src/store/event-store.ts'
import { youngArray } from '../../src/young.ts'
import type { Entry } from '../entry.ts'
import { type AggregateActor, type Durable, nonePending } from './aggregate-actor.ts'
import { releaseAnswers } from './answers.ts'
import { recoverAfterCrash } from './crashed.ts'
import { confirm, HeadMoved } from './head-check.ts'
import { InFlight } from './in-flight.ts'
import { NewAppend, NewCommand } from './new-append.ts'
import { passivateIfIdle } from './passivated.ts'
import { refused } from './refused.ts'
import { restart } from './restart.ts'
import { saveSnapshotIfDue } from './snapshots.ts'
import { becomeUnsettled } from './unsettled.ts'

/**
 * Takes what is decided and not yet on its way as one append at the durable revision (PROTOCOL rule 1): as many whole
 * commands as the store takes in one append. The rest follows when this one is settled.
 * @returns `undefined` where nothing waits (any more).
 */
export function takeAppend(actor: AggregateActor): InFlight | undefined {
  actor.handedOver = false
  const { environment } = actor
  if (actor.pending.length === 0 || actor.inFlight !== undefined) return undefined
  if (actor.phase !== 'running' || environment.lifetime.stopped) return undefined
  const expectedRevision = (actor.durable as Durable).revision
  const entries = takeEntries(actor)
  // Of the right length from the start: a store may keep it, and a growing array has room to spare.
  const commands = youngArray<DecidedCommand>(entries.length)
  let events = 0
  let bytes = 0
  for (let nth = 0; nth < entries.length; nth++) {
    const entry = entries[nth]!
    const decision = acceptanceOf(entry)
    events += decision.events.length
    bytes += decision.bytes
    commands[nth] = new NewCommand(actor, entry, decision.events)
  }
  const id = environment.appendId()
  const append = new NewAppend(id, actor.stream, expectedRevision, commands)
  const inFlight = new InFlight(actor, append, entries, events, bytes, environment.instant())
  actor.inFlight = inFlight
  reportSent(actor, inFlight)
  return inFlight
}

function acceptanceOf({ decision }: Entry): Acceptance {
  if (decision?.status !== 'accepted') throw new Error('Only accepted commands are appended.')
  return decision
}

function takeEntries(actor: AggregateActor): readonly Entry[] {
  // One always fits: a larger one was refused when it was decided.
  if (actor.pending.length === 1) return takeAll(actor)
  const { settings, store } = actor.environment
  const most = actor.oneByOne > 0 ? 1 : settings.appendCommands
  let bytes = 0
  let events = 0
  let taken = 0
  for (const { decision } of actor.pending) {
    if (taken === most || decision?.status !== 'accepted') break
    bytes += decision.bytes
    events += decision.events.length
    if (taken > 0 && (bytes > store.maxAppendBytes || events > maxEventsOfAppend)) break
    taken++
  }
  if (taken === actor.pending.length) return takeAll(actor)
  const entries = actor.pending.splice(0, taken)
  for (const { decision } of entries)
    if (decision?.status === 'accepted') actor.pendingBytes -= decision.bytes
  return entries
}

function takeAll(actor: AggregateActor): readonly Entry[] {
  const entries = actor.pending
  actor.pending = nonePending
  actor.pendingBytes = 0
  return entries
}

export function reportSent(actor: AggregateActor, { append, sends, lastRevision, entries }: InFlight): void {
  const { inspection, runtime } = actor.environment
  if (!inspection.active) return
  inspection.emit({
    kind: 'appendSent',
    at: runtime.clock.now(),
    aggregate: actor.behaviour.name,
    id: actor.id,
    expectedRevision: append.expectedRevision,
    commands: entries.length,
    events: lastRevision - append.expectedRevision,
    send: sends,
  })
}

/**
 * Applies the verdict that waits for the turn of this aggregate, if there is one.
 * @returns about how many commands it was.
 */
export function applyHeard(actor: AggregateActor): number {
  const { heard } = actor
  if (heard === undefined) return 0
  actor.heard = undefined
  applyVerdict(actor, heard.inFlight, heard.verdict)
  return heard.inFlight.entries.length
}

/** A verdict about one send of this append. It is applied to this append or not at all (invariant 7). */
export function applyVerdict(actor: AggregateActor, inFlight: InFlight, verdict: Verdict): void {
  if (inFlight.settled) return
  switch (verdict.status) {
    case 'written':
      if (verdict.revision === inFlight.lastRevision) settleWritten(actor, inFlight)
      else becomeUnsettled(actor, inFlight, `it was reported at revision ${verdict.revision}`)
      return
    case 'conflict':
      becomeUnsettled(actor, inFlight, `the store stands at revision ${verdict.revision}`)
      return
    case 'unknown':
      inFlight.mayBeStored = true
      becomeUnsettled(actor, inFlight, `no answer: ${reasonOf(verdict.cause)}`)
      return
    case 'refused':
      // After an unknown send a refusal speaks of the repeat only (PROTOCOL rule 6).
      if (inFlight.mayBeStored) becomeUnsettled(actor, inFlight, `refused after it may have been stored`)
      else refused(actor, inFlight, verdict.error)
      return
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

/** The append is durable: however its answer came, and however late (PROTOCOL rule 3). */
export function settleWritten(actor: AggregateActor, inFlight: InFlight): void {
  const durable = actor.durable as Durable
  const { append, entries, lastRevision } = inFlight
  inFlight.settled = true
  actor.inFlight = undefined
  actor.storeAttempts = 0
  let revision = append.expectedRevision + 1
  let { state } = durable
  for (let nth = 0; nth < entries.length; nth++) {
    const entry = entries[nth]!
    const decision = acceptanceOf(entry)
    durable.window.remember(entry.fingerprint, revision)
    state = decision.state
    revision += decision.events.length
  }
  durable.state = state
  const { bytes } = durable.window
  if (bytes !== actor.windowBytes) actor.environment.registry.windowChanged(actor, bytes)
  durable.revision = lastRevision
  durable.lastEvent = append.id
  durable.lastIndex = lastRevision - append.expectedRevision - 1
  confirm(actor, append.expectedRevision, lastRevision, inFlight.sentAt)
  if (actor.oneByOne > 0) actor.oneByOne--
  reportWritten(actor, inFlight)
  if (actor.phase === 'crashed') {
    // What is durable is answered before the rewind: decided again it could have a second effect.
    releaseAnswers(actor)
    recoverAfterCrash(actor)
    return
  }
  if (actor.phase === 'unsettled') actor.phase = 'running'
  if (actor.phase !== 'running') return
  // What is decided already goes on its way before anything else is done.
  if (actor.pending.length > 0) actor.writer.enqueue(actor)
  releaseAnswers(actor)
  saveSnapshotIfDue(actor)
  if (actor.seenRevision > durable.revision) {
    // The tail was ahead of this verdict: what is pending would meet a conflict, what is asked an old state.
    const seen = actor.seenRevision
    restart(actor, new HeadMoved(`Revision ${seen} of ${actor.stream} was written by another.`))
    return
  }
  if (actor.mailbox.undecided > 0) actor.turns.schedule(actor)
  else if (actor.leaving) passivateIfIdle(actor)
}

function reportWritten(actor: AggregateActor, { append, lastRevision }: InFlight): void {
  const { inspection, runtime } = actor.environment
  if (!inspection.active) return
  const events = lastRevision - append.expectedRevision
  inspection.emit({
    kind: 'appendWritten',
    at: runtime.clock.now(),
    aggregate: actor.behaviour.name,
    id: actor.id,
    revision: lastRevision,
    events,
  })
}
