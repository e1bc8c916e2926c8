import { blocked, emissionOf, emissionOfOne, unhandled } from '../emission.ts'
import type { Emission } from '../kernel.ts'
import type { Message } from '../message.ts'
import type { LiveState } from './live-state.ts'
import type { Program } from './program.ts'
import { allEnabled, type Choice, firstEnabled, hasCandidates } from './selector.ts'

/**
 * What a machine says to a command.
 * @returns undefined where the command does more than emit: what comes of that is for xstate to say.
 */
export function answerOf(program: Program, state: LiveState, command: Message): Emission | undefined {
  const { configuration, context } = state
  const selector = program.selector(configuration, command.type)
  let emission: Emission | undefined
  if (selector.branches.length === 0) {
    const choice = firstEnabled(selector.choices, configuration, context, command)
    if (choice === undefined) return hasCandidates(selector) ? blocked : unhandled
    emission = answerOfOne(choice, context, command)
  } else {
    const choices = allEnabled(selector, configuration, context, command)
    if (choices.length === 0) return blocked
    emission = answerOfAll(choices, context, command)
  }
  if (emission === undefined || configuration.always?.length === 0) return emission
  // xstate asks for always after every command, with that command as its event.
  return program.enabledAlways(configuration, context, command).length === 0 ? emission : undefined
}

/** One transition with one emit is what nearly all commands are. */
function answerOfOne(choice: Choice, context: unknown, command: Message): Emission | undefined {
  const emit = choice.emits?.[0]
  if (emit === undefined || choice.emits?.length !== 1) return answerOfAll([choice], context, command)
  return emissionOfOne(emit(context, command))
}

function answerOfAll(choices: readonly Choice[], context: unknown, command: Message): Emission | undefined {
  const events: unknown[] = []
  for (const { emits } of choices) {
    if (emits === undefined) return undefined
    for (const emit of emits) events.push(emit(context, command))
  }
  return emissionOf(events)
}
