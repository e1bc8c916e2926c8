export const segmentBits = 12
export const segmentSize = 1 << segmentBits

/** Where an append stands, and what must be known to find one without decoding it. */
export interface Place {
  /** The number of its arena, and where its record begins in there. */
  readonly arena: number
  readonly offset: number
  /** The position of its first event. */
  readonly position: number
  readonly expectedRevision: number
  /** The ordinal of the stream's append before it, -1 for the first. */
  readonly previous: number
  readonly recordedAt: number
}

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

  set(ordinal: number, place: Place): void {
    const index = ordinal & (segmentSize - 1)
    this.#arenas[index] = place.arena
    this.#offsets[index] = place.offset
    this.#positions[index] = place.position
    this.#revisions[index] = place.expectedRevision
    this.#previous[index] = place.previous
    this.#recordedAt[index] = place.recordedAt
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
