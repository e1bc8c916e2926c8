import { unwritableMetadata } from '../append-limits.ts'
import type { Append, DecidedCommand } from '../event-store.ts'
import { type ByteWriter, mostBytesOf } from './byte-writer.ts'
import type { RecordNames } from './name-table.ts'
import { putFourVarints, putTwoVarints, putVarint, varintBytes } from './put-number.ts'

/*
 * One append as bytes: all its texts in one piece, and apart from it the numbers that say what they are. The texts of
 * several appends stand side by side, because a call into the runtime for each of them costs more than the bytes.
 *
 *   text     stream, append id; for each command its id, correlation, causation, metadata, the JSON of its events
 *   varints  flags, system, events, commands, revision of its first event, length of stream and of id;
 *            for each command: flags, type, events, schema version, length of its id, [of correlation,]
 *            [of causation,] [of metadata,] [system]; for each of its events: type, length of JSON
 *
 * Lengths count UTF-16 units; types and systems are numbers of the names that stand beside the records. Whoever keeps
 * records knows where their texts and numbers are, and whether a text is ASCII: then it is read without decoding.
 */
export const severalSystems = 1

export const correlationIsCommand = 1
export const causationIsCommand = 2
export const hasMetadata = 4

const bytesOfAppend = 7 * varintBytes
const bytesOfCommand = 9 * varintBytes
const bytesOfEvent = 2 * varintBytes

/** @returns all texts of the append in one piece, or why it has none. */
export function textOf(append: Append): string | Error {
  const { stream, id, commands } = append
  let text = stream + id
  for (let nth = 0; nth < commands.length; nth++) {
    const { origin, events } = commands[nth]!
    const { commandId, correlationId, causationId, metadata } = origin
    text += commandId
    if (correlationId !== commandId) text += correlationId
    if (causationId !== commandId) text += causationId
    if (metadata !== undefined) {
      try {
        text += JSON.stringify(metadata)
      } catch (cause) {
        return unwritableMetadata(append, cause)
      }
    }
    for (let index = 0; index < events.length; index++) text += events[index]!.json
  }
  return text
}

/**
 * What became of a text.
 * - `ascii`: it is written, a byte for each character.
 * - `written`: it is written, and some characters take more.
 * - `unreadable`: it would not be read as it is, and nothing stands.
 */
export type TextWritten = 'ascii' | 'written' | 'unreadable'

export function writeText(writer: ByteWriter, text: string): TextWritten {
  writer.reserve(mostBytesOf(text))
  const { bytes, length: start } = writer
  const end = start + bytes.write(text, start)
  const ascii = end - start === text.length
  if (!ascii && bytes.toString('utf8', start, end) !== text) return 'unreadable'
  writer.endAt(end)
  return ascii ? 'ascii' : 'written'
}

export function writeNumbers(writer: ByteWriter, append: Append, events: number, names: RecordNames): void {
  writer.reserve(bytesOfAppend + append.commands.length * bytesOfCommand + events * bytesOfEvent)
  writer.endAt(putNumbers(writer.bytes, writer.length, append, events, names))
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
  const systemNumber = names.systems.numberOf(system)
  let at = putFourVarints(bytes, start, several ? severalSystems : 0, systemNumber, events, commands.length)
  at = putVarint(bytes, at, append.expectedRevision + 1)
  at = putTwoVarints(bytes, at, stream.length, id.length)
  for (let nth = 0; nth < commands.length; nth++) {
    at = putCommand(bytes, at, commands[nth]!, several ? 'several' : 'one', names)
  }
  return at
}

function putCommand(
  bytes: Uint8Array,
  start: number,
  { origin, schemaVersion, events }: DecidedCommand,
  systems: 'one' | 'several',
  names: RecordNames,
): number {
  const { commandId, correlationId, causationId, metadata } = origin
  const sameCorrelation = correlationId === commandId
  const sameCausation = causationId === commandId
  const flags =
    (sameCorrelation ? correlationIsCommand : 0) |
    (sameCausation ? causationIsCommand : 0) |
    (metadata === undefined ? 0 : hasMetadata)
  const type = names.commandTypes.numberOf(origin.commandType)
  let at = putFourVarints(bytes, start, flags, type, events.length, schemaVersion)
  at = putVarint(bytes, at, commandId.length)
  if (!sameCorrelation) at = putVarint(bytes, at, correlationId.length)
  if (!sameCausation) at = putVarint(bytes, at, causationId.length)
  // Its length is needed once more; stringifying twice is paid by those only who give metadata.
  if (metadata !== undefined) at = putVarint(bytes, at, JSON.stringify(metadata).length)
  if (systems === 'several') at = putVarint(bytes, at, names.systems.numberOf(origin.system))
  for (let index = 0; index < events.length; index++) {
    const { type: eventType, json } = events[index]!
    at = putTwoVarints(bytes, at, names.eventTypes.numberOf(eventType), json.length)
  }
  return at
}
