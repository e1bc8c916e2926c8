import type { StoreProvider } from 'reenact'
import { position } from '../src/event/position.ts'
import { eventsIn, localMaxAppendBytes } from '../src/store/append-limits.ts'
import type { Append, EventStore, StoreContext, Verdict } from '../src/store/event-store.ts'
import { TailSubscription } from '../src/store/tail-subscription.ts'

/**
 * A store that says "written" and keeps nothing: what is left beside it is the runtime's. For aggregates that stay live
 * and have one writer, since it could neither give back an event nor find a conflict.
 */
export function forgetfulStore(): StoreProvider {
  return { description: 'nothing', open: async (context) => new ForgetfulStore(context) }
}

class ForgetfulStore implements EventStore {
  readonly maxAppendBytes = localMaxAppendBytes
  readonly #context: StoreContext
  #events = 0

  constructor(context: StoreContext) {
    this.#context = context
  }

  append(batch: readonly Append[], settle: (index: number, verdict: Verdict) => void): void {
    queueMicrotask(() => {
      for (let index = 0; index < batch.length; index++) {
        const append = batch[index]!
        const events = eventsIn(append)
        this.#events += events
        const revision = append.expectedRevision + events
        settle(index, { status: 'written', revision, position: position(this.#events) })
      }
    })
  }

  async checkHead(): Promise<boolean> {
    return true
  }

  async *readStream(): AsyncGenerator<never, void, undefined> {}

  async *readAll(): AsyncGenerator<never, void, undefined> {}

  subscribe(): TailSubscription {
    const end = position(0)
    const tail = {
      read: () => ({ events: [], cursor: end, reached: 'end' }) as const,
      listen: () => () => undefined,
    }
    return new TailSubscription(tail, end, this.#context.runtime, () => undefined)
  }

  async close(): Promise<void> {}
}
