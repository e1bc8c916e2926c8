import { type Clock, systemRuntime, type Timer } from '../../../../src/runtime.ts'

interface Waiting {
  readonly due: number
  readonly real: Timer
  readonly task: () => void
}

/** The real clock, which can skip what a scenario waited: timers that fall into the gap fire at once, in order. */
export class SkippingClock implements Clock {
  readonly #waiting = new Set<Waiting>()
  #ahead = 0

  now(): number {
    return systemRuntime.clock.now() + this.#ahead
  }

  after(delayMs: number, task: () => void, kind?: 'background'): Timer {
    const fire = (): void => {
      this.#waiting.delete(waiting)
      task()
    }
    const real = systemRuntime.clock.after(delayMs, fire, kind)
    const waiting: Waiting = { due: this.now() + delayMs, real, task: fire }
    this.#waiting.add(waiting)
    return {
      cancel: () => {
        real.cancel()
        this.#waiting.delete(waiting)
      },
    }
  }

  skip(ms: number): void {
    this.#ahead += ms
    const due = [...this.#waiting].filter((waiting) => waiting.due <= this.now())
    for (const waiting of due.sort((a, b) => a.due - b.due)) {
      waiting.real.cancel()
      waiting.task()
    }
  }
}
