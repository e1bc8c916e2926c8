import type { RecordedEvent } from '../../src/event/recorded-event.ts'
import type { Outcome } from '../../src/outcome.ts'
import type { LedgerCommand } from './ledger-model.ts'

/** How an ask ended. `lost`: the process that it was asked of died. */
export type AskResult =
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  | { readonly kind: 'error'; readonly error: Error & { readonly tag?: string; readonly executed?: string } }
  | { readonly kind: 'lost' }

/** One command that a client asked, and what it was told. Instants count everything that anybody can observe. */
export interface Ask {
  readonly nth: number
  /** The system it was asked of, and its name for people. */
  readonly system: string
  readonly node: string
  readonly stream: string
  readonly command: LedgerCommand
  readonly commandId: string
  readonly expectedRevision: number | undefined
  readonly timeoutMs: number
  /** Its caller goes away after so long, by a signal. */
  readonly goneAfterMs: number | undefined
  readonly how: 'ask' | 'tell'
  readonly askedAt: number
  readonly askedAtMs: number
  answeredAt?: number
  answeredAtMs?: number
  result?: AskResult
}

/** One `state()`, or what `at()` or a step of `history()` showed. */
export interface Look {
  readonly system: string
  readonly stream: string
  readonly askedAt: number
  readonly answeredAt: number
  /** `at` this revision; or `within`: the state after an event that need not be the last of its command. */
  readonly past?: { readonly at: number } | 'within'
  readonly state: { readonly revision: number; readonly value: unknown; readonly context: unknown }
}

/** An append as it was committed. */
export interface Commit {
  readonly stream: string
  /** Of its last event. */
  readonly revision: number
  readonly instant: number
}

/** What a schedule left behind: all that the checks go by. */
export interface History {
  readonly asks: readonly Ask[]
  readonly looks: readonly Look[]
  /** The final log of each stream, in order. */
  readonly log: ReadonlyMap<string, readonly RecordedEvent[]>
  /** `unknown`: a real store does not tell when it committed what. */
  readonly commits: readonly Commit[] | 'unknown'
  readonly windowCommands: number
  /** How often the clock on the wall was set back. */
  readonly setBacks: number
  /** How long slow machines held up everything. */
  readonly blockedMs: number
  /** `apart`: no trouble of others, and no bound that all share, excuses a delay on the calm stream. */
  readonly calm: 'apart' | 'shared'
}

/** A rule that a schedule broke. */
export interface Violation {
  /** The rule: one of PROTOCOL's invariants, or a check of the simulation itself. */
  readonly rule: string
  readonly what: string
}
