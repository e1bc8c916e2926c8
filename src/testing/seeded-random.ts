/**
 * A random source that a seed fixes: the same seed gives the same numbers on every machine.
 * The generator is sfc32 (Chris Doty-Humphrey's Small Fast Counter), seeded by splitmix32: fast, of 128 bits of
 * state, and well tested; seeds that lie next to each other give unrelated sequences.
 */
export interface SeededRandom {
  /** At least 0, below 1. */
  next(): number
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number
  /** True with the given probability (0 to 1). */
  chance(probability: number): boolean
  /** One of the list. @throws RangeError where the list is empty. */
  pick<T>(list: readonly T[]): T
  /**
   * A source of its own that this one seeds: what one part of a simulation draws from it changes nothing for the
   * others.
   */
  fork(): SeededRandom
  /** A UUID of version 4. */
  uuid(): string
}

/** @param seed any number; its lower 32 bits count. */
export function seededRandom(seed: number): SeededRandom {
  const next32 = sfc32(seed)
  const random: SeededRandom = {
    next: () => next32() / 0x1_0000_0000,
    below: (limit) => Math.floor(random.next() * limit),
    between: (least, most) => least + random.below(most - least + 1),
    chance: (probability) => random.next() < probability,
    pick(list) {
      if (list.length === 0) throw new RangeError('There is nothing to pick from: the list is empty.')
      return list[random.below(list.length)]!
    },
    fork: () => seededRandom(next32()),
    uuid: () => uuidOf([next32(), next32(), next32(), next32()]),
  }
  return random
}

function sfc32(seed: number): () => number {
  const seeds = splitmix32(seed)
  let [a, b, c, counter] = [seeds(), seeds(), seeds(), 1]
  const next = (): number => {
    const result = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + result) | 0
    return result >>> 0
  }
  // The first numbers still resemble the seed; the author of sfc32 throws a dozen away.
  for (let round = 0; round < 12; round++) next()
  return next
}

function splitmix32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  }
}

function uuidOf(words: readonly number[]): string {
  const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('')
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}
