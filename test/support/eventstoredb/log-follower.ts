import type { EventLog } from './event-log.ts'

/** Waits for what is committed next. */
export class LogFollower {
  readonly #stop: () => void
  #wake: (() => void) | undefined
  #news: 'none' | 'some' = 'none'

  constructor(log: EventLog) {
    this.#stop = log.onCommit(() => this.#signal())
  }

  #signal(): void {
    this.#news = 'some'
    this.#wake?.()
  }

  /** Resolves once something was committed since it was last called, or at `close`. */
  async next(): Promise<void> {
    if (this.#news === 'none') {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    this.#wake = undefined
    this.#news = 'none'
  }

  close(): void {
    this.#stop()
    this.#signal()
  }
}
