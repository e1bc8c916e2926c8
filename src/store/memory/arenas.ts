import { ByteWriter } from '../record/byte-writer.ts'
import { uncountedMemory } from './uncounted-memory.ts'

const arenaBytes = 1024 * 1024
const firstArenaBytes = 64 * 1024

/**
 * The bytes of all records, outside of the JavaScript heap: objects that live for ever cost the garbage collector
 * more than encoding them costs here (measured: two to three times as much for each append).
 */
export class Arenas {
  readonly #arenas: ByteWriter[] = [arenaOf(firstArenaBytes)]

  /** The arena that the next record goes to. */
  get current(): ByteWriter {
    const arena = this.#arenas.at(-1)!
    if (arena.length < arenaBytes) return arena
    const next = arenaOf(arenaBytes + firstArenaBytes)
    this.#arenas.push(next)
    return next
  }

  /** The number of the current arena. */
  get number(): number {
    return this.#arenas.length - 1
  }

  bytesOf(number: number): Buffer {
    return this.#arenas[number]!.bytes
  }
}

const arenaOf = (capacity: number): ByteWriter =>
  new ByteWriter(capacity, (bytes) => Buffer.from(uncountedMemory(bytes)))
