import { EventTooLarge } from '../errors.ts'
import { maxEventsOfAppend } from '../event/event-id.ts'
import { categoryOf, idOf } from '../event/stream-name.ts'
import type { Append } from './event-store.ts'

/**
 * The most bytes that the stores on this machine take in one append. Neither needs a limit of its own; this one
 * keeps a single append from stalling all others, and a page of a read in bounds.
 */
export const localMaxAppendBytes = 16 * 1024 * 1024

/** @returns why an append is refused that is beyond a limit, `undefined` for any other. */
export function refusalOf(
  append: Append,
  events: number,
  bytes: number,
  maxBytes: number,
): Error | undefined {
  if (bytes > maxBytes) {
    const at = { aggregate: categoryOf(append.stream), id: idOf(append.stream) }
    return new EventTooLarge(at, append.commands.at(-1)?.origin.commandType ?? '', bytes, maxBytes)
  }
  if (events === 0 || events > maxEventsOfAppend) {
    return new RangeError(
      `The append '${append.id}' to '${append.stream}' holds ${events} events; one append holds 1 to ${maxEventsOfAppend}.`,
    )
  }
  return undefined
}
