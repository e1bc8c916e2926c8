import type { JsonValue } from '../src/event/json.ts'

/**
 * The window of remembered commands (PROTOCOL rule 12): the last W commands that left events, as 32-bit fingerprints
 * of their ids with the revision of their first event. A pure function of the stream.
 *
 * Fingerprints instead of ids, since ids would cost ten times the memory; so a hit proves nothing until the command
 * id that is stored at that revision has been compared (of three million commands one collided when measured).
 */
export class CommandWindow {
  readonly #capacity: number
  #commands: RememberedCommands = new FewCommands()

  /** @param capacity W: how many commands are remembered, at least 1. */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#commands.size
  }

  /** Memory beyond that of a small window, which every aggregate has. */
  get bytes(): number {
    return this.#commands.bytes
  }

  remember(fingerprint: number, revision: number): void {
    if (
      this.#commands.size === fewCommands &&
      this.#commands instanceof FewCommands &&
      this.#capacity > fewCommands
    ) {
      this.#commands = new ManyCommands(this.#capacity, this.#commands)
    }
    this.#commands.remember(fingerprint, revision, this.#capacity)
  }

  /** The revisions at which a command with this fingerprint may stand, newest first; empty: certainly none. */
  find(fingerprint: number): readonly number[] {
    return this.#commands.find(fingerprint)
  }

  /** As JSON, oldest first: fingerprint, revision, fingerprint, revision ... */
  dump(): readonly number[] {
    const dump: number[] = []
    this.#commands.forEach((fingerprint, revision) => void dump.push(fingerprint, revision))
    return dump
  }

  /** @returns `undefined` where the dump is none. */
  static restore(capacity: number, dump: JsonValue): CommandWindow | undefined {
    if (!Array.isArray(dump) || dump.length % 2 !== 0) return undefined
    if (!dump.every((part) => typeof part === 'number')) return undefined
    const window = new CommandWindow(capacity)
    const numbers = dump as readonly number[]
    for (let at = 0; at < numbers.length; at += 2) window.remember(numbers[at]!, numbers[at + 1]!)
    return window
  }
}

interface RememberedCommands {
  readonly size: number
  readonly bytes: number
  remember(fingerprint: number, revision: number, capacity: number): void
  find(fingerprint: number): readonly number[]
  forEach(visit: (fingerprint: number, revision: number) => void): void
}

const none: readonly number[] = []

/** Up to here a scan beats an index, and a plain array the memory of typed ones: most aggregates stay below. */
const fewCommands = 16

/** Oldest first, in one flat array: fingerprint, revision, fingerprint, revision ... */
class FewCommands implements RememberedCommands {
  readonly bytes = 0
  #flat: number[] = []

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

/** A ring of W places that grows on demand, with an open-addressed index from fingerprint to place. */
class ManyCommands implements RememberedCommands {
  readonly #capacity: number
  #fingerprints = new Int32Array(0)
  #revisions = new Float64Array(0)
  /** Places of the ring, plus one; 0: free. At most half full, so that a search ends soon. */
  #index = new Uint32Array(0)
  /** How many commands were ever remembered: the next one goes to `count % capacity`. */
  #count = 0
  bytes = 0

  constructor(capacity: number, few: FewCommands) {
    this.#capacity = capacity
    few.forEach((fingerprint, revision) => {
      this.remember(fingerprint, revision)
    })
  }

  get size(): number {
    return Math.min(this.#count, this.#capacity)
  }

  remember(fingerprint: number, revision: number): void {
    const place = this.#count % this.#capacity
    if (place === this.#fingerprints.length) this.#grow()
    else if (this.#count >= this.#capacity) this.#forget(place)
    this.#fingerprints[place] = fingerprint
    this.#revisions[place] = revision
    this.#count++
    this.#insert(place)
  }

  find(fingerprint: number): readonly number[] {
    const mask = this.#index.length - 1
    let found: number[] | undefined
    for (let slot = fingerprint & mask; this.#index[slot] !== 0; slot = (slot + 1) & mask) {
      const place = this.#index[slot]! - 1
      if (this.#fingerprints[place] !== fingerprint) continue
      found ??= []
      found.push(this.#revisions[place]!)
    }
    return found === undefined ? none : found.sort((left, right) => right - left)
  }

  forEach(visit: (fingerprint: number, revision: number) => void): void {
    for (let nth = this.#count - this.size; nth < this.#count; nth++) {
      const place = nth % this.#capacity
      visit(this.#fingerprints[place]!, this.#revisions[place]!)
    }
  }

  #grow(): void {
    const length = Math.min(this.#capacity, Math.max(2 * fewCommands, this.#fingerprints.length * 2))
    const fingerprints = new Int32Array(length)
    fingerprints.set(this.#fingerprints)
    const revisions = new Float64Array(length)
    revisions.set(this.#revisions)
    this.#fingerprints = fingerprints
    this.#revisions = revisions
    this.#index = new Uint32Array(2 ** Math.ceil(Math.log2(length * 2)))
    this.bytes = length * 12 + this.#index.length * 4
    for (let place = 0; place < this.#count; place++) this.#insert(place)
  }

  #insert(place: number): void {
    const index = this.#index
    const mask = index.length - 1
    let slot = this.#fingerprints[place]! & mask
    while (index[slot] !== 0) slot = (slot + 1) & mask
    index[slot] = place + 1
  }

  /** Takes a place out of the index, closing the gap (Knuth, volume 3, 6.4, algorithm R). */
  #forget(place: number): void {
    const index = this.#index
    const mask = index.length - 1
    let gap = this.#fingerprints[place]! & mask
    while (index[gap] !== place + 1) gap = (gap + 1) & mask
    for (let slot = (gap + 1) & mask; index[slot] !== 0; slot = (slot + 1) & mask) {
      const home = this.#fingerprints[index[slot]! - 1]! & mask
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue
      index[gap] = index[slot]!
      gap = slot
    }
    index[gap] = 0
  }
}

/**
 * A 32-bit fingerprint of a command id (FNV-1a over its UTF-16 units, with a final mix so that the low bits differ).
 * Signed: V8 keeps a larger integer in an object of its own.
 */
export function fingerprintOf(commandId: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < commandId.length; at++) {
    hash = Math.imul(hash ^ commandId.charCodeAt(at), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return hash ^ (hash >>> 13)
}
