import type { Append } from '../../src/store/event-store.ts'
import type { Entry } from '../entry.ts'
import type { AggregateActor } from './aggregate-actor.ts'

/** The one append of an aggregate that has no verdict yet. */
export class InFlight {
  readonly actor: AggregateActor
  readonly append: Append
  readonly entries: readonly Entry[]
  /** The revision of its last event, once written. */
  readonly lastRevision: number
  readonly bytes: number
  /** The instant of its first send: a command that arrived before is confirmed by its success. */
  readonly sentAt: number
  sends = 1
  /** Its event writer has a verdict about the first send, or waits for it no more. */
  heard = false
  /** Some send of it may have been taken: `refused` settles it no more (PROTOCOL rule 6). */
  mayBeStored = false
  /** Its slot is being watched. */
  settling = false
  settled = false

  /**
   * @param events how many events the append holds.
   * @param bytes of all `json` of the events, as UTF-8.
   */
  constructor(
    actor: AggregateActor,
    append: Append,
    entries: readonly Entry[],
    events: number,
    bytes: number,
    sentAt: number,
  ) {
    this.actor = actor
    this.append = append
    this.entries = entries
    this.lastRevision = append.expectedRevision + events
    this.bytes = bytes
    this.sentAt = sentAt
  }
}
