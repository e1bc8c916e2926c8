import { endianness } from 'node:os'
import type { JsonValue } from '../src/event/json.ts'
import { ManyCommands, revisionAtOrBelow } from './many-commands.ts'

/** What `find` gives nearly always: a command that is new. */
const none: readonly number[] = []

/** Up to here a scan beats an index, and a plain array the memory of typed ones: most aggregates stay below. */
const fewCommands = 16

/** In a dump, which any machine may read. */
const bytesOfCommand = 8
const inStoredOrder = (bytes: Buffer): Buffer => (endianness() === 'LE' ? bytes : bytes.swap32())

/**
 * The window of remembered commands (PROTOCOL rule 12): the last W commands that left events, as 32-bit fingerprints
 * of their ids with the revision of their first event. A pure function of the stream.
 *
 * Fingerprints instead of ids, since ids would cost ten times the memory; so a hit proves nothing until the command
 * id that is stored at that revision has been compared (of three million commands one collided when measured).
 *
 * The newest few stand in a small array of their own, and join the many others together: those are rarely in the
 * processor's cache, and fetching them for each command was the dearest step of its answer.
 */
export class CommandWindow {
  readonly #capacity: number
  /** The newest ones, oldest first: fingerprint, revision, fingerprint, revision ... Beyond `#few` it is room. */
  #flat: number[] = []
  #few = 0
  #many: ManyCommands | undefined
  /** Memory beyond that of a small window, which every aggregate has. Kept, because it is asked for at each append. */
  bytes = 0

  /** @param capacity W: how many commands are remembered, at least 1. */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return Math.min(this.#few + (this.#many?.size ?? 0), this.#capacity)
  }

  remember(fingerprint: number, revision: number): void {
    const capacity = this.#capacity
    if (this.#few === fewCommands && capacity > fewCommands) this.#join()
    if (this.#few === capacity) this.#dropOldest()
    const at = this.#few * 2
    // A literal has just the room it needs; the first `push` onto an empty array takes room for seventeen.
    if (this.#flat.length === 0) this.#flat = [fingerprint, revision]
    else if (at === this.#flat.length) this.#flat.push(fingerprint, revision)
    else {
      this.#flat[at] = fingerprint
      this.#flat[at + 1] = revision
    }
    this.#few++
  }

  /** The revisions at which a command with this fingerprint may stand, newest first; empty: certainly none. */
  find(fingerprint: number): readonly number[] {
    if (this.#many !== undefined) {
      this.#join()
      const found = this.#many.find(fingerprint)
      this.bytes = this.#many.bytes
      return found
    }
    let found: number[] | undefined
    for (let at = this.#few * 2 - 2; at >= 0; at -= 2) {
      if (this.#flat[at] !== fingerprint) continue
      found ??= []
      found.push(this.#flat[at + 1]!)
    }
    return found ?? none
  }

  /**
   * As text, in base64: fingerprint and the low 32 bits of the revision of each, oldest first. As JSON the numbers would
   * take a tenth of a millisecond and half as many characters again.
   */
  dump(): string {
    const bytes = Buffer.from(this.#numbers().buffer)
    return inStoredOrder(bytes).toString('base64')
  }

  #numbers(): Int32Array {
    if (this.#many === undefined) return Int32Array.from(this.#flat.slice(0, this.#few * 2))
    this.#join()
    return this.#many.numbers()
  }

  /**
   * @param newest a revision that none of the remembered ones is above, nor 2^32 below.
   * @returns `undefined` where the dump is none.
   */
  static restore(capacity: number, dump: JsonValue, newest: number): CommandWindow | undefined {
    if (typeof dump !== 'string') return undefined
    const bytes = Buffer.from(dump, 'base64')
    // What is not base64 was passed over.
    if (bytes.length % bytesOfCommand !== 0 || bytes.toString('base64') !== dump) return undefined
    const window = new CommandWindow(capacity)
    for (let at = 0; at < bytes.length; at += bytesOfCommand) {
      window.remember(bytes.readInt32LE(at), revisionAtOrBelow(newest, bytes.readInt32LE(at + 4)))
    }
    return window
  }

  /** The newest few join the others. */
  #join(): void {
    this.#many ??= new ManyCommands(this.#capacity)
    for (let at = 0; at < this.#few * 2; at += 2) this.#many.remember(this.#flat[at]!, this.#flat[at + 1]!)
    this.#few = 0
    this.bytes = this.#many.bytes
  }

  #dropOldest(): void {
    this.#flat.splice(0, 2)
    this.#few--
  }
}
