import { emit } from 'xstate'
import type { JsonValue } from '../event/json.ts'
import type { MachineAction } from './machine-action.ts'

/** The event type by which a machine refuses a command; no domain event may have it. */
export const rejectType = 'reject'

/** What a machine emits to refuse a command. A machine written by hand lists it in the `emitted` of its types. */
export interface Rejection<Code extends string = string> {
  readonly type: typeof rejectType
  readonly code: Code
  readonly details?: JsonValue
}

/** The params of an action that `reject()` made. */
export interface RejectionParams<Code extends string = string> {
  readonly code: Code
  /** Answered to the caller as `outcome.details`. */
  readonly details?: JsonValue
}

/**
 * Makes an action by which a machine refuses a command, for machines that are written by hand (`model()` has one).
 * The types of the machine list `Rejection<...>` among `emitted`, the definition has the texts of the codes.
 * ```ts
 * actions: {
 *   tooLate: reject('TooLate'),                     // actions: 'tooLate'
 *   reject: reject<'TooLate' | 'TooMany'>(),        // actions: { type: 'reject', params: { code: 'TooMany' } }
 * }
 * ```
 * @param code the code it always rejects with; without one it takes `{ code, details? }` as its params.
 */
export function reject<const Code extends string>(
  code: Code,
): MachineAction<unknown, undefined, Rejection<Code>>
export function reject<Code extends string>(): MachineAction<unknown, RejectionParams<Code>, Rejection<Code>>
export function reject(code?: string): MachineAction<unknown, unknown, Rejection> {
  if (code !== undefined) return emitAction({ type: rejectType, code })
  return emitAction(rejectionOf) as MachineAction<unknown, unknown, Rejection>
}

function rejectionOf(_: unknown, params: RejectionParams): Rejection {
  return params.details === undefined
    ? { type: rejectType, code: params.code }
    : { type: rejectType, code: params.code, details: params.details }
}

/** xstate's `emit`, whose nine type parameters say nothing here. */
export function emitAction<Params, Emitted extends { readonly type: string }>(
  event: Emitted | ((args: never, params: Params) => Emitted),
): MachineAction<unknown, Params, Emitted> {
  return emit(event as never) as MachineAction<unknown, Params, Emitted>
}
