import { setTimeout } from 'node:timers/promises'

const beatMs = 20

/** Lets so many through in a second, a few at a time. */
export class Pace {
  readonly #perMillisecond: number
  readonly #since = performance.now()
  #passed = 0

  /** @param perSecond `undefined`: no limit. */
  constructor(perSecond: number | undefined) {
    this.#perMillisecond = perSecond === undefined ? Number.POSITIVE_INFINITY : perSecond / 1000
  }

  async turn(): Promise<void> {
    while (this.#passed > (performance.now() - this.#since) * this.#perMillisecond) await setTimeout(beatMs)
    this.#passed++
  }
}
