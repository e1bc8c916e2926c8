import type { JsonValue } from '../src/event/json.ts'
import { FewCommands, fewCommands, type RememberedCommands } from './few-commands.ts'
import { ManyCommands } from './many-commands.ts'

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
