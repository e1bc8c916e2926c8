import type { StreamHead } from './stream-head.ts'

const runLength = 4_096

const byStreamFalling = (one: StreamHead, other: StreamHead): number =>
  one.stream < other.stream ? 1 : one.stream > other.stream ? -1 : 0

/**
 * Sorts many heads by their streams, a little at a time: first runs, then those are merged as they are taken. Sorting
 * a hundred thousand at once would hold up the event loop for a tenth of a second.
 */
export class SortedHeads {
  readonly #unsorted: StreamHead[]
  /** Runs in falling order, so that the least of each is popped from its end; the runs are a heap by their least. */
  readonly #runs: StreamHead[][] = []

  constructor(heads: Iterable<StreamHead>) {
    this.#unsorted = [...heads]
  }

  get left(): 'some' | 'none' {
    return this.#unsorted.length === 0 && this.#runs.length === 0 ? 'none' : 'some'
  }

  /** Up to so many in rising order, all before those of the next call; none as long as there are runs to sort. */
  take(limit: number): readonly StreamHead[] {
    if (this.#unsorted.length > 0) {
      this.#runs.push(this.#unsorted.splice(-runLength).sort(byStreamFalling))
      this.#rise(this.#runs.length - 1)
      if (this.#unsorted.length > 0) return []
    }
    const heads: StreamHead[] = []
    while (heads.length < limit && this.#runs.length > 0) {
      const run = this.#runs[0]!
      heads.push(run.pop()!)
      if (run.length === 0) {
        const last = this.#runs.pop()!
        if (this.#runs.length > 0) this.#runs[0] = last
      }
      this.#sink()
    }
    return heads
  }

  #leastOf(index: number): string {
    return this.#runs[index]!.at(-1)!.stream
  }

  #rise(from: number): void {
    for (let index = from; index > 0; ) {
      const parent = (index - 1) >> 1
      if (this.#leastOf(parent) <= this.#leastOf(index)) return
      this.#swap(index, parent)
      index = parent
    }
  }

  #sink(): void {
    const { length } = this.#runs
    for (let index = 0; ; ) {
      let least = index
      for (const child of [index * 2 + 1, index * 2 + 2]) {
        if (child < length && this.#leastOf(child) < this.#leastOf(least)) least = child
      }
      if (least === index) return
      this.#swap(index, least)
      index = least
    }
  }

  #swap(one: number, other: number): void {
    const run = this.#runs[one]!
    this.#runs[one] = this.#runs[other]!
    this.#runs[other] = run
  }
}
