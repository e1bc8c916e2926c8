import type { Direction, ReadStreamOptions } from './event-store.ts'

/** The revisions that a read of a stream delivers, both inclusive; none where `first > last`. */
export interface StreamRange {
  readonly first: number
  readonly last: number
  readonly direction: Direction
}

/** @param head the last revision of the stream now, -1 when empty: a read ends there, however fast others write. */
export function streamRange(options: ReadStreamOptions, head: number): StreamRange {
  const { direction = 'forwards', limit = Number.POSITIVE_INFINITY } = options
  if (direction === 'forwards') {
    const first = Math.max(0, options.from ?? 0)
    return { first, last: Math.min(head, first + limit - 1), direction }
  }
  const last = Math.min(head, options.from ?? head)
  return { first: Math.max(0, last - limit + 1), last, direction }
}
