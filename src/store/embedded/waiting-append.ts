import type { AppendSize } from '../append-limits.ts'
import type { Append, Verdict } from '../event-store.ts'

/** An append that waits for its transaction. */
export interface WaitingAppend {
  readonly append: Append
  readonly size: AppendSize
  readonly recordedAt: number
  /** The batch that it came with, and its number in there. */
  readonly batch: WaitingBatch
  readonly index: number
}

export interface WaitingBatch {
  settle(index: number, verdict: Verdict): void
}
