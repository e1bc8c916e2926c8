import type { Append, Verdict } from '../event-store.ts'

/** An append that waits for its transaction. */
export interface WaitingAppend {
  readonly append: Append
  /** How many events it holds. */
  readonly events: number
  /** The batch that it came with, and its number in there. */
  readonly batch: WaitingBatch
  readonly index: number
}

export interface WaitingBatch {
  readonly recordedAt: number
  settle(index: number, verdict: Verdict): void
}
