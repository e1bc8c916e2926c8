import type { Message } from '../machine/message.ts'
import type { Given } from './machine-action.ts'

const expectedTypes: unique symbol = Symbol('reenact.expectedTypes')

type Callback = (given: Given<unknown, Message>, params: unknown) => unknown

/**
 * A callback of a machine that is written for some types of event, and says so: the definition checker compares it
 * with the transitions that use it, and where it cannot know the event (on entry, say) the call itself fails.
 */
export function expecting(
  helper: 'on' | 'when',
  types: string | readonly string[],
  callback: Callback,
): Callback {
  const expected: readonly string[] = typeof types === 'string' ? [types] : types
  const [only] = expected
  const checked: Callback =
    expected.length === 1
      ? (given, params) =>
          given.event.type === only ? callback(given, params) : unexpected(helper, expected, given)
      : (given, params) =>
          expected.includes(given.event.type) ? callback(given, params) : unexpected(helper, expected, given)
  return Object.defineProperty(checked, expectedTypes, { value: expected })
}

function unexpected(helper: string, expected: readonly string[], given: Given<unknown, Message>): never {
  throw new TypeError(`${helper}('${expected.join("', '")}', ...) was used on '${given.event.type}'`)
}

/** The types of event that a callback of a machine was written for; `undefined` where it does not say. */
export function expectedTypesOf(callback: object): readonly string[] | undefined {
  return (callback as { readonly [expectedTypes]?: readonly string[] })[expectedTypes]
}
