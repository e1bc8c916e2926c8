import type { Position } from '../event/position.ts'
import type { RecordedEvent } from '../event/recorded-event.ts'
import type { Runtime } from '../runtime.ts'
import type { Subscription, SubscriptionMessage } from './event-store.ts'

/** A stretch of a log behind a cursor. */
export interface TailPage {
  /** Those that fit the subscription, cut between appends. */
  readonly events: readonly RecordedEvent[]
  /** Where the next page begins: behind all that was looked at, also where nothing fitted. */
  readonly cursor: Position
  /** `end`: nothing more is there now. */
  readonly reached: 'end' | 'limit'
}

/** What a subscription needs of a log that can be read again at any place. */
export interface Tail {
  read(cursor: Position): TailPage
  /** Calls the listener whenever the log may have grown; returns what ends it. */
  listen(listener: () => void): () => void
}

/**
 * Follows a log by reading it: nothing is buffered for a slow reader, it just reads on from where it is. Live and
 * catch-up are therefore one and the same, and neither can skip nor repeat.
 */
export class TailSubscription implements Subscription {
  readonly #tail: Tail
  readonly #runtime: Runtime
  readonly #onClose: () => void
  #cursor: Position
  #closed = false
  #grown = false
  #wake: (() => void) | undefined
  #stopListening: (() => void) | undefined

  /** @param from events strictly after this position are delivered. */
  constructor(tail: Tail, from: Position, runtime: Runtime, onClose: () => void) {
    this.#tail = tail
    this.#cursor = from
    this.#runtime = runtime
    this.#onClose = onClose
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SubscriptionMessage, void, undefined> {
    if (this.#closed) return
    this.#stopListening ??= this.#tail.listen(() => this.#signal())
    let behind = true
    try {
      while (!this.#closed) {
        this.#grown = false
        const { events, cursor, reached } = this.#tail.read(this.#cursor)
        this.#cursor = cursor
        if (events.length > 0) {
          if (reached === 'limit') behind = true
          yield { kind: 'events', events }
        } else if (reached === 'limit') {
          // A long stretch in which nothing fitted must not hold up the event loop.
          await new Promise<void>((resolve) => this.#runtime.soon(resolve))
        } else if (behind) {
          behind = false
          yield { kind: 'caughtUp' }
        } else if (!this.#grown) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
        }
      }
    } finally {
      await this.close()
    }
  }

  #signal(): void {
    this.#grown = true
    this.#wake?.()
    this.#wake = undefined
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    // Here and not where the loop ends: a reader that never asks again would keep the log telling it for ever.
    this.#stopListening?.()
    this.#signal()
    this.#onClose()
  }
}
