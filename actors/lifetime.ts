import type { Clock, Timer } from '../src/runtime.ts'

/**
 * The time in which a system runs. All waiting ends with it: a stopped system leaves no timer behind that would keep
 * its process alive, or do something afterwards.
 */
export class Lifetime {
  readonly #clock: Clock
  readonly #waiting = new Map<() => void, Timer>()
  #stopped = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get stopped(): boolean {
    return this.#stopped
  }

  /** Waits so long, or until the system stops: look at `stopped` afterwards. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.after(delayMs, resolve))
  }

  /** Runs the task once: after so long, or as soon as the system stops; not at all where it is cancelled before. */
  after(delayMs: number, task: () => void): Timer {
    const run = (): void => {
      if (this.#waiting.delete(run)) task()
    }
    const timer = this.#clock.after(this.#stopped ? 0 : delayMs, run)
    this.#waiting.set(run, timer)
    return {
      cancel: () => {
        timer.cancel()
        this.#waiting.delete(run)
      },
    }
  }

  end(): void {
    this.#stopped = true
    for (const [run, timer] of this.#waiting) {
      timer.cancel()
      run()
    }
  }
}
