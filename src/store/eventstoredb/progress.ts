import type { Progress } from './connection.ts'

/** Whether work succeeds. What was given up without an answer counts as tried until something succeeds. */
export class ProgressGauge {
  #tried: 'nothing' | 'something' = 'nothing'
  #succeeded: 'no' | 'yes' = 'no'

  tried(): void {
    this.#tried = 'something'
  }

  /** @param more whether more is under way. */
  succeeded(more: boolean): void {
    this.#succeeded = 'yes'
    this.#tried = more ? 'something' : 'nothing'
  }

  /** A new connection begins without a past. */
  reset(): void {
    this.#tried = 'nothing'
    this.#succeeded = 'no'
  }

  /** How it went since the last look. */
  look(): Progress {
    const progress =
      this.#succeeded === 'yes' ? 'fruitful' : this.#tried === 'something' ? 'fruitless' : 'idle'
    this.#succeeded = 'no'
    return progress
  }
}
