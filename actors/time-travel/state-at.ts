import type { Aggregate, StateOf } from '../../src/aggregate/aggregate-type.ts'
import { NotInHistory, StoreUnavailable } from '../../src/errors.ts'
import type { RecordedEvent } from '../../src/event/recorded-event.ts'
import { backoffDelay } from '../backoff.ts'
import { shown } from '../shown.ts'
import { type Moment, revisionAt } from './moment.ts'
import {
  commandPages,
  eventAt,
  lastEvent,
  nearestStanding,
  type Past,
  type Standing,
  troubleOf,
} from './past.ts'

/** The state of an aggregate as of a moment; see `System.at`. */
export async function stateAt<A extends Aggregate>(past: Past, moment: Moment): Promise<StateOf<A>> {
  try {
    const revision = await revisionAt(past, moment)
    const standing = await standingBefore(past, revision)
    return shown<A>(past.behaviour, standing.state, standing.revision)
  } catch (error) {
    throw troubleOf(past, error)
  }
}

/**
 * The state after the last whole command that ends at or below a stored revision. A read may lag: where it ends
 * below, only the event of the revision itself tells whether that lies within the next command.
 */
async function standingBefore(past: Past, revision: number): Promise<Standing> {
  const { runtime, settings, lifetime } = past.environment
  let standing = await standingAt(past, revision)
  for (let attempt = 1; standing.revision < revision; attempt++) {
    const event = await eventAt(past, revision)
    if (event === undefined) throw await beyond(past, revision)
    if (isWithinNextCommand(standing, event)) return standing
    if (attempt > settings.maxStoreRetries) {
      throw new StoreUnavailable(
        `Reads of ${past.stream} lag: one shows revision ${revision}, others end at ${standing.revision}.`,
        'Ask again later.',
      )
    }
    await lifetime.sleep(backoffDelay(runtime, settings.storeBackoff, attempt))
    standing = await standingAt(past, revision, standing)
  }
  return standing
}

function isWithinNextCommand({ revision }: Standing, event: RecordedEvent): boolean {
  const isLast = event.origin === undefined || event.index === event.origin.count - 1
  return !isLast && event.revision - event.index === revision + 1
}

/**
 * The state after the last whole command that ends at or below a revision, as far as the store shows it.
 * @param from where to begin. Default: the nearest snapshot.
 */
export async function standingAt(past: Past, upTo: number, from?: Standing): Promise<Standing> {
  const { behaviour } = past
  let { revision, state } = from ?? (await nearestStanding(past, upTo))
  for await (const commands of commandPages(past, revision + 1, upTo)) {
    for (const command of commands) {
      for (const event of command) state = behaviour.replay(state, event)
      revision += command.length
    }
  }
  return { revision, state }
}

async function beyond(past: Past, revision: number): Promise<NotInHistory> {
  const last = (await lastEvent(past))?.revision ?? -1
  const found = last < 0 ? 'it has no event at all.' : `its last event is at revision ${last}.`
  return new NotInHistory(past.address, `at revision ${revision}`, last, found)
}
