import type { JsonValue } from '../src/event/json.ts'

/**
 * The window of remembered commands (PROTOCOL rule 12): the last W commands that left events, as 32-bit fingerprints
 * of their ids with the revision of their first event. A pure function of the stream.
 *
 * Fingerprints instead of ids, since ids would cost ten times the memory; so a hit proves nothing until the command
 * id that is stored at that revision has been compared (of three million commands one collided when measured).
 * Small windows are scanned; larger ones have an open-addressed index.
 */
export class CommandWindow {
  readonly #capacity: number
  #fingerprints = new Uint32Array(0)
  #revisions = new Float64Array(0)
  /** How many commands were ever remembered: the next one goes to `count % capacity`. */
  #count = 0
  /** Open addressing over places of the ring, plus one; 0: free. Absent while the window is small. */
  #index: Uint32Array | undefined

  /** @param capacity W: how many commands are remembered, at least 1. */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return Math.min(this.#count, this.#capacity)
  }

  /** Heap bytes of what is remembered. */
  get bytes(): number {
    return this.#fingerprints.length * 12 + (this.#index?.length ?? 0) * 4
  }

  remember(fingerprint: number, revision: number): void {
    const place = this.#count % this.#capacity
    if (place === this.#fingerprints.length) this.#grow()
    else if (this.#count >= this.#capacity) this.#forget(place)
    this.#fingerprints[place] = fingerprint
    this.#revisions[place] = revision
    this.#count++
    if (this.#index !== undefined) this.#insert(this.#index, place)
  }

  /** The revisions at which a command with this fingerprint may stand, newest first; empty: certainly none. */
  find(fingerprint: number): readonly number[] {
    const found: number[] = []
    if (this.#index === undefined) {
      for (let place = this.size - 1; place >= 0; place--) {
        if (this.#fingerprints[place] === fingerprint) found.push(this.#revisions[place] as number)
      }
    } else {
      const mask = this.#index.length - 1
      for (let slot = fingerprint & mask; this.#index[slot] !== 0; slot = (slot + 1) & mask) {
        const place = (this.#index[slot] as number) - 1
        if (this.#fingerprints[place] === fingerprint) found.push(this.#revisions[place] as number)
      }
    }
    return found.length === 0 ? none : found.sort((left, right) => right - left)
  }

  /** As JSON, oldest first: fingerprint, revision, fingerprint, revision ... */
  dump(): readonly number[] {
    const dump: number[] = []
    for (let nth = this.#count - this.size; nth < this.#count; nth++) {
      const place = nth % this.#capacity
      dump.push(this.#fingerprints[place] as number, this.#revisions[place] as number)
    }
    return dump
  }

  /** @returns `undefined` where the dump is none. */
  static restore(capacity: number, dump: JsonValue): CommandWindow | undefined {
    if (!Array.isArray(dump) || dump.length % 2 !== 0 || !dump.every((part) => typeof part === 'number'))
      return undefined
    const window = new CommandWindow(capacity)
    const numbers = dump as readonly number[]
    for (let at = 0; at < numbers.length; at += 2)
      window.remember(numbers[at] as number, numbers[at + 1] as number)
    return window
  }

  #grow(): void {
    const length = Math.min(this.#capacity, Math.max(4, this.#fingerprints.length * 2))
    const fingerprints = new Uint32Array(length)
    fingerprints.set(this.#fingerprints)
    const revisions = new Float64Array(length)
    revisions.set(this.#revisions)
    this.#fingerprints = fingerprints
    this.#revisions = revisions
    if (length <= scannedSize) return
    // Twice the places and a power of two: at most half full, so a search ends soon.
    this.#index = new Uint32Array(2 ** Math.ceil(Math.log2(length * 2)))
    for (let place = 0; place < this.#count; place++) this.#insert(this.#index, place)
  }

  #insert(index: Uint32Array, place: number): void {
    const mask = index.length - 1
    let slot = (this.#fingerprints[place] as number) & mask
    while (index[slot] !== 0) slot = (slot + 1) & mask
    index[slot] = place + 1
  }

  /** Takes a place out of the index, closing the gap (Knuth, volume 3, 6.4, algorithm R). */
  #forget(place: number): void {
    const index = this.#index
    if (index === undefined) return
    const mask = index.length - 1
    let gap = (this.#fingerprints[place] as number) & mask
    while (index[gap] !== place + 1) gap = (gap + 1) & mask
    for (let slot = (gap + 1) & mask; index[slot] !== 0; slot = (slot + 1) & mask) {
      const home = (this.#fingerprints[(index[slot] as number) - 1] as number) & mask
      if (((slot - home) & mask) >= ((slot - gap) & mask)) {
        index[gap] = index[slot] as number
        gap = slot
      }
    }
    index[gap] = 0
  }
}

const none: readonly number[] = []

/** Up to here a scan of the fingerprints beats an index. */
const scannedSize = 16

/** A 32-bit fingerprint of a command id (FNV-1a over its UTF-16 units, with a final mix so that the low bits differ). */
export function fingerprintOf(commandId: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < commandId.length; at++) {
    hash = Math.imul(hash ^ commandId.charCodeAt(at), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}
