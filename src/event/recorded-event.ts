import type { JsonObject, JsonValue } from './json.ts'
import type { Position } from './position.ts'

/**
 * The command that an event came from. All events of one command share one origin, and the metadata of each
 * stored event carries it (PROTOCOL rule 2), so that any process can tell a duplicate and a whole command.
 */
export interface CommandOrigin {
  readonly commandId: string
  readonly commandType: string
  /** How many events the command made: each of them is number `index` of `count`. */
  readonly count: number
  /** The system (one `start()`) that wrote it; tells two writers of one stream apart. */
  readonly system: string
  readonly correlationId: string
  readonly causationId: string
  /** What the caller gave along, stored with every event of the command: who, tenant, request ... */
  readonly metadata?: JsonObject
}

/** One event as a store holds it. */
export interface RecordedEvent {
  readonly stream: string
  /** Its place in the stream: 0, 1, 2 ... without a gap. */
  readonly revision: number
  readonly position: Position
  /** Made for one append (see `event-id.ts`), never derived from the command: PROTOCOL rule 1. */
  readonly id: string
  readonly type: string
  /** The payload, without `type`: an object; `{}` where the event has none. */
  readonly data: JsonObject
  readonly schemaVersion: number
  /** Number `index` (from 0) of the `origin.count` events of its command. */
  readonly index: number
  /** Absent where somebody else than Reenact wrote the event: it is then a whole command without an id. */
  readonly origin?: CommandOrigin
  /** When the store took it, in milliseconds since 1970. */
  readonly recordedAt: number
}

export type { JsonObject, JsonValue }
