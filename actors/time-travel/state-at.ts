import type { Aggregate, StateOf } from '../../src/aggregate/aggregate-type.ts'
import { NotInHistory } from '../../src/errors.ts'
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
    const standing = await standingAt(past, revision)
    // It ends below where the revision lies within a command, or where there is no such revision.
    if (standing.revision < revision && (await eventAt(past, revision)) === undefined) {
      throw await beyond(past, revision)
    }
    return shown<A>(past.behaviour, standing.state, standing.revision)
  } catch (error) {
    throw troubleOf(past, error)
  }
}

/** The state after the last whole command that ends at or below a revision. */
export async function standingAt(past: Past, upTo: number): Promise<Standing> {
  const { behaviour } = past
  let { revision, state } = await nearestStanding(past, upTo)
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
