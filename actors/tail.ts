import type { RecordedEvent } from '../src/event/recorded-event.ts'
import type { Subscription } from '../src/store/event-store.ts'
import { backoffDelay } from './backoff.ts'
import type { Environment } from './environment.ts'

/**
 * Follows the end of the store's global order for the writes of other systems, so that live aggregates are refreshed
 * before they run into a conflict. It is a help, not a guarantee: what it misses shows as a conflict.
 */
export class Tail {
  readonly #environment: Environment
  readonly #categories: readonly string[]
  readonly #observe: (event: RecordedEvent) => void
  #subscription: Subscription | undefined
  #stopped = false

  constructor(
    environment: Environment,
    categories: readonly string[],
    observe: (event: RecordedEvent) => void,
  ) {
    this.#environment = environment
    this.#categories = categories
    this.#observe = observe
  }

  /** Runs until `stop`. */
  async follow(): Promise<void> {
    const { runtime, settings, logger, lifetime } = this.#environment
    for (let attempt = 1; !this.#stopped; attempt++) {
      try {
        await this.#subscribe(() => {
          attempt = 1
        })
      } catch (error) {
        if (this.#stopped) return
        const delayMs = backoffDelay(runtime, settings.storeBackoff, attempt)
        logger.warn({ err: error, delayMs }, 'the tail of the store was lost; following it again')
        await lifetime.sleep(delayMs)
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#subscription?.close()
  }

  async #subscribe(onMessage: () => void): Promise<void> {
    const { store, system } = this.#environment
    const filter = { categories: this.#categories }
    this.#subscription = store.subscribe({ after: 'end', filter, exceptSystem: system })
    for await (const message of this.#subscription) {
      onMessage()
      if (message.kind !== 'events') continue
      for (const event of message.events) this.#observe(event)
    }
    if (!this.#stopped) throw new Error('The subscription ended.')
  }
}
