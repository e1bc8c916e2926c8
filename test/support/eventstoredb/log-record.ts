/** What an event number of a tombstone says on the wire: 2^63 - 1. */
export const tombstoneRevision = '9223372036854775807'

/** One event on its way into the log. */
export interface ProposedEvent {
  readonly id: string
  readonly type: string
  readonly isJson: boolean
  readonly data: Uint8Array
  readonly metadata: Uint8Array
}

/** One event as the log holds it. `system` records are counted by filtered reads, but nobody sees them. */
export interface LogRecord extends ProposedEvent {
  readonly kind: 'event' | 'tombstone' | 'system'
  readonly stream: string
  readonly revision: number
  readonly position: number
  /** Where the next record begins. */
  readonly end: number
  /** In units of 100 ns since 1970. */
  readonly created: bigint
}

const recordOverhead = 90
const emptyWriteOverhead = 90

/** The bytes of a record in the log, as the server lays it out: positions grow by them. */
export function recordSize(stream: string, event: ProposedEvent): number {
  return (
    recordOverhead +
    Buffer.byteLength(stream) +
    Buffer.byteLength(event.type) +
    event.data.length +
    event.metadata.length
  )
}

/** An append of no events leaves a record that is in no stream. */
export function emptyWriteSize(stream: string): number {
  return emptyWriteOverhead + Buffer.byteLength(stream)
}
