import { type Position, position } from '../../event/position.ts'
import type { RecordedEvent } from '../../event/recorded-event.ts'
import { charactersIn, eventsIn, localMaxAppendBytes, refusalOf } from '../append-limits.ts'
import { closedStore } from '../closed-store.ts'
import { matcherOf } from '../event-matcher.ts'
import type {
  Append,
  EventStore,
  ReadAllOptions,
  ReadStreamOptions,
  SnapshotStore,
  StoreContext,
  SubscribeOptions,
  Subscription,
  Verdict,
} from '../event-store.ts'
import { streamRange } from '../stream-range.ts'
import { type TailPage, TailSubscription } from '../tail-subscription.ts'
import type { HeadsOptions } from './heads.ts'
import type { OpenLog } from './open-log.ts'
import { Poll } from './poll.ts'
import { type LogLease, leaseLog } from './shared-logs.ts'
import { storageTrouble } from './storage-trouble.ts'
import { UnderWay } from './under-way.ts'
import { WaitingAppend, WaitingBatch } from './waiting-append.ts'

export async function openEmbedded(
  path: string,
  pollIntervalMs: number,
  context: StoreContext,
  headsOptions?: HeadsOptions,
): Promise<EventStore> {
  return new EmbeddedStore(await leaseLog(path, headsOptions), pollIntervalMs, context)
}

/** One system's handle on the log of a folder. */
class EmbeddedStore implements EventStore {
  readonly maxAppendBytes = localMaxAppendBytes
  readonly snapshots: SnapshotStore
  readonly #lease: LogLease
  readonly #log: OpenLog
  readonly #context: StoreContext
  readonly #poll: Poll
  readonly #subscriptions = new Set<Subscription>()
  readonly #underWay = new UnderWay()
  #closing: Promise<void> | undefined

  constructor(lease: LogLease, pollIntervalMs: number, context: StoreContext) {
    const { log } = lease
    this.#lease = lease
    this.#log = log
    this.#context = context
    this.#poll = new Poll(log, pollIntervalMs, context.runtime)
    this.snapshots = {
      load: (stream, atOrBelow) =>
        this.#reading('read a snapshot', () => log.snapshots.load(stream, atOrBelow)),
      save: (stream, snapshot) =>
        this.#reading('save a snapshot', () => this.#underWay.during(log.snapshots.save(stream, snapshot))),
    }
  }

  append(batch: readonly Append[], settle: (index: number, verdict: Verdict) => void): void {
    const taken = new WaitingBatch(this.#context.runtime.clock.now(), (index, verdict) => {
      settle(index, verdict)
      this.#underWay.end()
    })
    for (let index = 0; index < batch.length; index++) {
      const error = this.#take(batch[index]!, taken, index)
      if (error === undefined) this.#underWay.begin()
      else queueMicrotask(() => settle(index, { status: 'refused', error }))
    }
  }

  /** @returns why it is refused. */
  #take(append: Append, batch: WaitingBatch, index: number): Error | undefined {
    if (this.#closing !== undefined) return closedStore(this.#description)
    const events = eventsIn(append)
    const characters = charactersIn(append)
    return (
      refusalOf(append, events, characters, this.maxAppendBytes) ??
      this.#log.writer.write(new WaitingAppend(append, events, batch, index), characters)
    )
  }

  async checkHead(stream: string, revision: number): Promise<boolean> {
    return this.#reading('read', () => {
      this.#log.view.refresh()
      return this.#log.reader.headOf(stream) === revision
    })
  }

  async *readStream(
    stream: string,
    options: ReadStreamOptions = {},
  ): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    const { view, reader } = this.#log
    const pages = await this.#reading('read', () => {
      view.refresh()
      return reader.pagesOf(stream, streamRange(options, reader.headOf(stream)))
    })
    for (;;) {
      const { done, value } = await this.#reading('read', () => pages.next())
      if (done) return
      yield value
    }
  }

  async *readAll(options: ReadAllOptions = {}): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    const { view, reader } = this.#log
    const matcher = matcherOf(options.filter)
    let left = options.limit ?? Number.POSITIVE_INFINITY
    let cursor = options.after ?? position(0)
    const end = await this.#reading('read', () => {
      view.refresh()
      return reader.end
    })
    while (left > 0 && cursor < end) {
      const after = cursor
      const page = await this.#reading('read', () => reader.pageAfter(after, matcher))
      const events = page.events.filter((event) => event.position <= end).slice(0, left)
      cursor = page.cursor
      left -= events.length
      if (events.length > 0) yield events
      // A long stretch in which nothing fitted must not hold up the event loop.
      else if (cursor < end) await new Promise<void>((resolve) => this.#context.runtime.soon(resolve))
    }
  }

  subscribe(options: SubscribeOptions = {}): Subscription {
    const { after = 'start', exceptSystem } = options
    const matcher = matcherOf(options.filter)
    const tail = {
      read: (cursor: Position): TailPage => {
        this.#checkOpen()
        try {
          this.#log.view.refresh()
          return this.#log.reader.pageAfter(cursor, matcher, exceptSystem)
        } catch (cause) {
          throw this.#trouble('read', cause)
        }
      },
      listen: (listener: () => void) => this.#poll.listen(listener),
    }
    const subscription: Subscription = new TailSubscription(
      tail,
      after === 'start' ? position(0) : after === 'end' ? this.#endNow() : after,
      this.#context.runtime,
      () => this.#subscriptions.delete(subscription),
    )
    this.#subscriptions.add(subscription)
    return subscription
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    for (const subscription of this.#subscriptions) await subscription.close()
    await this.#underWay.over()
    await this.#lease.release()
  }

  /** Where a subscription from the end begins. A closed store says so when it is read. */
  #endNow(): Position {
    if (this.#closing !== undefined) return position(0)
    this.#log.view.refresh()
    return this.#log.reader.end
  }

  async #reading<Result>(doing: string, read: () => Result | Promise<Result>): Promise<Result> {
    this.#checkOpen()
    try {
      return await read()
    } catch (cause) {
      throw this.#trouble(doing, cause)
    }
  }

  #trouble(doing: string, cause: unknown): Error {
    return storageTrouble(this.#log.path, doing, cause)
  }

  get #description(): string {
    return `embedded ${this.#log.path}`
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw closedStore(this.#description)
  }
}
