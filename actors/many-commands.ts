/** What `find` gives nearly always: a command that is new. */
const none: readonly number[] = []

/** Places that it begins with. */
const firstPlaces = 32

/**
 * A ring of W places that grows on demand: two numbers for each. The first search adds an open-addressed index from
 * fingerprint to place; before, each command would pay it two fetches from memory, and most aggregates are never asked
 * for a command by an id of the caller's. All in one typed array, for each further one would be a fetch more.
 *
 * Of a revision its low 32 bits are kept. The newest one tells the rest, since W commands leave less than 2^32 events.
 */
export class ManyCommands {
  readonly #capacity: number
  /** For each place its fingerprint and its revision, then the slots of the index: a place plus one, or 0 for free. */
  #table = new Int32Array(0)
  #places = 0
  /** Slots of the index less one; -1: no index yet. At most half of them are taken, so that a search ends soon. */
  #mask = -1
  /** How many commands were ever remembered: the next one goes to `count % capacity`. */
  #count = 0
  #newestRevision = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return Math.min(this.#count, this.#capacity)
  }

  get bytes(): number {
    return this.#table.byteLength
  }

  remember(fingerprint: number, revision: number): void {
    const place = this.#count % this.#capacity
    if (place === this.#places) this.#grow()
    else if (this.#mask >= 0 && this.#count >= this.#capacity) this.#forget(place)
    this.#table[place * 2] = fingerprint
    this.#table[place * 2 + 1] = revision
    this.#newestRevision = revision
    this.#count++
    if (this.#mask >= 0) this.#insert(place)
  }

  find(fingerprint: number): readonly number[] {
    if (this.#mask < 0) this.#index()
    const table = this.#table
    const index = this.#places * 2
    let found: number[] | undefined
    for (let slot = fingerprint & this.#mask; table[index + slot] !== 0; slot = (slot + 1) & this.#mask) {
      const place = table[index + slot]! - 1
      if (table[place * 2] !== fingerprint) continue
      found ??= []
      found.push(this.#revisionAt(place))
    }
    return found === undefined ? none : found.sort((left, right) => right - left)
  }

  /** All of them, oldest first: fingerprint and the low 32 bits of the revision of each. */
  numbers(): Int32Array {
    const numbers = new Int32Array(this.size * 2)
    // A ring that is full begins where the next one goes to.
    const oldest = this.#count > this.#capacity ? (this.#count % this.#capacity) * 2 : 0
    const older = this.#table.subarray(oldest, numbers.length)
    numbers.set(older)
    numbers.set(this.#table.subarray(0, oldest), older.length)
    return numbers
  }

  #revisionAt(place: number): number {
    return revisionAtOrBelow(this.#newestRevision, this.#table[place * 2 + 1]!)
  }

  #grow(): void {
    const places = Math.min(this.#capacity, Math.max(firstPlaces, this.#places * 2))
    const isIndexed = this.#mask >= 0
    const known = this.#table.subarray(0, this.#places * 2)
    this.#table = new Int32Array(places * 2)
    this.#table.set(known)
    this.#places = places
    if (isIndexed) this.#index()
  }

  /** Makes the index anew, behind all the places. */
  #index(): void {
    const slots = 2 ** Math.ceil(Math.log2(this.#places * 2))
    const table = new Int32Array(this.#places * 2 + slots)
    table.set(this.#table.subarray(0, this.#places * 2))
    this.#table = table
    this.#mask = slots - 1
    for (let place = 0; place < this.size; place++) this.#insert(place)
  }

  #insert(place: number): void {
    const table = this.#table
    const index = this.#places * 2
    let slot = table[place * 2]! & this.#mask
    while (table[index + slot] !== 0) slot = (slot + 1) & this.#mask
    table[index + slot] = place + 1
  }

  /** Takes a place out of the index, closing the gap (Knuth, volume 3, 6.4, algorithm R). */
  #forget(place: number): void {
    const table = this.#table
    const mask = this.#mask
    const index = this.#places * 2
    let gap = table[place * 2]! & mask
    while (table[index + gap] !== place + 1) gap = (gap + 1) & mask
    for (let slot = (gap + 1) & mask; table[index + slot] !== 0; slot = (slot + 1) & mask) {
      const home = table[(table[index + slot]! - 1) * 2]! & mask
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue
      table[index + gap] = table[index + slot]!
      gap = slot
    }
    table[index + gap] = 0
  }
}

/** The revision with these low 32 bits that is the next one at or below another. */
export function revisionAtOrBelow(newest: number, lowBits: number): number {
  return newest - (((newest | 0) - lowBits) >>> 0)
}
