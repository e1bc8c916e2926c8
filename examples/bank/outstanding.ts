/** Keeps so many promises under way and no more. The first one that fails ends the feeding. */
export class Outstanding {
  readonly #limit: number
  #count = 0
  #failure: { readonly error: unknown } | undefined
  #wake: () => void = () => undefined

  constructor(limit: number) {
    this.#limit = limit
  }

  add(promise: Promise<void>): void {
    this.#count++
    promise
      .catch((error: unknown) => {
        this.#failure ??= { error }
      })
      .finally(() => {
        this.#count--
        this.#wake()
      })
  }

  /** Waits until one more may be added. @throws what the first failed promise failed with. */
  async room(): Promise<void> {
    while (this.#count >= this.#limit && this.#failure === undefined) await this.#change()
    if (this.#failure !== undefined) throw this.#failure.error
  }

  /** Waits until none is under way. @throws what the first failed promise failed with. */
  async drained(): Promise<void> {
    while (this.#count > 0) await this.#change()
    if (this.#failure !== undefined) throw this.#failure.error
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
