/** One event on its way to the store: its bytes are frozen here, so that a repeat sends the very same. */
export interface EncodedEvent {
  readonly type: string
  /** The payload as JSON text, without `type`: `{}` where the event has none. */
  readonly json: string
}
