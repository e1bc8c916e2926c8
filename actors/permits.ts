/**
 * So many at once, first come, first served. A holder that has to wait for something else gives its permit back for
 * that time, so that one slow store read never holds up the recovery of others.
 */
export class Permits {
  #free: number
  readonly #total: number
  readonly #waiting: (() => void)[] = []

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
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next()
  }

  get contended(): boolean {
    return this.#waiting.length > 0
  }
}
