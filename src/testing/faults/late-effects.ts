import type { Runtime } from '../../runtime.ts'

/** What will still happen in the store by itself: commits that are under way, answers that are late. */
export class LateEffects {
  readonly #runtime: Runtime
  readonly #onRest: () => void
  #waiting = 0

  /** @param onRest called each time that nothing is waiting any more. */
  constructor(runtime: Runtime, onRest: () => void) {
    this.#runtime = runtime
    this.#onRest = onRest
  }

  get waiting(): number {
    return this.#waiting
  }

  after(delayMs: number, effect: () => void): void {
    const done = this.begin()
    this.#runtime.clock.after(delayMs, () => {
      effect()
      done()
    })
  }

  /** Counts something as under way until the function that it returns is called. */
  begin(): () => void {
    this.#waiting++
    return () => {
      this.#waiting--
      if (this.#waiting === 0) this.#onRest()
    }
  }
}
