import type { Direction, EventFilter } from '../event-store.ts'
import type { ConnectionString } from './connection-string.ts'
import type { Failure } from './failure.ts'
import type { Field } from './wire-event.ts'

/**
 * What the main thread and the worker of one store say to each other. Everything that is said within one turn of the
 * event loop goes as one message: waking the other thread costs more than what is in the message.
 *
 * A ticket is a number by which the main thread knows the answers to what it asked.
 */

/** Main thread to worker. */
export interface Orders {
  /** For each append its ticket, stream, expected revision, number of events, then `writtenFields` for each event. */
  readonly appends: readonly Field[]
  readonly calls: readonly Call[]
}

/** A place in $all. */
export interface LogPosition {
  readonly commit: number
  readonly prepare: number
}

export type Call =
  /**
   * Make a new connection and prove that the store takes writes. Answered by `asked`, then by `connected`, or by
   * `notConnected`.
   */
  | { readonly kind: 'connect' }
  /** Answered by one `page`. `end` and `start` as the server understands them. */
  | {
      readonly kind: 'readPage'
      readonly ticket: number
      readonly stream: string
      readonly from: number | 'start' | 'end'
      readonly direction: Direction
      readonly count: number
    }
  /** The last position of $all. Answered by `end`. */
  | { readonly kind: 'readEnd'; readonly ticket: number }
  /** Is there still somebody? Answered by `alive`. */
  | { readonly kind: 'ask'; readonly ticket: number; readonly leader: 'required' | 'any' }
  /** Follow $all. Answered by `events`, `checkpoint`, `caughtUp` and `heldBack` until `failed` or `stop`. */
  | {
      readonly kind: 'follow'
      readonly ticket: number
      readonly after: LogPosition | 'start'
      /** The last event that was delivered before: what is not behind it is passed over. */
      readonly delivered?: LogPosition
      readonly filter: EventFilter
      readonly exceptSystem?: string
    }
  /** One more page of a `follow` may be sent. */
  | { readonly kind: 'more'; readonly ticket: number }
  /** Ends a read or a `follow`; nothing is answered. */
  | { readonly kind: 'stop'; readonly ticket: number }

/** How many pages of a `follow` may be on their way before `more` is said. Meanwhile the next one grows. */
export const followWindow = 4

/** Worker to main thread. */
export interface Reports {
  /** For each answer its ticket, a `VerdictCode`, and two numbers: see there. */
  readonly verdicts: readonly number[]
  /** What failed, for the verdicts. */
  readonly failures: readonly Failure[]
  readonly notes: readonly Note[]
}

/** An erasable enum. `written`: revision, position. `conflict`: revision, 0. `failed`: index into `failures`, 0. */
export const verdictCode = { written: 0, conflict: 1, failed: 2 } as const
export const verdictFields = 4

export type Note =
  /** A node was found and has been asked to take a write. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'notConnected'; readonly failure: Failure }
  /** The connection is lost; whatever was not answered on it will not be. */
  | { readonly kind: 'disconnected'; readonly failure: Failure }
  | ({ readonly ticket: number } & Answer)

export type Answer =
  /** `cut`: there may be more. `end`: the stream ends here. `nothing`: there is no such stream. */
  | { readonly kind: 'page'; readonly events: readonly Field[]; readonly reached: 'cut' | 'end' | 'nothing' }
  | { readonly kind: 'end'; readonly at: LogPosition | 'start' }
  | { readonly kind: 'alive' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** `last`: the place of the last event of the page, or behind it where events were passed over. */
  | { readonly kind: 'events'; readonly events: readonly Field[]; readonly last: LogPosition }
  /** All before this place is delivered. */
  | { readonly kind: 'checkpoint'; readonly at: LogPosition }
  | { readonly kind: 'caughtUp' }
  /** The reader takes so long that no more is read for it. */
  | { readonly kind: 'heldBack' }

/** What a worker is started with. */
export interface WorkerSettings {
  readonly connection: ConnectionString
  /** For the appends as the server sees them. */
  readonly serverDeadlineMs: number
}
