import type { Runtime } from '../../../../src/runtime.ts'
import type { EventLog } from '../event-log.ts'
import { linkType, type ResolvedRecord, resolve } from '../link.ts'
import type { LogRecord } from '../log-record.ts'
import type { LogWriter } from '../log-writer.ts'
import type { Consumer, Message } from './consumer.ts'
import type { GroupSettings } from './group-settings.ts'
import { GroupSource } from './group-source.ts'
import { groupDropped } from './persistent-error.ts'

/** What a group needs of its server. */
export interface GroupServer {
  readonly log: EventLog
  readonly writer: LogWriter
  readonly runtime: Runtime
}

export type NackAction = 'retry' | 'park' | 'skip'

/** A persistent subscription: one reader of a stream, whose events are shared out among its consumers. */
export class PersistentGroup {
  readonly stream: string
  readonly name: string
  readonly consumers: Consumer[] = []
  readonly #server: GroupServer
  readonly #source: GroupSource
  readonly #retries: Message[] = []
  readonly #stopListening: () => void
  #settings: GroupSettings
  #total = 0
  /** The first event that is not done with; all before it are. */
  readonly #open = new Set<number>()
  #highest = -1
  #checkpoint = -1
  #parked = 0
  #replayed = 0

  constructor(server: GroupServer, stream: string, name: string, settings: GroupSettings) {
    this.stream = stream
    this.name = name
    this.#server = server
    this.#settings = settings
    this.#source = new GroupSource(server.log, server.runtime.clock, stream, settings)
    this.#stopListening = server.log.onCommit(() => this.dispatch())
  }

  get settings(): GroupSettings {
    return this.#settings
  }

  get statistics() {
    const { lastKnown, waiting } = this.#source
    return {
      lastKnown,
      waiting,
      total: this.#total,
      retries: this.#retries.length,
      parked: this.#parked - this.#replayed,
      checkpoint: this.#checkpoint < 0 ? '' : String(this.#checkpoint),
    }
  }

  /** New settings; those who are there must come again. */
  update(settings: GroupSettings): void {
    this.#settings = settings
    this.#dropAll()
  }

  end(): void {
    this.#stopListening()
    this.#dropAll()
  }

  #dropAll(): void {
    for (const consumer of this.consumers.splice(0)) consumer.drop(groupDropped(this.stream, this.name))
  }

  join(consumer: Consumer): void {
    this.consumers.push(consumer)
    this.dispatch()
  }

  /** What the consumer had not answered goes to the others, as a retry. */
  leave(consumer: Consumer): void {
    const index = this.consumers.indexOf(consumer)
    if (index < 0) return
    this.consumers.splice(index, 1)
    for (const message of consumer.takeAll()) this.#retry(message)
    this.dispatch()
  }

  /** Gives out all that there is room for. */
  dispatch(): void {
    for (;;) {
      const consumer = this.#choose()
      if (consumer === undefined) return
      const message = this.#retries.shift() ?? this.#read()
      if (message === undefined) return
      this.#total++
      const timeout = this.#settings.messageTimeoutMs
      const timer = this.#server.runtime.clock.after(
        timeout === 0 ? 2 ** 31 - 1 : timeout,
        () => this.#timeOut(consumer, message),
        'background',
      )
      consumer.push(message, timer)
    }
  }

  #choose(): Consumer | undefined {
    const free = this.consumers.find((consumer) => consumer.slots > 0)
    if (free === undefined || this.#settings.strategy !== 'RoundRobin') return free
    // Whoever gets an event goes to the end of the row.
    this.consumers.splice(this.consumers.indexOf(free), 1)
    this.consumers.push(free)
    return free
  }

  #read(): Message | undefined {
    const record = this.#source.take()
    if (record === undefined) return undefined
    this.#highest = record.revision
    this.#open.add(record.revision)
    return this.#message(record, this.#settings.links)
  }

  #message(record: LogRecord, links: GroupSettings['links']): Message {
    const resolved: ResolvedRecord =
      links === 'followed' ? resolve(this.#server.log, record) : { event: record, link: undefined }
    return { record, resolved, retryCount: 0 }
  }

  #timeOut(consumer: Consumer, message: Message): void {
    if (consumer.take(message.record.id) !== undefined) this.#retry(message)
    this.dispatch()
  }

  ack(consumer: Consumer, ids: readonly string[]): void {
    for (const id of ids) {
      const message = consumer.take(id)
      if (message !== undefined) this.#done(message)
    }
    this.#writeCheckpoint()
    this.dispatch()
  }

  nack(consumer: Consumer, ids: readonly string[], action: NackAction, reason: string): void {
    for (const id of ids) {
      const message = consumer.take(id)
      if (message === undefined) continue
      if (action === 'retry') this.#retry(message)
      else {
        if (action === 'park') this.#park(message, `Client explicitly NAK'ed message.\n${reason}`)
        this.#done(message)
      }
    }
    this.dispatch()
  }

  #retry(message: Message): void {
    if (message.retryCount < this.#settings.maxRetryCount) {
      this.#retries.push({ ...message, retryCount: message.retryCount + 1 })
      return
    }
    this.#park(message, `Reached retry count of ${this.#settings.maxRetryCount}`)
    this.#done(message)
  }

  #done(message: Message): void {
    if (message.record.stream === this.stream) this.#open.delete(message.record.revision)
  }

  get #parkedStream(): string {
    return `$persistentsubscription-${this.stream}::${this.name}-parked`
  }

  #park({ resolved, record }: Message, reason: string): void {
    const event = resolved.event ?? record
    const { runtime, writer } = this.#server
    const added = new Date(runtime.clock.now()).toISOString()
    // The server leaves out a number that is 0.
    const number = event.revision === 0 ? {} : { subscriptionEventNumber: event.revision }
    const metadata = { added, reason, ...number }
    this.#parked++
    const link = {
      id: runtime.uuid(),
      type: linkType,
      isJson: false,
      data: Buffer.from(`${event.revision}@${event.stream}`),
      metadata: Buffer.from(JSON.stringify(metadata, null, 2)),
    }
    writer.append(this.#parkedStream, 'any', [link], () => {})
  }

  /** What was parked is given out again, and leaves the parked stream. */
  replayParked(): void {
    const parked = this.#server.log.history(this.#parkedStream)
    const until = parked?.committed ?? 0
    if (parked === undefined || until === this.#replayed) return
    for (const link of parked.events.slice(this.#replayed, until)) {
      this.#retries.push(this.#message(link, 'followed'))
    }
    this.#replayed = until
    const metadata = Buffer.from(JSON.stringify({ $tb: until }))
    const event = { type: '$metadata', isJson: true, data: metadata, metadata: new Uint8Array() }
    const id = this.#server.runtime.uuid()
    this.#server.writer.append(`$$${this.#parkedStream}`, 'any', [{ id, ...event }], () => {})
    this.dispatch()
  }

  /** The last event before which everything is done with, written now and then. */
  #writeCheckpoint(): void {
    const reached = this.#open.size === 0 ? this.#highest : Math.min(...this.#open) - 1
    if (this.#source.isAll || reached - this.#checkpoint < this.#settings.minCheckpointCount) return
    this.#checkpoint = reached
    const { writer, runtime } = this.#server
    const event = {
      id: runtime.uuid(),
      type: 'SubscriptionCheckpoint',
      isJson: true,
      data: Buffer.from(JSON.stringify(String(reached))),
      metadata: new Uint8Array(),
    }
    writer.append(`$persistentsubscription-${this.stream}::${this.name}-checkpoint`, 'any', [event], () => {})
  }
}
