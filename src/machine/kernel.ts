import type { JsonValue } from '../event/json.ts'
import type { Message } from './message.ts'

declare const machineState: unique symbol

/** The state of one aggregate, immutable; only the kernel that made it looks inside. */
export interface MachineState {
  readonly [machineState]: true
}

/** What people may see of a state: xstate's own shapes, without xstate's types. */
export interface StateView {
  readonly value: unknown
  readonly context: unknown
  readonly status: 'active' | 'done'
  readonly tags: ReadonlySet<string>
  /** xstate's `matches`: is the machine in this (partial) state value? */
  matches(value: unknown): boolean
}

/**
 * What a machine said to one command, before its events are validated and applied.
 * - `emitted`: the domain events in document order; none: accepted without effect (the command is written `{}`).
 * - `rejected`: the first `reject` in document order. `code` is the machine's own.
 * - `unhandled`: no state that is active handles it. `blocked`: some do, every guard said no. `done`: final state.
 */
export type Emission =
  | { readonly status: 'emitted'; readonly events: readonly Message[] }
  | { readonly status: 'rejected'; readonly code: string; readonly details?: JsonValue }
  | { readonly status: 'unhandled' }
  | { readonly status: 'blocked' }
  | { readonly status: 'done' }

/**
 * A machine as pure functions. No types of xstate: actors and stores never see the library.
 * Whatever a guard, action or assign throws comes out of `decide` and `evolve` as it was thrown.
 */
export interface Kernel {
  /** The state before any event. `id` is for machines whose input is `{ id: string }`. */
  initial(id: string): MachineState
  /** @throws CommandChangedState where a command moved the machine or its context. */
  decide(state: MachineState, command: Message): Emission
  /** @throws EventNotHandled where no transition is enabled for the event: then the state stays. */
  evolve(state: MachineState, event: Message): MachineState
  view(state: MachineState): StateView
  /** The state as JSON, for a snapshot. */
  dump(state: MachineState): JsonValue
  /** @throws where the dump does not fit this machine. */
  restore(dump: JsonValue): MachineState
  /** Changes whenever a snapshot of the older machine might not fit: states, their kinds, their history. */
  readonly structureHash: string
  /** How it runs: `compiled`, or `interpreted` with the reason. */
  readonly engine: Engine
}

/** How a machine runs: by a compiled table, or by xstate itself where it uses what the table does not know. */
export type Engine = { readonly kind: 'compiled' } | { readonly kind: 'interpreted'; readonly reason: string }
