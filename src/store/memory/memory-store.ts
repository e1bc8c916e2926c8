import { position } from '../../event/position.ts'
import type { RecordedEvent } from '../../event/recorded-event.ts'
import { localMaxAppendBytes } from '../append-limits.ts'
import { closedStore } from '../closed-store.ts'
import { matcherOf } from '../event-matcher.ts'
import type {
  Append,
  EventStore,
  ReadAllOptions,
  ReadStreamOptions,
  SnapshotStore,
  StoreContext,
  StoreProvider,
  SubscribeOptions,
  Subscription,
  Verdict,
} from '../event-store.ts'
import { keepSnapshots, newestAtOrBelow } from '../kept-snapshots.ts'
import { streamRange } from '../stream-range.ts'
import { TailSubscription } from '../tail-subscription.ts'
import { MemoryLog } from './memory-log.ts'

const description = 'memory'

/**
 * A store in the memory of this process, for tests and for trying things out: it keeps every guarantee of a store
 * but the one of outliving the process. All systems that are started with the same provider share its data, and
 * closing loses nothing: a system can be stopped and started again on it.
 *
 * @example const store = memoryStore()
 *          const system = await start({ aggregates: [account], store })
 */
export function memoryStore(): StoreProvider {
  const log = new MemoryLog()
  return { description, open: async (context) => new MemoryStore(log, context) }
}

/** One system's handle on the shared log. */
class MemoryStore implements EventStore {
  readonly maxAppendBytes = localMaxAppendBytes
  readonly snapshots: SnapshotStore
  readonly #log: MemoryLog
  readonly #context: StoreContext
  readonly #subscriptions = new Set<Subscription>()
  #closed = false

  constructor(log: MemoryLog, context: StoreContext) {
    this.#log = log
    this.#context = context
    this.snapshots = {
      load: async (stream, atOrBelow) => {
        this.#checkOpen()
        return newestAtOrBelow(log.snapshots.get(stream) ?? [], atOrBelow)
      },
      save: async (stream, snapshot) => {
        this.#checkOpen()
        log.snapshots.set(stream, keepSnapshots(log.snapshots.get(stream) ?? [], snapshot))
      },
    }
  }

  append(batch: readonly Append[], settle: (index: number, verdict: Verdict) => void): void {
    const verdicts = this.#closed
      ? batch.map((): Verdict => ({ status: 'refused', error: closedStore(description) }))
      : this.#log.write(batch, this.maxAppendBytes, this.#context.runtime.clock.now())
    queueMicrotask(() => {
      for (let index = 0; index < verdicts.length; index++) settle(index, verdicts[index]!)
      for (const listener of this.#log.listeners) listener()
    })
  }

  async checkHead(stream: string, revision: number): Promise<boolean> {
    this.#checkOpen()
    return this.#log.head(stream) === revision
  }

  async *readStream(
    stream: string,
    options: ReadStreamOptions = {},
  ): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    this.#checkOpen()
    for (const page of this.#log.pagesOf(stream, streamRange(options, this.#log.head(stream)))) {
      yield page
      this.#checkOpen()
    }
  }

  async *readAll(options: ReadAllOptions = {}): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    this.#checkOpen()
    const matcher = matcherOf(options.filter)
    const end = this.#log.end
    let left = options.limit ?? Number.POSITIVE_INFINITY
    let cursor = options.after ?? position(0)
    while (left > 0 && cursor < end) {
      const page = this.#log.pageAfter(cursor, matcher)
      const events = page.events.filter((event) => event.position <= end).slice(0, left)
      cursor = page.cursor
      left -= events.length
      if (events.length > 0) yield events
      // A long stretch in which nothing fitted must not hold up the event loop.
      else if (cursor < end) await new Promise<void>((resolve) => this.#context.runtime.soon(resolve))
      this.#checkOpen()
    }
  }

  subscribe(options: SubscribeOptions = {}): Subscription {
    const { after = 'start', exceptSystem } = options
    const from = after === 'start' ? position(0) : after === 'end' ? this.#log.end : after
    const matcher = matcherOf(options.filter)
    const tail = {
      read: (cursor: typeof from) => {
        this.#checkOpen()
        return this.#log.pageAfter(cursor, matcher, exceptSystem)
      },
      listen: (listener: () => void) => {
        this.#log.listeners.add(listener)
        return () => void this.#log.listeners.delete(listener)
      },
    }
    const subscription: Subscription = new TailSubscription(tail, from, this.#context.runtime, () =>
      this.#subscriptions.delete(subscription),
    )
    this.#subscriptions.add(subscription)
    return subscription
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const subscription of this.#subscriptions) await subscription.close()
  }

  #checkOpen(): void {
    if (this.#closed) throw closedStore(description)
  }
}
