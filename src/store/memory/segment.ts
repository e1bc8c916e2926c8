import type { Append } from '../event-store.ts'

export const segmentBits = 12
export const segmentSize = 1 << segmentBits

/**
 * A stretch of the log. Segments never move, so a log of millions grows without the pauses of an array that is
 * copied; the numbers stand in columns, so an append costs one reference and twenty bytes beside itself.
 */
export class Segment {
  readonly #appends: Append[] = []
  readonly #positions = new Float64Array(segmentSize)
  readonly #previous = new Int32Array(segmentSize)
  readonly #recordedAt = new Float64Array(segmentSize)

  /** @param previous the ordinal of the stream's append before it, -1 for the first. */
  add(append: Append, firstPosition: number, previous: number, recordedAt: number): void {
    const index = this.#appends.length
    this.#appends.push(append)
    this.#positions[index] = firstPosition
    this.#previous[index] = previous
    this.#recordedAt[index] = recordedAt
  }

  appendAt(ordinal: number): Append {
    return this.#appends[ordinal & (segmentSize - 1)]!
  }

  /** The position of its first event. */
  positionAt(ordinal: number): number {
    return this.#positions[ordinal & (segmentSize - 1)]!
  }

  previousAt(ordinal: number): number {
    return this.#previous[ordinal & (segmentSize - 1)]!
  }

  recordedAt(ordinal: number): number {
    return this.#recordedAt[ordinal & (segmentSize - 1)]!
  }
}
