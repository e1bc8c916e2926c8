/**
 * So many at once, first come, first served. A holder that has to wait for something else gives its permit back for
 * that time, so that one slow store read never holds up the recovery of others.
 */
export class Permits {
  #free: number
  readonly #total: number
  #waiting: (() => void)[] = []
  /** Those before it have been served: a `shift` for each moves all others, 8 s for 100,000 of them (measured). */
  #first = 0

  constructor(total: number) {
    this.#total = total
    this.#free = total
  }

  get inUse(): number {
    return this.#total - this.#free
  }

  acquire(): Promise<void> | undefined {
    if (this.#free > 0) {
      this.#free--
      return undefined
    }
    return new Promise((resolve) => void this.#waiting.push(resolve))
  }

  release(): void {
    const next = this.#waiting[this.#first]
    if (next === undefined) {
      this.#free++
      return
    }
    this.#first++
    if (this.#first * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first)
      this.#first = 0
    }
    next()
  }

  get contended(): boolean {
    return this.#waiting.length > 0
  }
}
