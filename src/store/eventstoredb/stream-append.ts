import type { Append } from '../event-store.ts'
import type { AppendOrder, AppendResult } from './appends.ts'
import type { Field } from './wire-event.ts'

/** The order to append to a stream of an aggregate. A class for the sake of `young.ts`. */
export class StreamAppend implements AppendOrder {
  readonly stream: string
  readonly expectedRevision: number
  readonly events: number
  readonly fields: readonly Field[]
  readonly bytes: number
  readonly settle: (result: AppendResult) => void

  constructor(
    { stream, expectedRevision }: Append,
    events: number,
    bytes: number,
    fields: readonly Field[],
    settle: (result: AppendResult) => void,
  ) {
    this.stream = stream
    this.expectedRevision = expectedRevision
    this.events = events
    this.fields = fields
    this.bytes = bytes
    this.settle = settle
  }
}
