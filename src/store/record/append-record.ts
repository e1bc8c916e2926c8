import { unreadableText, unwritableMetadata } from '../append-limits.ts'
import type { Append } from '../event-store.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { RecordNames } from './name-table.ts'

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

const numbersOfAppend = 80
const numbersOfCommand = 72
const numbersOfEvent = 16

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
  const start = writer.length
  let text: string
  try {
    text = textOf(append)
  } catch (cause) {
    return unwritableMetadata(append, cause)
  }
  writer.reserve(4)
  writer.uint32(0)
  const bytes = writer.text(text)
  const ascii = bytes === text.length
  if (!ascii && writer.bytes.toString('utf8', start + 4, start + 4 + bytes) !== text) {
    writer.truncate(start)
    return unreadableText(append)
  }
  writer.setUint32(bytes * 2 + (ascii ? asciiText : 0), start)
  const { commands } = append
  writer.reserve(numbersOfAppend + commands.length * numbersOfCommand + events * numbersOfEvent)
  writeNumbers(writer, append, events, names)
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

function writeNumbers(writer: ByteWriter, append: Append, events: number, names: RecordNames): void {
  const { stream, id, commands } = append
  const { system } = commands[0]!.origin
  const several = commands.some(({ origin }) => origin.system !== system)
  writer.varint(several ? severalSystems : 0)
  writer.varint(names.systems.numberOf(system))
  writer.varint(events)
  writer.varint(commands.length)
  writer.varint(append.expectedRevision + 1)
  writer.varint(stream.length)
  writer.varint(id.length)
  for (const { origin, schemaVersion, events } of commands) {
    const { commandId, correlationId, causationId, metadata } = origin
    const sameCorrelation = correlationId === commandId
    const sameCausation = causationId === commandId
    writer.varint(
      (sameCorrelation ? correlationIsCommand : 0) |
        (sameCausation ? causationIsCommand : 0) |
        (metadata === undefined ? 0 : hasMetadata),
    )
    writer.varint(names.commandTypes.numberOf(origin.commandType))
    writer.varint(events.length)
    writer.varint(schemaVersion)
    writer.varint(commandId.length)
    if (!sameCorrelation) writer.varint(correlationId.length)
    if (!sameCausation) writer.varint(causationId.length)
    // Its length is needed once more; stringifying twice is paid by those only who give metadata.
    if (metadata !== undefined) writer.varint(JSON.stringify(metadata).length)
    if (several) writer.varint(names.systems.numberOf(origin.system))
    for (const { type, json } of events) {
      writer.varint(names.eventTypes.numberOf(type))
      writer.varint(json.length)
    }
  }
}
