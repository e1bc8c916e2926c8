/** Up to here each millisecond has a bucket of its own; above, eight buckets for each doubling (12% of error). */
const exact = 16
const buckets = exact + 27 * 8

/** Counts durations in constant memory, for percentiles. */
export class Histogram {
  readonly #counts = new Uint32Array(buckets)
  #total = 0

  add(milliseconds: number): void {
    const index = bucketOf(milliseconds)
    this.#counts[index] = this.#counts[index]! + 1
    this.#total++
  }

  get total(): number {
    return this.#total
  }

  /** The duration that this part of all (0 to 1) did not exceed, rounded up to its bucket; 0 where there is none. */
  percentile(part: number): number {
    const wanted = Math.max(1, Math.ceil(this.#total * part))
    let seen = 0
    for (let index = 0; index < buckets; index++) {
      seen += this.#counts[index]!
      if (seen >= wanted) return upperBoundOf(index)
    }
    return 0
  }

  clear(): void {
    this.#counts.fill(0)
    this.#total = 0
  }
}

function bucketOf(milliseconds: number): number {
  const whole = Math.min(Math.max(0, Math.floor(milliseconds)), 2 ** 31 - 1)
  if (whole < exact) return whole
  const exponent = 31 - Math.clz32(whole)
  return exact + (exponent - 4) * 8 + ((whole >> (exponent - 3)) & 7)
}

function upperBoundOf(index: number): number {
  if (index < exact) return index
  const exponent = 4 + Math.floor((index - exact) / 8)
  return (9 + ((index - exact) % 8)) * 2 ** (exponent - 3) - 1
}
