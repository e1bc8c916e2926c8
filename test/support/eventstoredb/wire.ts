import type { EventLog } from './event-log.ts'
import { validate } from './guid.ts'
import { resolve } from './link.ts'
import { type LogRecord, type ProposedEvent, tombstoneRevision } from './log-record.ts'
import { shared, streams } from './stubs.ts'

/** How a reader wants its event ids. */
export type UuidForm = 'text' | 'structured'

export const jsonContent = 'application/json'
const binaryContent = 'application/octet-stream'

export function streamIdentifier(stream: string): shared.StreamIdentifier {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(stream))
}

export function streamName(identifier: shared.StreamIdentifier): string {
  return Buffer.from(identifier.getStreamName_asU8()).toString()
}

const signed = (hex: string): string => BigInt.asIntN(64, BigInt(`0x${hex}`)).toString()

export function uuid(id: string, form: UuidForm): shared.UUID {
  const message = new shared.UUID()
  if (form === 'text') return message.setString(id)
  const hex = id.replaceAll('-', '')
  return message.setStructured(
    new shared.UUID.Structured()
      .setMostSignificantBits(signed(hex.slice(0, 16)))
      .setLeastSignificantBits(signed(hex.slice(16))),
  )
}

/** An id in lower case with its dashes. Throws what the server says of an id that is none. */
export function readUuid(message: shared.UUID | undefined): string {
  if (message?.hasStructured()) {
    const bits = (value: string): string => BigInt.asUintN(64, BigInt(value)).toString(16).padStart(16, '0')
    const structured = message.getStructured()!
    const hex = bits(structured.getMostSignificantBits()) + bits(structured.getLeastSignificantBits())
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }
  if (message === undefined || message.getString() === '') {
    throw new Error("Invalid argument: None (Parameter 'dto')")
  }
  return validate(message.getString())
}

/** An event that a client proposes; both kinds of append say it in the same words. */
type ProposedMessage = streams.BatchAppendReq.ProposedMessage | streams.AppendReq.ProposedMessage

export function proposedEvent(
  message: ProposedMessage,
  id: string,
  type: string,
  content: string,
): ProposedEvent {
  return {
    id,
    type,
    isJson: content === jsonContent,
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  }
}

export function recordedEvent(record: LogRecord, form: UuidForm): streams.ReadResp.ReadEvent.RecordedEvent {
  const message = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(uuid(record.id, form))
    .setStreamIdentifier(streamIdentifier(record.stream))
    .setStreamRevision(record.kind === 'tombstone' ? tombstoneRevision : String(record.revision))
    .setPreparePosition(String(record.position))
    .setCommitPosition(String(record.position))
    .setCustomMetadata(record.metadata)
    .setData(record.data)
  message
    .getMetadataMap()
    .set('type', record.type)
    .set('content-type', record.isJson ? jsonContent : binaryContent)
    .set('created', record.created.toString())
  return message
}

/** How a reader wants to see an event. */
export interface View {
  readonly links: 'followed' | 'shown'
  readonly uuidForm: UuidForm
}

export function eventAnswer(log: EventLog, record: LogRecord, view: View): streams.ReadResp {
  const { event, link } =
    view.links === 'followed' ? resolve(log, record) : { event: record, link: undefined }
  const message = new streams.ReadResp.ReadEvent()
  if (event !== undefined) message.setEvent(recordedEvent(event, view.uuidForm))
  if (link !== undefined) message.setLink(recordedEvent(link, view.uuidForm))
  return new streams.ReadResp().setEvent(message.setCommitPosition(String(record.position)))
}

export function streamNotFound(stream: string): streams.ReadResp {
  return new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(stream)),
  )
}

export function confirmation(subscriptionId: string): streams.ReadResp {
  return new streams.ReadResp().setConfirmation(
    new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(subscriptionId),
  )
}

export function caughtUp(): streams.ReadResp {
  return new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp())
}

export function checkpoint(commit: number, prepare: number): streams.ReadResp {
  return new streams.ReadResp().setCheckpoint(
    new streams.ReadResp.Checkpoint().setCommitPosition(String(commit)).setPreparePosition(String(prepare)),
  )
}
