import type { Runtime, Timer } from '../../runtime.ts'
import type { OpenLog } from './open-log.ts'

/**
 * Looks at intervals whether another process has written, as long as somebody listens. What this process writes is
 * told at once by its writer.
 */
export class Poll {
  readonly #log: OpenLog
  readonly #intervalMs: number
  readonly #runtime: Runtime
  readonly #listeners = new Set<() => void>()
  #timer: Timer | undefined

  constructor(log: OpenLog, intervalMs: number, runtime: Runtime) {
    this.#log = log
    this.#intervalMs = intervalMs
    this.#runtime = runtime
  }

  /** Calls the listener when the log may have grown; returns what ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    this.#log.listeners.add(listener)
    this.#timer ??= this.#next()
    return () => {
      this.#listeners.delete(listener)
      this.#log.listeners.delete(listener)
      if (this.#listeners.size > 0) return
      this.#timer?.cancel()
      this.#timer = undefined
    }
  }

  #next(): Timer {
    return this.#runtime.clock.after(this.#intervalMs, () => {
      this.#timer = this.#next()
      try {
        this.#log.view.refresh()
        this.#log.tell()
      } catch {
        // Whoever listens reads, and meets the same trouble where it can be told.
        for (const listener of this.#listeners) listener()
      }
    })
  }
}
