import { isDeepStrictEqual } from 'node:util'
import type { Behaviour, Decision } from '../../behaviour.ts'
import { InvalidCommand } from '../../errors.ts'
import type { MachineState } from '../../machine/kernel.ts'
import { replayed, storedFormOf } from './history.ts'
import { ScenarioFailure } from './scenario-failure.ts'

/** What an aggregate says to a command: its decision, or that the command does not fit its schema. */
export type Answer = Decision | { readonly status: 'invalid'; readonly error: InvalidCommand }

export function answerOf(behaviour: Behaviour, id: string, state: MachineState, command: unknown): Answer {
  try {
    const answer = behaviour.decide(id, state, behaviour.accept(id, command), Number.POSITIVE_INFINITY)
    if (answer.status === 'accepted') checkReplay(behaviour, id, state, answer)
    return answer
  } catch (error) {
    if (error instanceof InvalidCommand) return { status: 'invalid', error }
    throw error
  }
}

/** The answer as plain data for people to compare. */
export function shown(answer: Answer): object {
  switch (answer.status) {
    case 'accepted':
      return { accepted: answer.events.map(({ message }) => message) }
    case 'rejected': {
      const { code, message, details } = answer
      return { rejected: details === undefined ? { code, message } : { code, message, details } }
    }
    case 'faulted':
      return { faulted: answer.error.message }
    case 'invalid':
      return { invalid: answer.error.issues }
  }
}

/**
 * Every scenario checks on its way what everything else rests on: that a state which was decided live is the one
 * that its stored events give, and the one that a snapshot of it gives.
 */
function checkReplay(
  behaviour: Behaviour,
  id: string,
  before: MachineState,
  decision: Decision & { status: 'accepted' },
): void {
  const stored = decision.events.map((event) => storedFormOf(event, behaviour.schemaVersion))
  const live = behaviour.dump(decision.state)
  const ways = {
    'the replay of its events': behaviour.dump(replayed(behaviour, id, before, stored)),
    'a snapshot of it': behaviour.dump(behaviour.restore(live)),
  }
  for (const [way, dump] of Object.entries(ways)) {
    if (isDeepStrictEqual(dump, live)) continue
    throw new ScenarioFailure(
      `The state of '${behaviour.name}' after the command and ${way} differ. Keep guards and actions pure, and what they store plain JSON.`,
      { actual: dump, expected: live },
    )
  }
}
