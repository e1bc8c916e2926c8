const runLength = 4_096

/**
 * Sorts many texts a little at a time: runs first, then they are merged as they are taken. Sorting a hundred
 * thousand at once would hold up the event loop for a tenth of a second.
 */
export class SortedRuns {
  readonly #unsorted: string[]
  /** Each in falling order, so that its least is popped from its end. */
  readonly #runs: string[][] = []

  constructor(texts: Iterable<string>) {
    this.#unsorted = [...texts]
  }

  /** @returns up to so many in rising order, all before those of the next call; none yet while runs are sorted. */
  take(limit: number): { readonly texts: readonly string[]; readonly left: 'some' | 'none' } {
    if (this.#unsorted.length > 0) {
      this.#runs.push(this.#unsorted.splice(-runLength).sort().reverse())
      if (this.#unsorted.length > 0) return { texts: [], left: 'some' }
    }
    const texts: string[] = []
    while (texts.length < limit) {
      const least = this.#runWithTheLeast()
      if (least === undefined) return { texts, left: 'none' }
      texts.push(least.pop()!)
    }
    return { texts, left: this.#runWithTheLeast() === undefined ? 'none' : 'some' }
  }

  #runWithTheLeast(): string[] | undefined {
    let least: string[] | undefined
    for (const run of this.#runs) {
      if (run.length > 0 && (least === undefined || run.at(-1)! < least.at(-1)!)) least = run
    }
    return least
  }
}
