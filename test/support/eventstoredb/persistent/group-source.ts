import type { Clock } from '../../../../src/runtime.ts'
import type { EventLog } from '../event-log.ts'
import type { LogRecord } from '../log-record.ts'
import { firstVisible, metadataOf } from '../stream-metadata.ts'
import type { GroupSettings } from './group-settings.ts'

/** What a group reads, one record after the other: a stream, or what its filter lets through of $all. */
export class GroupSource {
  readonly #log: EventLog
  readonly #clock: Clock
  readonly #stream: string
  readonly #filter: GroupSettings['filter']
  #next: number
  #tombstone: 'to come' | 'read' = 'to come'

  constructor(log: EventLog, clock: Clock, stream: string, settings: GroupSettings) {
    this.#log = log
    this.#clock = clock
    this.#stream = stream
    this.#filter = settings.filter
    this.#next = settings.startFrom === 'end' ? this.#count() : settings.startFrom
  }

  get isAll(): boolean {
    return this.#stream === '$all'
  }

  #count(): number {
    return this.isAll ? this.#log.committedCount : (this.#log.history(this.#stream)?.committed ?? 0)
  }

  /** What comes next, without taking it; `undefined` where there is nothing yet. */
  #peek(): LogRecord | undefined {
    if (this.isAll) {
      for (; this.#next < this.#log.committedCount; this.#next++) {
        const record = this.#log.records[this.#next]!
        if (record.kind !== 'system' && (this.#filter?.matches(record) ?? true)) return record
      }
      return undefined
    }
    const history = this.#log.history(this.#stream)
    if (history === undefined) return undefined
    const visible = firstVisible(history, metadataOf(this.#log, this.#stream), this.#clock)
    this.#next = Math.max(this.#next, visible)
    if (this.#next < history.committed) return history.events[this.#next]
    return history.tombstoneCommitted && this.#tombstone === 'to come' ? history.tombstone : undefined
  }

  take(): LogRecord | undefined {
    const record = this.#peek()
    if (record === undefined) return undefined
    if (record.kind === 'tombstone' && !this.isAll) this.#tombstone = 'read'
    else this.#next++
    return record
  }

  /** How many events wait to be read. */
  get waiting(): number {
    return Math.max(0, this.#count() - this.#next)
  }

  /** The last event that there is, as the statistics say it. */
  get lastKnown(): string {
    if (!this.isAll) return this.#count() === 0 ? '' : String(this.#count() - 1)
    const last = this.#log.records[this.#log.committedCount - 1]
    return last === undefined ? '' : `C:${last.position}/P:${last.position}`
  }
}
