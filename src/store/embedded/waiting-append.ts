import type { Append, Verdict } from '../event-store.ts'

/** An append that waits for its transaction. A class for the sake of `young.ts`, as `WaitingBatch` is. */
export class WaitingAppend {
  readonly append: Append
  /** How many events it holds. */
  readonly events: number
  /** The batch that it came with, and its number in there. */
  readonly batch: WaitingBatch
  readonly index: number

  constructor(append: Append, events: number, batch: WaitingBatch, index: number) {
    this.append = append
    this.events = events
    this.batch = batch
    this.index = index
  }
}

/** Appends that were handed over together. */
export class WaitingBatch {
  readonly recordedAt: number
  readonly settle: (index: number, verdict: Verdict) => void

  constructor(recordedAt: number, settle: (index: number, verdict: Verdict) => void) {
    this.recordedAt = recordedAt
    this.settle = settle
  }
}
