import type { Aggregate, StateOf } from '../../src/aggregate/aggregate-type.ts'
import type { CommandOrigin, RecordedEvent } from '../../src/event/recorded-event.ts'
import { shown } from '../shown.ts'
import { commandPages, type Past, type Standing, troubleOf } from './past.ts'
import { standingAt } from './state-at.ts'

/** One stored event, and what it did. */
export interface HistoryStep<A extends Aggregate = Aggregate> {
  readonly event: RecordedEvent
  readonly before: StateOf<A>
  readonly after: StateOf<A>
  /**
   * The command that caused it, as the event's metadata holds it. `undefined`: somebody else than Reenact wrote the
   * event. Steps with one `commandId` were decided and stored together.
   */
  readonly command: CommandOrigin | undefined
}

/** Which part of a history. */
export interface HistoryOptions {
  /** The first revision, inclusive. Default: 0. */
  readonly from?: number
  /** At most so many steps. Default: all that are stored now. */
  readonly limit?: number
}

/** @throws RangeError for options that cannot be. */
export function checkHistoryOptions({ from = 0, limit = Number.POSITIVE_INFINITY }: HistoryOptions): void {
  if (!Number.isSafeInteger(from) || from < 0) {
    throw new RangeError(`from must be a whole number of at least 0, not ${String(from)}.`)
  }
  if (limit !== Number.POSITIVE_INFINITY && (!Number.isSafeInteger(limit) || limit < 0)) {
    throw new RangeError(`limit must be a whole number of at least 0, not ${String(limit)}.`)
  }
}

/** The steps of an aggregate's life, as they are pulled; see `System.history`. */
export async function* historyOf<A extends Aggregate>(
  past: Past,
  { from = 0, limit = Number.POSITIVE_INFINITY }: HistoryOptions,
): AsyncGenerator<HistoryStep<A>, void, undefined> {
  if (limit === 0) return
  try {
    let left = limit
    let standing = await standingAt(past, from - 1)
    for await (const commands of commandPages(past, standing.revision + 1)) {
      for (const command of commands) {
        // All states of a command come first: where one event does not fit, none of its events is shown.
        const standings = standingsAfter(past, standing, command)
        for (const [index, event] of command.entries()) {
          const before = standing
          standing = standings[index] as Standing
          if (event.revision < from) continue
          yield stepOf<A>(past, event, before, standing)
          if (--left === 0) return
        }
      }
    }
  } catch (error) {
    throw troubleOf(past, error)
  }
}

function standingsAfter(
  { behaviour }: Past,
  standing: Standing,
  command: readonly RecordedEvent[],
): readonly Standing[] {
  let { state } = standing
  return command.map((event) => {
    state = behaviour.replay(state, event)
    return { revision: event.revision, state }
  })
}

function stepOf<A extends Aggregate>(
  { behaviour }: Past,
  event: RecordedEvent,
  before: Standing,
  after: Standing,
): HistoryStep<A> {
  return {
    event,
    before: shown<A>(behaviour, before.state, before.revision),
    after: shown<A>(behaviour, after.state, after.revision),
    command: event.origin,
  }
}
