import Pbf from 'pbf'
import { type Field, writtenFields } from '../wire-event.ts'

/**
 * Messages of the server's BatchAppend in protobuf, written field by field: the generated classes of the client
 * take ten times as long. A test holds both against each other.
 */

/** One message holds about so much; a longer append goes as several. The server takes 16 MiB; the client does so. */
const messageBytes = 3 * 1024 * 1024

/** The part of a correlation id that is not the ticket. */
const correlationPrefix = '7ee7ac70-0000-4000-0000-'

/** An append, as it is read off the fields of an order. */
export interface WireAppend {
  readonly ticket: number
  readonly stream: string
  readonly expectedRevision: number
  /** Where its events begin, and where the next append does. */
  readonly first: number
  readonly end: number
}

export function appendAt(fields: readonly Field[], at: number): WireAppend {
  const first = at + 4
  return {
    ticket: fields[at] as number,
    stream: fields[at + 1] as string,
    expectedRevision: fields[at + 2] as number,
    first,
    end: first + (fields[at + 3] as number) * writtenFields,
  }
}

/**
 * The messages of one append. The ticket is the low half of the correlation id, so that nothing needs to be looked
 * up when the answer comes.
 * @param deadline seconds since 1970, by the clock of the server.
 */
export function encodeAppend(append: WireAppend, fields: readonly Field[], deadline: number): Buffer[] {
  const messages: Buffer[] = []
  let writer = begin(append.ticket)
  writer.writeMessage(2, writeOptions, { append, deadline })
  for (let at = append.first; at < append.end; at += writtenFields) {
    if (writer.pos > messageBytes) {
      writer.writeBooleanField(4, false)
      messages.push(finish(writer))
      writer = begin(append.ticket)
    }
    writer.writeMessage(3, writeEvent, { fields, at })
  }
  writer.writeBooleanField(4, true)
  messages.push(finish(writer))
  return messages
}

function begin(ticket: number): Pbf {
  const writer = new Pbf(Buffer.allocUnsafe(1024))
  writer.writeMessage(1, writeUuid, correlationPrefix + ticket.toString(16).padStart(12, '0'))
  return writer
}

function finish(writer: Pbf): Buffer {
  const bytes = writer.finish()
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function writeUuid(uuid: string, writer: Pbf): void {
  writer.writeStringField(2, uuid)
}

interface Options {
  readonly append: WireAppend
  readonly deadline: number
}

function writeOptions({ append, deadline }: Options, writer: Pbf): void {
  writer.writeMessage(1, writeStreamName, append.stream)
  if (append.expectedRevision < 0) writer.writeMessage(3, writeNothing, undefined)
  else writer.writeVarintField(2, append.expectedRevision)
  writer.writeMessage(6, writeSeconds, deadline)
}

function writeStreamName(stream: string, writer: Pbf): void {
  writer.writeBytesField(3, Buffer.from(stream))
}

function writeSeconds(seconds: number, writer: Pbf): void {
  writer.writeVarintField(1, seconds)
}

function writeNothing(): void {}

function writeEvent({ fields, at }: { fields: readonly Field[]; at: number }, writer: Pbf): void {
  writer.writeMessage(1, writeUuid, fields[at] as string)
  writer.writeMessage(2, writeEntry, ['type', fields[at + 1] as string])
  writer.writeMessage(2, writeEntry, contentType)
  writer.writeBytesField(3, Buffer.from(fields[at + 3] as string))
  writer.writeBytesField(4, Buffer.from(fields[at + 2] as string))
}

/** Exactly this, or the server takes the data for bytes. */
const contentType = ['content-type', 'application/json'] as const

/** As bytes: pbf writes characters beyond U+1FFFF wrongly (it ors where it must add). A test has one. */
function writeEntry([key, value]: readonly [string, string], writer: Pbf): void {
  writer.writeBytesField(1, Buffer.from(key))
  writer.writeBytesField(2, Buffer.from(value))
}
