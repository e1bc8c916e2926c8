import type { JsonValue } from './event/json.ts'
import type { Message } from './machine/message.ts'

/** The codes that Reenact itself refuses with, beside the machine's own. */
export type BuiltInCode = 'Unhandled' | 'GuardBlocked' | 'Done' | 'StaleRevision'

/**
 * The command took effect, for ever: its events are durable.
 * - `revision`: the aggregate's revision right after the command (-1: it has no events yet).
 * - `events`: what the command stored, in order; empty where it was accepted without an event.
 * - `duplicate`: this command id had its effect before; these are the events of that first run.
 */
export interface Accepted<Event extends Message = Message> {
  readonly status: 'accepted'
  readonly commandId: string
  readonly revision: number
  readonly events: readonly Event[]
  readonly duplicate: boolean
}

/**
 * The aggregate refused the command; nothing is stored. Final for this ask: the same command asked again is decided
 * again (a refusal that must be remembered is a domain event).
 * - `revision`: the state that refused it.
 * - `code`: the machine's own, or `Unhandled` (no state handles the command), `GuardBlocked` (every guard said no),
 *   `Done` (the machine is in its final state), `StaleRevision` (the caller's `expectedRevision` was not the head).
 */
export interface Rejected<Code extends string = string> {
  readonly status: 'rejected'
  readonly commandId: string
  readonly revision: number
  readonly code: Code | BuiltInCode
  readonly message: string
  readonly details?: JsonValue
}

/** The answer to a command: a decision of the domain, and so a value. Trouble of the machine room is thrown. */
export type Outcome<Event extends Message = Message, Code extends string = string> =
  | Accepted<Event>
  | Rejected<Code>
