/** What a window keeps its commands in, by their number: most aggregates remember few. */
export interface RememberedCommands {
  readonly size: number
  readonly bytes: number
  remember(fingerprint: number, revision: number, capacity: number): void
  find(fingerprint: number): readonly number[]
  forEach(visit: (fingerprint: number, revision: number) => void): void
}

/** What `find` gives nearly always: a command that is new. */
export const none: readonly number[] = []

/** Up to here a scan beats an index, and a plain array the memory of typed ones: most aggregates stay below. */
export const fewCommands = 16

/** Oldest first, in one flat array: fingerprint, revision, fingerprint, revision ... */
export class FewCommands implements RememberedCommands {
  #flat: number[] = []

  get bytes(): number {
    return 0
  }

  get size(): number {
    return this.#flat.length / 2
  }

  remember(fingerprint: number, revision: number, capacity: number): void {
    if (this.size === capacity) this.#flat.splice(0, 2)
    // A literal has just the room it needs; the first `push` onto an empty array takes room for seventeen.
    if (this.#flat.length === 0) this.#flat = [fingerprint, revision]
    else this.#flat.push(fingerprint, revision)
  }

  find(fingerprint: number): readonly number[] {
    const flat = this.#flat
    let found: number[] | undefined
    for (let at = flat.length - 2; at >= 0; at -= 2) {
      if (flat[at] !== fingerprint) continue
      found ??= []
      found.push(flat[at + 1]!)
    }
    return found ?? none
  }

  forEach(visit: (fingerprint: number, revision: number) => void): void {
    for (let at = 0; at < this.#flat.length; at += 2) visit(this.#flat[at]!, this.#flat[at + 1]!)
  }
}
