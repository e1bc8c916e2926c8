import type { Outcome, Settings, UnsettledCommand } from '../../../src/index.ts'
import type { AskedOptions } from '../clients.ts'
import type { LedgerCommand } from '../ledger-model.ts'

/** The store that a process is to work on. */
export type StoreOrder =
  | { readonly kind: 'embedded'; readonly path: string }
  | { readonly kind: 'eventstoredb'; readonly connectionString: string }

/** What a warm process is told first. */
export interface StartOrder {
  readonly store: StoreOrder
  readonly settings: Partial<Settings>
}

export type NodeOrder =
  | {
      readonly kind: 'ask'
      readonly nth: number
      readonly id: string
      readonly command: LedgerCommand
      readonly options: AskedOptions
    }
  | {
      readonly kind: 'tell'
      readonly id: string
      readonly command: LedgerCommand
      readonly commandId: string
    }
  | { readonly kind: 'look'; readonly nth: number; readonly id: string }
  | { readonly kind: 'stop' }

/** An error on its way between processes. */
export interface PlainError {
  readonly name: string
  readonly message: string
  readonly tag?: string
  readonly executed?: string
}

export interface PlainState {
  readonly revision: number
  readonly value: unknown
  readonly context: unknown
}

export type NodeReport =
  | { readonly kind: 'warm' }
  | { readonly kind: 'started'; readonly system: string }
  | { readonly kind: 'outcome'; readonly nth: number; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly nth: number; readonly error: PlainError }
  | { readonly kind: 'state'; readonly nth: number; readonly state: PlainState }
  | { readonly kind: 'stopped'; readonly unsettled: readonly UnsettledCommand[] }
