/**
 * For how long a store has been seen to hold less than it acknowledged (PROTOCOL rule 20). A read that lags shows
 * the same once in a while, however long the trouble around it lasts: only what is seen each time counts. Measured by
 * the waits between the looks, since the clock on the wall may be set meanwhile.
 */
export class StoreLag {
  #lastsMs: number | undefined

  /** It was seen. @returns for how long, all looks since the first one. */
  seen(): number {
    this.#lastsMs ??= 0
    return this.#lastsMs
  }

  /** A look at the store did not show it. */
  over(): void {
    this.#lastsMs = undefined
  }

  /** So long until the next look. */
  waited(ms: number): void {
    if (this.#lastsMs !== undefined) this.#lastsMs += ms
  }
}
