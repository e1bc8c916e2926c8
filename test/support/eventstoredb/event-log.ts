import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../src/runtime.ts'
import { emptyWriteSize, type LogRecord, type ProposedEvent, recordSize } from './log-record.ts'

/** All that one stream holds, what is not committed yet at the end. */
export interface StreamHistory {
  readonly name: string
  readonly events: LogRecord[]
  /** How many of `events` are committed. */
  committed: number
  tombstone: LogRecord | undefined
  tombstoneCommitted: boolean
}

/** A write in the log: told when it is committed, or that it never will be. */
export interface PendingWrite {
  readonly records: readonly LogRecord[]
  readonly end: number
  readonly settle: (fate: 'committed' | 'lost') => void
}

const settingsOfScavenges = '{"$maxAge":2592000,"$acl":{"$r":"$ops","$w":[],"$d":[],"$mr":[],"$mw":[]}}'
const noBytes = new Uint8Array()

/**
 * The log of the server: every write gets its place at once, in order, and is committed later, in order. Checks of
 * expected revisions see what is not committed yet; readers and subscribers see what is.
 */
export class EventLog {
  readonly #clock: Clock
  readonly #streams = new Map<string, StreamHistory>()
  readonly #records: LogRecord[] = []
  readonly #pending: PendingWrite[] = []
  readonly #listeners = new Set<() => void>()
  #committedRecords = 0
  #end = 0
  #committedEnd = 0
  #commits: 'go on' | 'held' = 'go on'
  #commitScheduled = false

  constructor(clock: Clock) {
    this.#clock = clock
    this.#writeBirth()
  }

  /** What a fresh server writes before its first client comes: an unseen record, and the settings of a stream. */
  #writeBirth(): void {
    const event = (type: string, json: string): ProposedEvent => ({
      id: randomUUID(),
      type,
      isJson: true,
      data: Buffer.from(json),
      metadata: noBytes,
    })
    const birth = (kind: 'event' | 'system', stream: string, proposed: ProposedEvent, end: number) => {
      const history = this.#historyOf(stream)
      const record: LogRecord = {
        ...proposed,
        kind,
        stream,
        revision: history.events.length,
        position: this.#end,
        end,
        created: this.#ticks(),
      }
      this.#records.push(record)
      if (kind === 'event') history.events.push(record)
      this.#end = end
    }
    birth('system', '$system', event('$system', '{}'), 548)
    birth('event', '$$$scavenges', event('$metadata', settingsOfScavenges), 733)
    this.#historyOf('$$$scavenges').committed = 1
    this.#committedRecords = this.#records.length
    this.#committedEnd = this.#end
  }

  #ticks(): bigint {
    return BigInt(Math.round(this.#clock.now() * 10_000))
  }

  #historyOf(stream: string): StreamHistory {
    let history = this.#streams.get(stream)
    if (history === undefined) {
      history = { name: stream, events: [], committed: 0, tombstone: undefined, tombstoneCommitted: false }
      this.#streams.set(stream, history)
    }
    return history
  }

  /** `undefined`: nothing was ever written to it. */
  history(stream: string): StreamHistory | undefined {
    return this.#streams.get(stream)
  }

  /** The records of the whole log in order; those from `committedCount` on are not committed. */
  get records(): readonly LogRecord[] {
    return this.#records
  }

  get committedCount(): number {
    return this.#committedRecords
  }

  /** Where the next committed record will begin. */
  get committedEnd(): number {
    return this.#committedEnd
  }

  /** The index of the first record at or behind a position. */
  indexAt(position: number): number {
    let low = 0
    let high = this.#records.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#records[middle]!.position < position) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Gives the events their places, and answers with the write under way. */
  write(stream: string, events: readonly ProposedEvent[], settle: PendingWrite['settle']): PendingWrite {
    const history = this.#historyOf(stream)
    const created = this.#ticks()
    const records: LogRecord[] = []
    for (const event of events) {
      const position = this.#end
      const end = position + recordSize(stream, event)
      const record: LogRecord = {
        kind: 'event',
        stream,
        revision: history.events.length,
        position,
        end,
        created,
        id: event.id,
        type: event.type,
        isJson: event.isJson,
        data: event.data,
        metadata: event.metadata,
      }
      this.#end = end
      history.events.push(record)
      this.#records.push(record)
      records.push(record)
    }
    if (events.length === 0) this.#end += emptyWriteSize(stream)
    return this.#await(records, settle)
  }

  /** Ends a stream for ever. */
  writeTombstone(stream: string, id: string, settle: PendingWrite['settle']): PendingWrite {
    const history = this.#historyOf(stream)
    const event: ProposedEvent = {
      id,
      type: '$streamDeleted',
      isJson: false,
      data: noBytes,
      metadata: noBytes,
    }
    const position = this.#end
    const record: LogRecord = {
      ...event,
      kind: 'tombstone',
      stream,
      revision: Number.MAX_SAFE_INTEGER,
      position,
      end: position + recordSize(stream, event),
      created: this.#ticks(),
    }
    this.#end = record.end
    history.tombstone = record
    this.#records.push(record)
    return this.#await([record], settle)
  }

  #await(records: readonly LogRecord[], settle: PendingWrite['settle']): PendingWrite {
    const write = { records, end: this.#end, settle }
    this.#pending.push(write)
    this.#scheduleCommit()
    return write
  }

  #scheduleCommit(): void {
    if (this.#commits === 'held' || this.#commitScheduled || this.#pending.length === 0) return
    this.#commitScheduled = true
    // Group commit: what arrives in one turn of the event loop is committed together, after all of it was checked.
    setImmediate(() => {
      this.#commitScheduled = false
      if (this.#commits === 'go on') this.#commitAll()
    })
  }

  #commitAll(): void {
    const writes = this.#pending.splice(0)
    for (const write of writes) {
      for (const record of write.records) this.#markCommitted(record)
      this.#committedRecords += write.records.length
      this.#committedEnd = write.end
      write.settle('committed')
    }
    for (const listener of [...this.#listeners]) listener()
  }

  #markCommitted(record: LogRecord): void {
    const history = this.#historyOf(record.stream)
    if (record.kind === 'tombstone') history.tombstoneCommitted = true
    else history.committed = record.revision + 1
  }

  /** From now on nothing is committed, as when the leader has lost its quorum. */
  holdCommits(): void {
    this.#commits = 'held'
  }

  /** Commits what was held, and goes on. */
  releaseCommits(): void {
    this.#commits = 'go on'
    this.#scheduleCommit()
  }

  /** What is not committed vanishes, as when another leader takes over. */
  loseUncommitted(): void {
    for (const record of this.#records.slice(this.#committedRecords)) {
      const history = this.#historyOf(record.stream)
      if (record.kind === 'tombstone') history.tombstone = undefined
      else history.events.length = Math.min(history.events.length, history.committed)
    }
    this.#records.length = this.#committedRecords
    this.#end = this.#committedEnd
    for (const write of this.#pending.splice(0)) write.settle('lost')
  }

  /** Called after each commit, until the answer is called. */
  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
