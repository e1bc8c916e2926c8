import type { Append, Verdict } from '../../store/event-store.ts'

/** What a replica that lags behind shows: the log up to the end of an older append. */
export class LaggingView {
  readonly #revisions = new Map<string, number[]>()
  readonly #positions: number[] = []

  /** Notes an append that was written; one that is written already changes nothing. */
  written(append: Append, { revision, position }: Verdict & { status: 'written' }): void {
    let revisions = this.#revisions.get(append.stream)
    if (revisions === undefined) {
      // What was there before the first append that is known here can always be read.
      revisions = [append.expectedRevision]
      this.#revisions.set(append.stream, revisions)
    }
    if (revision <= revisions.at(-1)!) return
    revisions.push(revision)
    this.#positions.push(position)
  }

  /** The last revision of the stream that a replica shows which is so many of its appends behind. */
  revisionOf(stream: string, appendsBehind: number): number {
    const revisions = this.#revisions.get(stream)
    if (revisions === undefined) return Number.POSITIVE_INFINITY
    return revisions[Math.max(0, revisions.length - 1 - appendsBehind)]!
  }

  /** The last position that a replica shows which is so many appends behind. */
  position(appendsBehind: number): number {
    return (
      this.#positions[Math.max(0, this.#positions.length - 1 - appendsBehind)] ?? Number.POSITIVE_INFINITY
    )
  }
}
