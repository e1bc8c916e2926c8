import { uncountedMemory } from './uncounted-memory.ts'

export const segmentBits = 12
export const segmentSize = 1 << segmentBits

const columnOf = ({ BYTES_PER_ELEMENT }: { readonly BYTES_PER_ELEMENT: number }): SharedArrayBuffer =>
  uncountedMemory(segmentSize * BYTES_PER_ELEMENT)

/** Where the text of an append stands, and whether it is ASCII for certain. */
export interface TextPlace {
  readonly start: number
  readonly end: number
  readonly encoding: 'ascii' | 'utf8'
}

/**
 * The places of a stretch of the log, in columns: an append costs 44 bytes beside its record and not one object,
 * and segments never move, so that a log of millions grows without pauses.
 */
export class Segment {
  readonly #arenas = new Uint32Array(columnOf(Uint32Array))
  readonly #offsets = new Uint32Array(columnOf(Uint32Array))
  readonly #textStarts = new Uint32Array(columnOf(Uint32Array))
  /** Bytes * 2, + 1 where it is ASCII. */
  readonly #textLengths = new Uint32Array(columnOf(Uint32Array))
  readonly #positions = new Float64Array(columnOf(Float64Array))
  readonly #revisions = new Float64Array(columnOf(Float64Array))
  readonly #previous = new Int32Array(columnOf(Int32Array))
  readonly #recordedAt = new Float64Array(columnOf(Float64Array))

  /**
   * Where an append stands, and what must be known to find one without decoding it. (Parameters, for an object would
   * be made for each append.)
   * @param arena the number of its arena.
   * @param offset where its numbers begin in there.
   * @param text the place and the encoding of its text in there.
   * @param position that of its first event.
   * @param previous the ordinal of the stream's append before it, -1 for the first.
   */
  set(
    ordinal: number,
    arena: number,
    offset: number,
    text: TextPlace,
    position: number,
    expectedRevision: number,
    previous: number,
    recordedAt: number,
  ): void {
    const index = ordinal & (segmentSize - 1)
    this.#arenas[index] = arena
    this.#offsets[index] = offset
    this.#textStarts[index] = text.start
    this.#textLengths[index] = (text.end - text.start) * 2 + (text.encoding === 'ascii' ? 1 : 0)
    this.#positions[index] = position
    this.#revisions[index] = expectedRevision
    this.#previous[index] = previous
    this.#recordedAt[index] = recordedAt
  }

  arena(ordinal: number): number {
    return this.#arenas[ordinal & (segmentSize - 1)]!
  }

  offset(ordinal: number): number {
    return this.#offsets[ordinal & (segmentSize - 1)]!
  }

  textStart(ordinal: number): number {
    return this.#textStarts[ordinal & (segmentSize - 1)]!
  }

  textEnd(ordinal: number): number {
    return this.textStart(ordinal) + (this.#textLengths[ordinal & (segmentSize - 1)]! >>> 1)
  }

  textEncoding(ordinal: number): TextPlace['encoding'] {
    return (this.#textLengths[ordinal & (segmentSize - 1)]! & 1) === 1 ? 'ascii' : 'utf8'
  }

  position(ordinal: number): number {
    return this.#positions[ordinal & (segmentSize - 1)]!
  }

  expectedRevision(ordinal: number): number {
    return this.#revisions[ordinal & (segmentSize - 1)]!
  }

  previous(ordinal: number): number {
    return this.#previous[ordinal & (segmentSize - 1)]!
  }

  recordedAt(ordinal: number): number {
    return this.#recordedAt[ordinal & (segmentSize - 1)]!
  }
}
