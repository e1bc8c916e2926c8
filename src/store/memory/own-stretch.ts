import type { Append } from '../event-store.ts'

/**
 * The newest appends of the log as far as one system alone wrote them: who follows all but that system, as each system
 * follows the others, passes over them without a look. Without it each append of a system would be opened once more.
 */
export class OwnStretch {
  #system: string | undefined
  #first = 0

  /** The append with this ordinal was written. */
  add(ordinal: number, { commands }: Append): void {
    for (let nth = 0; nth < commands.length; nth++) {
      const { system } = commands[nth]!.origin
      if (system === this.#system) continue
      this.#system = system
      // Where an append comes from several, the stretch begins behind it.
      this.#first = nth === 0 ? ordinal : ordinal + 1
    }
  }

  /** Do this append and all behind it come from this system alone? */
  holds(ordinal: number, system: string): boolean {
    return this.#system === system && this.#first <= ordinal
  }
}
