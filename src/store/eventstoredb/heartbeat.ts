import type { Runtime, Timer } from '../../runtime.ts'
import type { Calls } from './calls.ts'

/**
 * Asks the server for a sign of life while somebody follows it. A node that is cut off from the others, or frozen,
 * lets a subscription wait for ever without an error; to this it does not answer, or answers that it leads no more,
 * and the connection is made anew with one that does.
 */
export class Heartbeat {
  readonly #calls: Calls
  readonly #runtime: Runtime
  readonly #everyMs: number
  readonly #leader: 'required' | 'any'
  #listeners = 0
  #timer: Timer | undefined

  constructor(calls: Calls, runtime: Runtime, everyMs: number, leader: 'required' | 'any') {
    this.#calls = calls
    this.#runtime = runtime
    this.#everyMs = everyMs
    this.#leader = leader
  }

  /** One more follows the server. */
  join(): void {
    this.#listeners += 1
    if (this.#listeners === 1) this.#plan()
  }

  leave(): void {
    this.#listeners -= 1
    if (this.#listeners === 0) this.#timer?.cancel()
  }

  #plan(): void {
    this.#timer = this.#runtime.clock.after(this.#everyMs, () => void this.#beat(), 'background')
  }

  async #beat(): Promise<void> {
    // What follows from a failure follows where the call was made.
    await this.#calls.ask({ kind: 'ask', leader: this.#leader }).catch(() => {})
    if (this.#listeners > 0) this.#plan()
  }
}
