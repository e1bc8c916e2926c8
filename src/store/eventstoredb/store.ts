import { StreamDeleted } from '../../errors.ts'
import { position } from '../../event/position.ts'
import type { RecordedEvent } from '../../event/recorded-event.ts'
import { charactersIn, eventsIn, refusalOf, unreadableText } from '../append-limits.ts'
import { closedStore } from '../closed-store.ts'
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
import { type AppendOrder, type AppendResult, Appends } from './appends.ts'
import { Calls } from './calls.ts'
import { Connection } from './connection.ts'
import { endsConnection, errorOf } from './failure.ts'
import { Follower, type FollowOptions } from './follower.ts'
import { Heartbeat } from './heartbeat.ts'
import { untilConnected } from './opening.ts'
import type { LogPosition } from './protocol.ts'
import { nameRefusal } from './reserved-names.ts'
import type { EventStoreDBSettings } from './settings.ts'
import { SnapshotStreams } from './snapshots.ts'
import { StreamAppend } from './stream-append.ts'
import { readStreamPages } from './stream-reader.ts'
import { addEvents, type Field } from './wire-event.ts'
import type { StartThread } from './worker-thread.ts'

/** A look at every node of a cluster of three, one of which is frozen, and the start of the thread. */
const searchMs = 15_000
/** After its own 2 s the server says that it could not commit; one that says nothing for 4 s is frozen. */
const answerMs = 4_000

/** A check that is lost with its connection is sent again over the next one: it asks for no more than before. */
const checkAttempts = 3

/** One system's handle on an EventStoreDB. */
export class EventStoreDBStore implements EventStore {
  readonly maxAppendBytes: number
  readonly snapshots: SnapshotStore
  readonly #settings: EventStoreDBSettings
  readonly #context: StoreContext
  readonly #description: string
  readonly #connection: Connection
  readonly #appends: Appends
  readonly #calls: Calls
  readonly #heartbeat: Heartbeat
  readonly #followers = new Set<Follower>()
  #closed = false

  constructor(settings: EventStoreDBSettings, context: StoreContext, start: StartThread) {
    const { runtime, logger } = context
    const { description } = settings.connection
    this.maxAppendBytes = settings.maxAppendBytes
    this.#settings = settings
    this.#context = context
    this.#description = description
    const { replaceAfterMs } = settings
    const times = { description, replaceAfterMs, searchMs, answerMs }
    this.#connection = new Connection(start, runtime, logger, times)
    this.#appends = new Appends(this.#connection, runtime, logger, settings)
    this.#calls = new Calls(this.#connection, runtime, settings.callTimeoutMs)
    const leader = settings.connection.preference === 'leader' ? 'required' : 'any'
    this.#heartbeat = new Heartbeat(this.#calls, runtime, settings.heartbeatMs, leader)
    this.snapshots = new SnapshotStreams({
      calls: this.#calls,
      append: (order) => this.#appendOnce(order),
      runtime,
      logger,
      maxAppendBytes: settings.maxAppendBytes,
      description,
    })
  }

  /** @throws StoreUnavailable with the reason, where no connection comes about in time. @throws AccessDenied */
  async open(): Promise<void> {
    const { runtime, logger } = this.#context
    for (const warning of this.#settings.connection.warnings) {
      logger.warn({ store: this.#description }, `EventStoreDB, connection string: ${warning}`)
    }
    this.#connection.open()
    try {
      await untilConnected(this.#connection, runtime, this.#settings.connectTimeoutMs)
    } catch (error) {
      this.#connection.close()
      throw error
    }
  }

  append(batch: readonly Append[], settle: (index: number, verdict: Verdict) => void): void {
    for (let index = 0; index < batch.length; index++) {
      const order = this.#orderOf(batch[index]!, (verdict) => settle(index, verdict))
      if (order instanceof Error) {
        this.#context.runtime.soon(() => settle(index, { status: 'refused', error: order }))
      } else this.#appends.add(order)
    }
  }

  async checkHead(stream: string, revision: number): Promise<boolean> {
    this.#checkOpen()
    const refused = nameRefusal(stream)
    if (refused !== undefined) throw new RangeError(`The stream '${stream}' cannot be checked: ${refused}.`)
    for (let attempt = 1; ; attempt++) {
      // An append of no events is answered when it is committed: nobody but the true leader can say so.
      const order = { stream, expectedRevision: revision, events: 0, fields: [], bytes: 0 }
      const result = await this.#appendOnce(order)
      if (result.status === 'written') return true
      if (result.status === 'conflict') return false
      const again = result.status === 'lost' && endsConnection(result.failure) && attempt < checkAttempts
      if (!again) throw errorOf(result.failure, this.#description, stream)
    }
  }

  async *readStream(
    stream: string,
    options: ReadStreamOptions = {},
  ): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    this.#checkOpen()
    if (stream === '') return
    yield* readStreamPages(this.#calls, this.#settings.pageEvents, stream, options)
  }

  /** By way of a subscription that ends where it has caught up: the server filters for those alone. */
  async *readAll(options: ReadAllOptions = {}): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    this.#checkOpen()
    let left = options.limit ?? Number.POSITIVE_INFINITY
    const { categories, eventTypes } = options.filter ?? {}
    if (left <= 0 || categories?.length === 0 || eventTypes?.length === 0) return
    const { callTimeoutMs } = this.#settings
    for await (const message of this.#follow(options, { patience: callTimeoutMs })) {
      if (message.kind === 'caughtUp') return
      const events = message.events.length > left ? message.events.slice(0, left) : message.events
      left -= events.length
      yield events
      if (left <= 0) return
    }
  }

  subscribe(options: SubscribeOptions = {}): Subscription {
    if (this.#closed) return failedSubscription(closedStore(this.#description))
    const { exceptSystem } = options
    const except = exceptSystem === undefined ? {} : { exceptSystem }
    return this.#follow(options, { patience: 'forever', ...except })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#appends.settled()
    await Promise.all([...this.#followers].map((follower) => follower.close()))
    this.#calls.close(closedStore(this.#description))
    this.#connection.close()
  }

  #follow(
    { after = 'start', filter = {} }: SubscribeOptions,
    special: Pick<FollowOptions, 'patience' | 'exceptSystem'>,
  ): Follower {
    const { runtime, logger } = this.#context
    const { silenceMs } = this.#settings
    const holdAppends = () => this.#appends.hold()
    const options = { after: placeOf(after), filter, silenceMs, holdAppends, ...special }
    const follower: Follower = new Follower(this.#connection, this.#calls, runtime, logger, options, () => {
      this.#followers.delete(follower)
      this.#heartbeat.leave()
    })
    this.#followers.add(follower)
    this.#heartbeat.join()
    return follower
  }

  #orderOf(append: Append, settle: (verdict: Verdict) => void): AppendOrder | Error {
    if (this.#closed) return closedStore(this.#description)
    const { stream, expectedRevision } = append
    const name = nameRefusal(stream)
    if (name !== undefined) {
      return new RangeError(`Nothing can be appended to the stream '${stream}': ${name}.`)
    }
    const events = eventsIn(append)
    const characters = charactersIn(append)
    const limit = refusalOf(append, events, characters, this.maxAppendBytes)
    if (limit !== undefined) return limit
    if (!isReadable(append)) return unreadableText(append)
    const fields: Field[] = []
    try {
      addEvents(fields, append, events)
    } catch (error) {
      return new TypeError(`The metadata of a command for ${stream} cannot be JSON: ${String(error)}`)
    }
    const revision = expectedRevision + events
    return new StreamAppend(append, events, characters, fields, (result) =>
      settle(this.#verdictOf(result, stream, revision)),
    )
  }

  #verdictOf(result: AppendResult, stream: string, revision: number): Verdict {
    switch (result.status) {
      case 'written':
        if (result.revision === revision) {
          return { status: 'written', revision, position: position(result.position) }
        }
        // Only a stream that was deleted softly goes on at another revision than the expected one.
        return { status: 'unknown', cause: new StreamDeleted(stream) }
      case 'conflict':
        return result
      case 'notSent':
        return { status: 'refused', error: errorOf(result.failure, this.#description) }
      case 'lost':
        return { status: 'unknown', cause: errorOf(result.failure, this.#description) }
      case 'failed': {
        const error = errorOf(result.failure, this.#description, stream)
        const { kind } = result.failure
        return kind === 'denied' || kind === 'tooLarge'
          ? { status: 'refused', error }
          : { status: 'unknown', cause: error }
      }
    }
  }

  #appendOnce(order: Omit<AppendOrder, 'settle'>): Promise<AppendResult> {
    this.#checkOpen()
    return new Promise((resolve) => this.#appends.add({ ...order, settle: resolve }))
  }

  #checkOpen(): void {
    if (this.#closed) throw closedStore(this.#description)
  }
}

/** Metadata is safe: JSON writes half of a character as an escape. */
function isReadable({ stream, commands }: Append): boolean {
  return (
    stream.isWellFormed() &&
    commands.every(({ events }) =>
      events.every(({ type, json }) => type.isWellFormed() && json.isWellFormed()),
    )
  )
}

function failedSubscription(error: Error): Subscription {
  return {
    close: async () => {},
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }),
  }
}

/** Both halves of the place of an event are the same; the first place of all is the start. */
function placeOf(after: NonNullable<SubscribeOptions['after']>): LogPosition | 'start' | 'end' {
  if (after === 'start' || after === 'end') return after
  return after === 0 ? 'start' : { commit: after, prepare: after }
}
