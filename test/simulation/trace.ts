/** Everything that happened, line by line, for people and for comparing two runs of one seed. */
export class Trace {
  readonly lines: string[] = []
  readonly #elapsedMs: () => number

  constructor(elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs
  }

  add(who: string, what: string): void {
    const at = this.#elapsedMs().toFixed(0).padStart(7)
    this.lines.push(`${at} ms  ${who.padEnd(8)} ${what}`)
  }
}
