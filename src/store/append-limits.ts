import { EventTooLarge } from '../errors.ts'
import { maxEventsOfAppend } from '../event/event-id.ts'
import { categoryOf, idOf } from '../event/stream-name.ts'
import type { Append } from './event-store.ts'

/**
 * The most bytes that the stores on this machine take in one append. Neither needs a limit of its own; this one
 * keeps a single append from stalling all others, and a page of a read in bounds.
 */
export const localMaxAppendBytes = 16 * 1024 * 1024

/** How many events an append holds. (By number, here and below: an iterator costs more than what it leads to.) */
export function eventsIn({ commands }: Append): number {
  let events = 0
  for (let nth = 0; nth < commands.length; nth++) events += commands[nth]!.events.length
  return events
}

/** UTF-16 units of its payloads. */
export function charactersIn({ commands }: Append): number {
  let characters = 0
  for (let nth = 0; nth < commands.length; nth++) {
    const { events } = commands[nth]!
    for (let index = 0; index < events.length; index++) characters += events[index]!.json.length
  }
  return characters
}

/**
 * @param events how many the append holds, `characters` how many its payloads have.
 * @returns why an append is refused that is beyond a limit, `undefined` for any other.
 */
export function refusalOf(
  append: Append,
  events: number,
  characters: number,
  maxBytes: number,
): Error | undefined {
  if (events === 0 || events > maxEventsOfAppend) {
    return new RangeError(
      `The append '${append.id}' to '${append.stream}' holds ${events} events; one append holds 1 to ${maxEventsOfAppend}.`,
    )
  }
  // UTF-8 takes at most three bytes for each unit, so most appends need not be measured.
  if (characters * 3 <= maxBytes) return undefined
  const bytes = bytesOf(append)
  if (bytes <= maxBytes) return undefined
  const at = { aggregate: categoryOf(append.stream), id: idOf(append.stream) }
  return new EventTooLarge(at, append.commands.at(-1)!.origin.commandType, bytes, maxBytes)
}

/** Why an append is refused whose texts would not be read as they were written. */
export function unreadableText(append: Append): Error {
  return new RangeError(
    `The append '${append.id}' to '${append.stream}' holds half of a character (a lone surrogate) in an id, a type or a payload, which UTF-8 cannot hold. Use whole characters.`,
  )
}

/** Why an append is refused whose metadata JSON cannot hold. */
export function unwritableMetadata(append: Append, cause: unknown): Error {
  return new TypeError(
    `The metadata of a command of the append '${append.id}' to '${append.stream}' cannot be written as JSON.`,
    { cause },
  )
}

function bytesOf({ commands }: Append): number {
  let bytes = 0
  for (const { events } of commands) for (const { json } of events) bytes += Buffer.byteLength(json)
  return bytes
}
