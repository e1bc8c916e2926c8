import type { Insight } from '../../actors/insight.ts'
import type { Position } from '../event/position.ts'
import type { AggregateRows } from './wire.ts'

const mostStreams = 200_000
const eventsOfStep = 20_000

/**
 * The streams of the store with their last revisions. A store keeps no list of them, so the log is read: only when
 * asked, a step at a time, each going on where the last one ended.
 */
export class StreamIndex {
  readonly #insight: Insight
  readonly #revisions = new Map<string, number>()
  #last: Position | undefined
  #complete = false
  #full = false
  #reading: Promise<void> | undefined

  constructor(insight: Insight) {
    this.#insight = insight
  }

  get streams(): ReadonlyMap<string, number> {
    return this.#revisions
  }

  get state(): NonNullable<AggregateRows['index']> {
    const state = this.#full ? 'full' : this.#complete ? 'complete' : 'reading'
    return { streams: this.#revisions.size, state }
  }

  /** Reads on, a bounded step; those who ask meanwhile wait for the same one. */
  advance(): Promise<void> {
    this.#reading ??= this.#step().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #step(): Promise<void> {
    const { events, definitions } = this.#insight
    const filter = { categories: definitions.map(({ name }) => name) }
    const range = this.#last === undefined ? {} : { after: this.#last }
    let left = eventsOfStep
    for await (const page of events.readAll({ filter, ...range, limit: eventsOfStep })) {
      for (const { stream, revision, position } of page) {
        this.#last = position
        left--
        if (this.#revisions.size < mostStreams || this.#revisions.has(stream)) {
          this.#revisions.set(stream, revision)
        } else this.#full = true
      }
    }
    this.#complete = left > 0
  }
}
