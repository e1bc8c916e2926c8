import type { StreamHistory } from './event-log.ts'
import type { LogRecord } from './log-record.ts'

interface Index {
  readonly byId: Map<string, LogRecord>
  scanned: number
}

/**
 * Which event ids the server remembers of a stream: those written since it was started, each with the place where it
 * was written first. An index is made only for streams that are asked about.
 */
export class RememberedIds {
  readonly #startedAt: number
  readonly #indexes = new Map<StreamHistory, Index>()

  /** @param startedAt position in the log where the server was started: what lies before is forgotten. */
  constructor(startedAt: number) {
    this.#startedAt = startedAt
  }

  find(history: StreamHistory, id: string): LogRecord | undefined {
    let index = this.#indexes.get(history)
    if (index === undefined || index.scanned > history.events.length) {
      index = { byId: new Map(), scanned: 0 }
      this.#indexes.set(history, index)
    }
    for (; index.scanned < history.events.length; index.scanned++) {
      const record = history.events[index.scanned]!
      if (record.position >= this.#startedAt && !index.byId.has(record.id)) index.byId.set(record.id, record)
    }
    return index.byId.get(id)
  }
}
