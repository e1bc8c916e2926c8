import { fingerprintFrom, noText, withText, withUnit } from './fingerprint.ts'

/** The last three digits of an id: so many ids share all that stands before. */
const endings: readonly string[] = Array.from({ length: 1_000 }, (_, nth) => `${nth}`.padStart(3, '0'))
const digitZero = '0'.charCodeAt(0)

/**
 * The ids of commands that come without one: a random name of the system and a count. Short, since each command
 * carries its id, and put together of two texts that are there already: a number's text costs more than all the rest.
 */
export class CommandIds {
  /** Of the id that was given last: cheaper from the number than from the text. */
  fingerprint = 0
  readonly #name: string
  #count = 0
  /** All but the ending, and the state of its fingerprint. */
  #beginning = ''
  #state = 0

  /** @param uuid fresh for each system; 64 bits of it name the system's commands. */
  constructor(uuid: string) {
    this.#name = BigInt(`0x${uuid.replaceAll('-', '').slice(16)}`).toString(36)
    this.#begin()
  }

  next(): string {
    const ending = this.#count % 1_000
    const id = this.#beginning + endings[ending]!
    const hundreds = (ending / 100) | 0
    const tens = ((ending / 10) | 0) % 10
    const state = withUnit(withUnit(this.#state, digitZero + hundreds), digitZero + tens)
    this.fingerprint = fingerprintFrom(withUnit(state, digitZero + (ending % 10)))
    this.#count++
    if (ending === 999) this.#begin()
    return id
  }

  #begin(): void {
    this.#beginning = `${this.#name}-${this.#count / 1_000}`
    this.#state = withText(noText, this.#beginning)
  }
}
