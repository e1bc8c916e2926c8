import { decodePlace, encodePlace } from './head-codec.ts'
import type { KeyedTable } from './lmdb.ts'
import type { Place } from './place.ts'
import { markKey } from './stream-key.ts'

/**
 * Each append knows the one before it in its stream, so a stream is read from its end to its beginning. So that one
 * need not go through all of a long stream to its middle, the append that holds the last revision of each stretch of
 * so many is marked. A stream that is shorter has no marks and costs nothing.
 */
export const revisionsOfStretch = 1_024

/** The number of the stretch that a revision is in. */
export function stretchOf(revision: number): number {
  return Math.floor(revision / revisionsOfStretch)
}

/** The last revision of a stretch. */
export function lastOfStretch(stretch: number): number {
  return (stretch + 1) * revisionsOfStretch - 1
}

/** The append that holds the last revision of a stretch of a stream. */
export interface Mark extends Place {
  readonly stream: string
  readonly stretch: number
}

/** Adds a mark for every stretch that an append ends. */
export function marksOf(
  stream: string,
  expectedRevision: number,
  revision: number,
  block: number,
  index: number,
  marks: Mark[],
): void {
  const after = stretchOf(revision + 1)
  for (let stretch = stretchOf(expectedRevision + 1); stretch < after; stretch++) {
    marks.push({ stream, stretch, block, index })
  }
}

export class Marks {
  readonly #table: KeyedTable

  constructor(table: KeyedTable) {
    this.#table = table
  }

  write({ stream, stretch, block, index }: Mark): void {
    this.#table.write(markKey(stream, stretch), encodePlace(block, index))
  }

  /** The append that holds the last revision of a stretch, which must be written. */
  of(stream: string, stretch: number): Place | undefined {
    const bytes = this.#table.read(markKey(stream, stretch))
    return bytes === undefined ? undefined : decodePlace(bytes)
  }
}
