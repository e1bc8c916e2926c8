export const segmentBits = 12
export const segmentSize = 1 << segmentBits

/**
 * The places of a stretch of the log, in columns: an append costs 36 bytes beside its record and not one object,
 * and segments never move, so that a log of millions grows without pauses.
 */
export class Segment {
  readonly #arenas = new Uint32Array(segmentSize)
  readonly #offsets = new Uint32Array(segmentSize)
  readonly #positions = new Float64Array(segmentSize)
  readonly #revisions = new Float64Array(segmentSize)
  readonly #previous = new Int32Array(segmentSize)
  readonly #recordedAt = new Float64Array(segmentSize)

  /**
   * Where an append stands, and what must be known to find one without decoding it. (Parameters, for an object would
   * be made for each append.)
   * @param arena the number of its arena.
   * @param offset where its record begins in there.
   * @param position that of its first event.
   * @param previous the ordinal of the stream's append before it, -1 for the first.
   */
  set(
    ordinal: number,
    arena: number,
    offset: number,
    position: number,
    expectedRevision: number,
    previous: number,
    recordedAt: number,
  ): void {
    const index = ordinal & (segmentSize - 1)
    this.#arenas[index] = arena
    this.#offsets[index] = offset
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
