import type { JsonObject } from '../event/json.ts'

/** A domain event as its stream holds it, for `upcast`. */
export interface StoredEvent {
  readonly type: string
  /** The payload, without `type`. */
  readonly data: JsonObject
  /** The version of the definition that wrote it. */
  readonly schemaVersion: number
}

/** What an old event is today: `type` and `data`. A stored event that fits can be given back as it is. */
export interface UpcastEvent {
  readonly type: string
  readonly data: JsonObject
}

/**
 * Turns an event of an older version of the definition into what it would be today: one event, several, or none
 * (`null`). Pure; it runs at every read of every event, before the schema. Stored events never change.
 */
export type Upcast = (stored: StoredEvent) => UpcastEvent | readonly UpcastEvent[] | null
