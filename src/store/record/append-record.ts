import { unreadableText, unwritableMetadata } from '../append-limits.ts'
import type { Append } from '../event-store.ts'
import { type ByteWriter, mostBytesOf } from './byte-writer.ts'
import type { RecordNames } from './name-table.ts'
import { putUint32, putVarint, varintBytes } from './put-number.ts'

/*
 * One append as bytes: all its texts in one piece, because a call into the runtime for each of them costs more than
 * the bytes, then the numbers that say where each begins.
 *
 *   uint32   bytes of the text * 2, + 1 where it is ASCII (then it is read without decoding)
 *   text     stream, append id; for each command its id, correlation, causation, metadata, the JSON of its events
 *   varints  flags, system, events, commands, revision of its first event, length of stream and of id;
 *            for each command: flags, type, events, schema version, length of its id, [of correlation,]
 *            [of causation,] [of metadata,] [system]; for each of its events: type, length of JSON
 *
 * Lengths count UTF-16 units; types and systems are numbers of the names that stand beside the records.
 */
export const asciiText = 1
export const severalSystems = 1

export const correlationIsCommand = 1
export const causationIsCommand = 2
export const hasMetadata = 4

const lengthBytes = 4
const bytesOfAppend = lengthBytes + 7 * varintBytes
const bytesOfCommand = 9 * varintBytes
const bytesOfEvent = 2 * varintBytes

/**
 * Writes the record.
 * @returns why it cannot be written as it is; then nothing stands.
 */
export function writeAppend(
  writer: ByteWriter,
  append: Append,
  events: number,
  names: RecordNames,
): Error | undefined {
  let text: string
  try {
    text = textOf(append)
  } catch (cause) {
    return unwritableMetadata(append, cause)
  }
  const numbers = bytesOfAppend + append.commands.length * bytesOfCommand + events * bytesOfEvent
  writer.reserve(numbers + mostBytesOf(text))
  const { bytes } = writer
  const start = writer.length + lengthBytes
  const count = bytes.write(text, start)
  const ascii = count === text.length
  if (!ascii && bytes.toString('utf8', start, start + count) !== text) return unreadableText(append)
  putUint32(bytes, start - lengthBytes, count * 2 + (ascii ? asciiText : 0))
  writer.endAt(putNumbers(bytes, start + count, append, events, names))
  return undefined
}

function textOf({ stream, id, commands }: Append): string {
  let text = stream + id
  for (const { origin, events } of commands) {
    const { commandId, correlationId, causationId, metadata } = origin
    text += commandId
    if (correlationId !== commandId) text += correlationId
    if (causationId !== commandId) text += causationId
    if (metadata !== undefined) text += JSON.stringify(metadata)
    for (const { json } of events) text += json
  }
  return text
}

/** @returns where they end. */
function putNumbers(
  bytes: Uint8Array,
  start: number,
  append: Append,
  events: number,
  names: RecordNames,
): number {
  const { stream, id, commands } = append
  const { system } = commands[0]!.origin
  const several = commands.length > 1 && commands.some(({ origin }) => origin.system !== system)
  let at = putVarint(bytes, start, several ? severalSystems : 0)
  at = putVarint(bytes, at, names.systems.numberOf(system))
  at = putVarint(bytes, at, events)
  at = putVarint(bytes, at, commands.length)
  at = putVarint(bytes, at, append.expectedRevision + 1)
  at = putVarint(bytes, at, stream.length)
  at = putVarint(bytes, at, id.length)
  for (const { origin, schemaVersion, events } of commands) {
    const { commandId, correlationId, causationId, metadata } = origin
    const sameCorrelation = correlationId === commandId
    const sameCausation = causationId === commandId
    const flags =
      (sameCorrelation ? correlationIsCommand : 0) |
      (sameCausation ? causationIsCommand : 0) |
      (metadata === undefined ? 0 : hasMetadata)
    at = putVarint(bytes, at, flags)
    at = putVarint(bytes, at, names.commandTypes.numberOf(origin.commandType))
    at = putVarint(bytes, at, events.length)
    at = putVarint(bytes, at, schemaVersion)
    at = putVarint(bytes, at, commandId.length)
    if (!sameCorrelation) at = putVarint(bytes, at, correlationId.length)
    if (!sameCausation) at = putVarint(bytes, at, causationId.length)
    // Its length is needed once more; stringifying twice is paid by those only who give metadata.
    if (metadata !== undefined) at = putVarint(bytes, at, JSON.stringify(metadata).length)
    if (several) at = putVarint(bytes, at, names.systems.numberOf(origin.system))
    for (const { type, json } of events) {
      at = putVarint(bytes, at, names.eventTypes.numberOf(type))
      at = putVarint(bytes, at, json.length)
    }
  }
  return at
}
