/** Counts what is under way, so that closing can wait for it. */
export class UnderWay {
  #count = 0
  #over: (() => void) | undefined

  begin(): void {
    this.#count++
  }

  end(): void {
    if (--this.#count === 0) this.#over?.()
  }

  async during<Result>(work: Promise<Result>): Promise<Result> {
    this.begin()
    try {
      return await work
    } finally {
      this.end()
    }
  }

  /** Resolves when nothing is under way; nothing new may begin. */
  async over(): Promise<void> {
    if (this.#count === 0) return
    await new Promise<void>((resolve) => {
      this.#over = resolve
    })
  }
}
