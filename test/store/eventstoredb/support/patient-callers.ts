import { CommandTimeout, StoreUnavailable } from 'reenact'

/** How callers fare, and whoever waits for it. */
export class Tally {
  answered = 0
  timeouts = 0
  unavailable = 0
  readonly #waiting = new Set<() => void>()

  get unanswered(): number {
    return this.timeouts + this.unavailable
  }

  note(what: 'answered' | 'timeouts' | 'unavailable'): void {
    this[what] += 1
    for (const look of this.#waiting) look()
  }

  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }
}

/**
 * Asks again and again, under the same command id, until there is an outcome. A caller who gets none is told so by
 * `CommandTimeout` or `StoreUnavailable`; any other error is one too many.
 */
export async function untilAnswered<T>(tally: Tally, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      const outcome = await ask()
      tally.note('answered')
      return outcome
    } catch (error) {
      if (error instanceof CommandTimeout) tally.note('timeouts')
      else if (error instanceof StoreUnavailable) tally.note('unavailable')
      else throw error
    }
  }
}
