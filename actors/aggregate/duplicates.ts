import { CommandIdReused } from '../../src/errors.ts'
import type { RecordedEvent } from '../../src/event/recorded-event.ts'
import type { Outcome } from '../../src/outcome.ts'
import { backoffDelay } from '../backoff.ts'
import type { Entry } from '../entry.ts'
import type { AggregateActor } from './aggregate-actor.ts'
import { leaveAtOnce } from './answers.ts'
import { HeadMoved } from './head-check.ts'
import { restart } from './restart.ts'

/**
 * The fingerprint of a command was found among the remembered ones: reads what is stored there. If it is the same
 * command, its caller gets the stored events of the first run (PROTOCOL rule 9); if only the fingerprints are alike,
 * the command is decided. Nothing else is decided meanwhile, so that commands keep their order.
 */
export function searchCommand(actor: AggregateActor, entry: Entry, revisions: readonly number[]): void {
  actor.searching = true
  void search(actor, entry, revisions)
}

async function search(actor: AggregateActor, entry: Entry, revisions: readonly number[]): Promise<void> {
  const { epoch } = actor
  const { commandId } = entry
  const isOutdated = (): boolean => actor.epoch !== epoch || actor.environment.lifetime.stopped
  for (const revision of revisions) {
    const events = await readCommand(actor, revision, isOutdated)
    if (isOutdated()) return
    if (events?.[0]?.origin?.commandId === commandId) {
      endSearch(actor, entry, events)
      return
    }
  }
  endSearch(actor, entry, undefined)
}

function endSearch(actor: AggregateActor, entry: Entry, events: readonly RecordedEvent[] | undefined): void {
  actor.searching = false
  entry.searchedIn = actor.epoch
  if (events !== undefined && entry.stage === 'undecided')
    leaveAtOnce(actor, entry, firstOutcome(actor, entry, events))
  actor.turns.schedule(actor)
}

function firstOutcome(
  actor: AggregateActor,
  entry: Entry,
  events: readonly RecordedEvent[],
): Outcome | Error {
  const { commandId, command } = entry
  const first = events[0] as RecordedEvent
  const firstType = first.origin?.commandType
  if (firstType !== undefined && firstType !== command.type) {
    return new CommandIdReused(actor.address, commandId, command.type, firstType)
  }
  const revision = first.revision + events.length - 1
  try {
    const messages = events.flatMap((event) => actor.behaviour.decode(event))
    return { status: 'accepted', commandId, revision, events: messages, duplicate: true }
  } catch (error) {
    return error as Error
  }
}

/** The whole command whose first event stands at this revision; reads until the store answers. */
async function readCommand(
  actor: AggregateActor,
  revision: number,
  isOutdated: () => boolean,
): Promise<readonly RecordedEvent[] | undefined> {
  const { runtime, settings, logger, lifetime } = actor.environment
  const since = runtime.clock.now()
  for (let attempt = 1; !isOutdated(); attempt++) {
    try {
      return await readEvents(actor, revision)
    } catch (error) {
      if (isOutdated()) return undefined
      const isBehind = error instanceof NothingFound && runtime.clock.now() - since >= settings.storeBehindMs
      if (isBehind && actor.inFlight === undefined) {
        // The recovery has a name for a store that lost what it acknowledged.
        restart(actor, new HeadMoved(error.message))
        return undefined
      }
      const delayMs = backoffDelay(runtime, settings.storeBackoff, attempt)
      logger.debug(
        { stream: actor.stream, err: error, delayMs },
        'a remembered command could not be read; trying again',
      )
      await lifetime.sleep(delayMs)
    }
  }
  return undefined
}

/** A read that lags behind what is known to be stored proves nothing. */
class NothingFound extends Error {}

async function readEvents(actor: AggregateActor, revision: number): Promise<readonly RecordedEvent[]> {
  const { store } = actor.environment
  const events: RecordedEvent[] = []
  for (let count = 1; events.length < count; count = events[0]?.origin?.count ?? 1) {
    const from = revision + events.length
    for await (const page of store.readStream(actor.stream, { from, limit: count - events.length })) {
      events.push(...page)
    }
    if (events[from - revision]?.revision === from) continue
    throw new NothingFound(`Nothing was found at revision ${from} of ${actor.stream}.`)
  }
  return events
}
