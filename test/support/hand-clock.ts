import type { Clock, Timer } from '../../src/runtime.ts'

interface Waiting {
  readonly due: number
  readonly task: () => void
}

/** A clock that a test moves by hand; timers fire inside of `advance`, in the order of their time. */
export class HandClock implements Clock {
  readonly #timers = new Set<Waiting>()
  #now = Date.UTC(2024, 0, 1)

  now(): number {
    return this.#now
  }

  after(delayMs: number, task: () => void): Timer {
    const timer = { due: this.#now + delayMs, task }
    this.#timers.add(timer)
    return { cancel: () => void this.#timers.delete(timer) }
  }

  get pending(): number {
    return this.#timers.size
  }

  advance(ms: number): void {
    const until = this.#now + ms
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.due)
      next.task()
    }
    this.#now = until
  }

  #next(until: number): Waiting | undefined {
    let first: Waiting | undefined
    for (const timer of this.#timers) {
      if (timer.due <= until && (first === undefined || timer.due < first.due)) first = timer
    }
    return first
  }
}
