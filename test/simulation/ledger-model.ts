import type { Message } from '../../src/machine/message.ts'

/**
 * The ledger once more, as a few lines of plain code that know neither xstate nor Reenact: what the checks hold the
 * machine and the runtime to.
 */
export interface LedgerState {
  readonly count: number
  readonly total: number
  readonly isClosed: boolean
}

export type LedgerAnswer =
  | { readonly status: 'accepted'; readonly events: readonly Message[] }
  | { readonly status: 'rejected'; readonly code: string }
  | { readonly status: 'faulted' }

export type LedgerCommand =
  | { readonly type: 'Add' | 'AddThree'; readonly amount: number }
  | { readonly type: 'SlowInGuard' | 'SlowInAssign' | 'SlowInSchema'; readonly ms: number }
  | { readonly type: 'Odd' | 'Touch' | 'ThrowInGuard' | 'ThrowInAssign' | 'ThrowInSchema' | 'Close' }

export const emptyLedger: LedgerState = { count: 0, total: 0, isClosed: false }

export function decided(state: LedgerState, command: LedgerCommand): LedgerAnswer {
  if (state.isClosed) return { status: 'rejected', code: 'Done' }
  switch (command.type) {
    case 'Add':
      return accepted({ type: 'Added', amount: command.amount, total: state.total + command.amount })
    case 'AddThree': {
      const added = { type: 'Added', amount: command.amount, total: state.total }
      return accepted(added, added, added)
    }
    case 'SlowInGuard':
      return accepted({ type: 'Added', amount: 0, total: state.total })
    case 'SlowInAssign':
      return accepted({ type: 'AddedSlowly', ms: command.ms })
    case 'SlowInSchema':
      return accepted({ type: 'CheckedSlowly', ms: command.ms })
    case 'Odd':
      return state.count % 2 === 1
        ? accepted({ type: 'OddSeen', count: state.count })
        : { status: 'rejected', code: 'Even' }
    case 'Touch':
      return accepted()
    case 'Close':
      return accepted({ type: 'Closed' })
    default:
      return { status: 'faulted' }
  }
}

/** @returns `undefined` where the event does not fit. */
export function evolved(
  state: LedgerState,
  event: { readonly type: string; readonly amount?: unknown },
): LedgerState | undefined {
  if (state.isClosed) return undefined
  switch (event.type) {
    case 'Added':
      return { ...state, count: state.count + 1, total: state.total + Number(event.amount) }
    case 'OddSeen':
    case 'AddedSlowly':
    case 'CheckedSlowly':
      return { ...state, count: state.count + 1 }
    case 'Closed':
      return { ...state, isClosed: true }
    default:
      return undefined
  }
}

function accepted(...events: readonly (Message & Record<string, unknown>)[]): LedgerAnswer {
  return { status: 'accepted', events }
}
