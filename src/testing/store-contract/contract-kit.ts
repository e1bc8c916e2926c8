import assert from 'node:assert/strict'
import { appendIds } from '../../event/event-id.ts'
import type { RecordedEvent } from '../../event/recorded-event.ts'
import { streamOf } from '../../event/stream-name.ts'
import type { Runtime } from '../../runtime.ts'
import type {
  Append,
  DecidedCommand,
  EventStore,
  ReadAllOptions,
  ReadStreamOptions,
  StoreProvider,
  SubscribeOptions,
  Verdict,
} from '../../store/event-store.ts'
import { eventsOf } from '../../store/events-of.ts'
import { silentLogger } from '../silent-logger.ts'
import type { StoreUnderTest } from './contract-types.ts'
import { Follower } from './follower.ts'

export type Written = Extract<Verdict, { status: 'written' }>

/** What one test of the contract works with: a store of its own, and the words to talk about it. */
export class ContractKit {
  readonly under: StoreUnderTest
  readonly runtime: Runtime
  /** A category that no other test uses, so that a test can find its own events in a shared log. */
  readonly category: string
  readonly #nextId: () => string
  readonly #stores: EventStore[] = []
  readonly #followers: Follower[] = []
  #commands = 0

  constructor(under: StoreUnderTest, runtime: Runtime) {
    this.under = under
    this.runtime = runtime
    this.category = `contract${runtime.uuid().replaceAll('-', '')}`
    this.#nextId = appendIds(runtime.uuid())
  }

  async open(system = 'system', provider: StoreProvider = this.under.provider): Promise<EventStore> {
    const store = await provider.open({ runtime: this.runtime, logger: silentLogger, system })
    this.#stores.push(store)
    return store
  }

  async dispose(): Promise<void> {
    for (const follower of this.#followers) await follower.close()
    for (const store of this.#stores) await store.close()
    await this.under.dispose?.()
  }

  stream(id: string): string {
    return streamOf(this.category, id)
  }

  /** Lets everybody else have a turn: a store that answers in microtasks would let a writer outrun its readers. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.runtime.soon(resolve))
  }

  appendId(): string {
    return this.#nextId()
  }

  /** A command with so many events, each with its own payload. */
  command(events: number, given: Partial<DecidedCommand['origin']> & { json?: string } = {}): DecidedCommand {
    const number = ++this.#commands
    const { json, ...origin } = given
    return {
      schemaVersion: 1,
      origin: {
        commandId: `command-${number}`,
        commandType: 'Do',
        count: events,
        system: 'system',
        correlationId: `correlation-${number}`,
        causationId: `causation-${number}`,
        ...origin,
      },
      events: Array.from({ length: events }, (_, index) => ({
        type: index % 2 === 0 ? 'Done' : 'DoneToo',
        json: json ?? JSON.stringify({ number, index }),
      })),
    }
  }

  /** An append of commands with so many events each. */
  appendOf(id: string, expectedRevision: number, ...events: readonly number[]): Append {
    return this.appendWith(
      id,
      expectedRevision,
      events.map((count) => this.command(count)),
    )
  }

  appendWith(id: string, expectedRevision: number, commands: readonly DecidedCommand[]): Append {
    return { id: this.#nextId(), stream: this.stream(id), expectedRevision, commands }
  }

  /** Sends the batch; resolves with all verdicts when each index was settled. */
  send(store: EventStore, batch: readonly Append[]): Promise<readonly Verdict[]> {
    return new Promise((resolve, reject) => {
      const verdicts = new Map<number, Verdict>()
      store.append(batch, (index, verdict) => {
        if (verdicts.has(index)) reject(new Error(`Append ${index} of the batch was settled twice.`))
        verdicts.set(index, verdict)
        if (verdicts.size === batch.length) resolve(batch.map((_, each) => verdicts.get(each)!))
      })
    })
  }

  async sendOne(store: EventStore, append: Append): Promise<Verdict> {
    const [verdict] = await this.send(store, [append])
    assert.ok(verdict !== undefined)
    return verdict
  }

  /** Sends it and asserts that it was written. */
  async write(store: EventStore, append: Append): Promise<Written> {
    const verdict = await this.sendOne(store, append)
    assert.equal(verdict.status, 'written', describeVerdict(verdict))
    return verdict as Written
  }

  /** Writes so many events to a stream from its start on, in appends of a bounded size. */
  async fill(store: EventStore, id: string, events: number, perAppend = 1_000): Promise<Written> {
    let written: Written | undefined
    for (let revision = -1; revision < events - 1; revision = written.revision) {
      const count = Math.min(perAppend, events - 1 - revision)
      written = await this.write(store, this.appendOf(id, revision, ...new Array<number>(count).fill(1)))
    }
    assert.ok(written !== undefined)
    return written
  }

  async readStream(store: EventStore, id: string, options?: ReadStreamOptions): Promise<RecordedEvent[]> {
    return collect(store.readStream(this.stream(id), options))
  }

  /** The events of this test in the global order. */
  async readAll(store: EventStore, options: ReadAllOptions = {}): Promise<RecordedEvent[]> {
    return collect(store.readAll({ ...options, filter: { categories: [this.category], ...options.filter } }))
  }

  /** Subscribes to the events of this test. */
  follow(store: EventStore, options: SubscribeOptions = {}): Follower {
    const filter = { categories: [this.category], ...options.filter }
    const follower = new Follower(store.subscribe({ ...options, filter }))
    this.#followers.push(follower)
    return follower
  }
}

/** All events of a read, in order; a page without events is a breach of the contract. */
async function collect(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const checked = async function* () {
    for await (const page of pages) {
      assert.ok(page.length > 0, 'A page is never empty.')
      yield page
    }
  }
  const events: RecordedEvent[] = []
  for await (const event of eventsOf(checked())) events.push(event)
  return events
}

export function describeVerdict(verdict: Verdict): string {
  if (verdict.status === 'refused') return `refused: ${verdict.error.message}`
  return verdict.status === 'unknown' ? `unknown: ${String(verdict.cause)}` : JSON.stringify(verdict)
}
