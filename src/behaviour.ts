import type { EventTooLarge, MachineFault } from './errors.ts'
import type { EncodedEvent } from './event/encoded-event.ts'
import type { JsonValue } from './event/json.ts'
import type { RecordedEvent } from './event/recorded-event.ts'
import type { MachineState, StateView } from './machine/kernel.ts'
import type { Message } from './machine/message.ts'

/** A domain event that was decided: what is stored, and the decoded stored form that was evolved and is answered. */
export class DecidedEvent implements EncodedEvent {
  readonly type: string
  readonly json: string
  readonly message: Message
  /** UTF-8 bytes of `json`. */
  readonly bytes: number

  constructor(type: string, json: string, message: Message, bytes: number) {
    this.type = type
    this.json = json
    this.message = message
    this.bytes = bytes
  }
}

/** The command is accepted. A class for the sake of `young.ts`, as `DecidedEvent` is. */
export class Acceptance {
  readonly status = 'accepted'
  readonly events: readonly DecidedEvent[]
  /** The state after all its events. */
  readonly state: MachineState
  /** UTF-8 bytes of all `json` of the events. */
  readonly bytes: number

  constructor(events: readonly DecidedEvent[], state: MachineState, bytes: number) {
    this.events = events
    this.state = state
    this.bytes = bytes
  }
}

/** The whole answer of an aggregate to one command: decided, validated, encoded, measured, evolved (PROTOCOL rule 8). */
export type Decision =
  | Acceptance
  | {
      readonly status: 'rejected'
      readonly code: string
      readonly message: string
      readonly details?: JsonValue
    }
  | { readonly status: 'faulted'; readonly error: MachineFault | EventTooLarge }

/**
 * All that the runtime knows of a definition: no xstate, no schema library. `id` is the aggregate's id, for errors.
 */
export interface Behaviour {
  /** The aggregate's name: the category of its streams. */
  readonly name: string
  readonly structureHash: string
  /** Written with every event; what `upcast` goes by. */
  readonly schemaVersion: number
  readonly commandTypes: ReadonlySet<string>
  /**
   * Validates a caller's command and returns the schema's output with `type`.
   * @throws InvalidCommand with every issue and its path.
   */
  accept(id: string, command: unknown): Message
  /**
   * Never throws: whatever guard, action, schema or assign throws is a `faulted` decision, and the state stays.
   * @param maxBytes an accepted decision holds at most so many bytes, else it is `faulted` with `EventTooLarge`.
   */
  decide(id: string, state: MachineState, command: Message, maxBytes: number): Decision
  initial(id: string): MachineState
  /**
   * Applies one stored event: upcast, schema, evolve.
   * @throws StoredEventMisfit where it does not fit the machine.
   */
  replay(state: MachineState, stored: RecordedEvent): MachineState
  /** A stored event as `outcome.events` shows it (upcast and decoded): none, one or several. */
  decode(stored: RecordedEvent): readonly Message[]
  view(state: MachineState): StateView
  dump(state: MachineState): JsonValue
  restore(dump: JsonValue): MachineState
}
