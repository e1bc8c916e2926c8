import { eventIdOf } from '../../event/event-id.ts'
import { position } from '../../event/position.ts'
import type { RecordedEvent } from '../../event/recorded-event.ts'
import type { Append } from '../event-store.ts'
import { metadataWriter, parseObject, readMetadata } from './event-metadata.ts'

/**
 * What crosses between the threads is flat: a few fields of text and number for each event in one long array. An
 * object for each would cost more to copy than all the rest of the way to the worker.
 */
export type Field = string | number

/** The fields of an event to be written: id, type, data and metadata (both JSON text). */
export const writtenFields = 4

/** Adds the fields of all events of an append, of which there are `size`. @throws TypeError where metadata of a command cannot be JSON. */
export function addEvents(fields: Field[], append: Append, size: number): void {
  let number = 0
  for (const { origin, schemaVersion, events } of append.commands) {
    const metadata = metadataWriter(origin, schemaVersion, size)
    for (let index = 0; index < events.length; index++) {
      const { type, json } = events[index]!
      fields.push(eventIdOf(append.id, number++), type, json, metadata(index))
    }
  }
}

/** One event as the server holds it. `data` and `metadata` are text; `data` is empty where it is not JSON. */
export interface StoredEvent {
  readonly stream: string
  readonly revision: number
  readonly commit: number
  readonly prepare: number
  readonly id: string
  readonly type: string
  readonly data: string
  readonly metadata: string
  readonly recordedAt: number
}

/** The fields of an event that was read. */
const readFields = 9

export function addStored(fields: Field[], event: StoredEvent): void {
  fields.push(
    event.stream,
    event.revision,
    event.commit,
    event.prepare,
    event.id,
    event.type,
    event.data,
    event.metadata,
    event.recordedAt,
  )
}

/** An event that was read, and how many the append held that it was written with. */
export interface ReadEvent {
  readonly event: RecordedEvent
  readonly appendSize: number
}

/**
 * The events of a page, decoded. An event of others that is not a JSON object is shown as `{}`: nothing that Reenact
 * runs can take it for something else, and a machine that expects a payload refuses it loudly.
 */
export function decodePage(fields: readonly Field[]): ReadEvent[] {
  const events: ReadEvent[] = []
  for (let at = 0; at < fields.length; at += readFields) {
    const { appendSize, ...metadata } = readMetadata(fields[at + 7] as string)
    const event = {
      stream: fields[at] as string,
      revision: fields[at + 1] as number,
      position: position(fields[at + 2] as number),
      id: fields[at + 4] as string,
      type: fields[at + 5] as string,
      data: parseObject(fields[at + 6] as string) ?? {},
      ...metadata,
      recordedAt: fields[at + 8] as number,
    }
    events.push({ event, appendSize })
  }
  return events
}

export function decodeEvents(fields: readonly Field[]): RecordedEvent[] {
  return decodePage(fields).map(({ event }) => event)
}
