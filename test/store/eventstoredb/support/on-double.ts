import { systemRuntime } from '../../../../src/runtime.ts'
import type {
  Append,
  EventStore,
  StoreProvider,
  Subscription,
  Verdict,
} from '../../../../src/store/event-store.ts'
import { type EventStoreDBOptions, eventStoreDB } from '../../../../src/store/eventstoredb/index.ts'
import { type DoubleOptions, EventStoreDouble } from '../../../support/eventstoredb/event-store-double.ts'
import { RecordingLogger } from './recording-logger.ts'
import { inProcessStore } from './store-on.ts'
import { command } from './test-bench.ts'

export interface OnDoubleOptions extends Partial<EventStoreDBOptions> {
  readonly double?: DoubleOptions
  /** Default: `in process`, see there. */
  readonly thread?: 'in process' | 'own'
}

/** Stores on a double of the server, all closed in the end. */
export class OnDouble {
  readonly double: EventStoreDouble
  readonly logger = new RecordingLogger()
  readonly #options: OnDoubleOptions
  readonly #stores: EventStore[] = []
  #appends = 0

  private constructor(double: EventStoreDouble, options: OnDoubleOptions) {
    this.double = double
    this.#options = options
  }

  static async start(options: OnDoubleOptions = {}): Promise<OnDouble> {
    return new OnDouble(await EventStoreDouble.start({ commitTimeoutMs: 100, ...options.double }), options)
  }

  provider(more: OnDoubleOptions = {}): StoreProvider {
    const { double: _, thread = 'in process', ...given } = { ...this.#options, ...more }
    const options = { connectionString: this.double.connectionString, ...given }
    return thread === 'own' ? eventStoreDB(options) : inProcessStore(options)
  }

  async open(more: OnDoubleOptions = {}): Promise<EventStore> {
    const context = { runtime: systemRuntime, logger: this.logger, system: 'system' }
    const store = await this.provider(more).open(context)
    this.#stores.push(store)
    return store
  }

  appendOf(stream: string, expectedRevision = -1, events = 1): Append {
    const id = `00000000-0000-8000-a000-${(++this.#appends).toString(16).padStart(8, '0')}0000`
    const commands = Array.from({ length: events }, () => command)
    return { id, stream, expectedRevision, commands }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Whatever a store still waits for ends with the server.
    this.double.faults.clear()
    await Promise.all([this.double.stop(), ...this.#stores.map((store) => store.close())])
  }
}

export function send(store: EventStore, append: Append): Promise<Verdict> {
  return new Promise((resolve) => store.append([append], (_index, verdict) => resolve(verdict)))
}

/** Sends the same append until it is settled, as the runtime does with one that is unknown or was not sent. */
export async function settle(store: EventStore, append: Append): Promise<Verdict> {
  for (;;) {
    const verdict = await send(store, append)
    if (verdict.status === 'written' || verdict.status === 'conflict') return verdict
  }
}

export async function revisionsOf(store: EventStore, stream: string): Promise<number[]> {
  const revisions: number[] = []
  for await (const page of store.readStream(stream)) revisions.push(...page.map(({ revision }) => revision))
  return revisions
}

/** The places of the first so many events of a subscription, as `stream/revision`. */
export async function follow(subscription: Subscription, count: number): Promise<string[]> {
  const places: string[] = []
  for await (const message of subscription) {
    if (message.kind === 'events')
      places.push(...message.events.map(({ stream, revision }) => `${stream}/${revision}`))
    if (places.length >= count) break
  }
  return places
}
