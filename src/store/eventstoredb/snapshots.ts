import { StreamDeleted } from '../../errors.ts'
import type { JsonObject } from '../../event/json.ts'
import type { RecordedEvent } from '../../event/recorded-event.ts'
import type { Logger } from '../../logger.ts'
import type { Runtime } from '../../runtime.ts'
import type { SnapshotStore, StoredSnapshot } from '../event-store.ts'
import { newestAtOrBelow, newestKept, standsApart } from '../kept-snapshots.ts'
import type { AppendOrder, AppendResult } from './appends.ts'
import type { Calls } from './calls.ts'
import { errorOf } from './failure.ts'
import { snapshotCategory } from './reserved-names.ts'
import { readStreamPages } from './stream-reader.ts'

/** Two systems that own one aggregate for a moment may save at once; the loser looks again. */
const mostAttempts = 3

interface Parts {
  readonly calls: Calls
  readonly append: (order: Omit<AppendOrder, 'settle'>) => Promise<AppendResult>
  readonly runtime: Runtime
  readonly logger: Logger
  readonly maxAppendBytes: number
  readonly description: string
}

/** One of those that are kept for long is some 20 KB, and mostly the first page holds the one that is looked for. */
const apartPage = 8

/**
 * The snapshots of a stream, as events of two streams of their own: `reenact.snapshots-<stream>`, of which the server
 * keeps the newest few (`$maxCount`) and scavenges the rest, and `reenact.snapshots--<stream>` with the ones that are
 * kept for long. A server removes events from the beginning of a stream only, and those stand between others.
 */
export class SnapshotStreams implements SnapshotStore {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async load(stream: string, atOrBelow?: number): Promise<StoredSnapshot | undefined> {
    const events = await this.#newest(snapshotStream(stream), newestKept)
    // Oldest first; of two at one revision the one that was saved later counts.
    const snapshots = events.flatMap((event) => snapshotOf(event.data) ?? []).reverse()
    const newest = newestAtOrBelow(
      snapshots.sort((one, other) => one.revision - other.revision),
      atOrBelow,
    )
    if (newest !== undefined || atOrBelow === undefined || events.length === 0) return newest
    return this.#apart(stream, atOrBelow)
  }

  async save(stream: string, snapshot: StoredSnapshot): Promise<void> {
    const { revision, eventId, body } = snapshot
    const json = JSON.stringify({ revision, eventId, body })
    const bytes = Buffer.byteLength(json)
    const { maxAppendBytes, logger, description } = this.#parts
    if (bytes > maxAppendBytes) {
      const fields = { store: description, stream, bytes, maxAppendBytes }
      logger.warn(
        fields,
        'EventStoreDB: the snapshot is too large to be saved; the aggregate is replayed from its events',
      )
      return
    }
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const [newest] = await this.#newest(snapshotStream(stream), 1)
      if (newest === undefined) await this.#limit(stream)
      else if ((snapshotOf(newest.data)?.revision ?? -1) > revision) return
      const expected = newest?.revision ?? -1
      const result = await this.#append(snapshotStream(stream), expected, 'Snapshot', json, bytes)
      if (result.status === 'written') return this.#saveApart(stream, revision, json, bytes)
      if (result.status !== 'conflict') throw errorOf(result.failure, description)
    }
  }

  /** Keeps it for long, where it stands apart from those that are. Losing one to another system costs time only. */
  async #saveApart(stream: string, revision: number, json: string, bytes: number): Promise<void> {
    const [newest] = await this.#newest(apartStream(stream), 1)
    if (newest !== undefined && !standsApart(revision, snapshotOf(newest.data)?.revision)) return
    const result = await this.#append(apartStream(stream), newest?.revision ?? -1, 'Snapshot', json, bytes)
    // A stream that was deleted softly says where it goes on.
    if (result.status === 'conflict' && newest === undefined) {
      await this.#append(apartStream(stream), result.revision, 'Snapshot', json, bytes)
    }
  }

  /** The newest of those that are kept for long, at or below a revision. */
  async #apart(stream: string, atOrBelow: number): Promise<StoredSnapshot | undefined> {
    const pages = readStreamPages(this.#parts.calls, apartPage, apartStream(stream), {
      direction: 'backwards',
    })
    try {
      for await (const page of pages) {
        const snapshots = page.flatMap((event) => snapshotOf(event.data) ?? [])
        const found = snapshots.find(({ revision }) => revision <= atOrBelow)
        if (found !== undefined) return found
      }
    } catch (error) {
      if (!(error instanceof StreamDeleted)) throw error
    }
    return undefined
  }

  async #newest(stream: string, limit: number): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = []
    const options = { direction: 'backwards', limit } as const
    try {
      for await (const page of readStreamPages(this.#parts.calls, limit, stream, options)) {
        events.push(...page)
      }
    } catch (error) {
      // Somebody threw the snapshots away, which is allowed: they only save time.
      if (!(error instanceof StreamDeleted)) throw error
    }
    return events
  }

  /**
   * Has the server keep only the last few. Where there is metadata already, somebody else was first, or the stream was
   * deleted softly: writing it again brings the stream back.
   */
  async #limit(stream: string): Promise<void> {
    const metadata = `$$${snapshotStream(stream)}`
    const json = JSON.stringify({ $maxCount: newestKept })
    const result = await this.#append(metadata, -1, '$metadata', json, json.length)
    if (result.status === 'conflict') {
      await this.#append(metadata, result.revision, '$metadata', json, json.length)
    }
  }

  #append(
    stream: string,
    expectedRevision: number,
    type: string,
    json: string,
    bytes: number,
  ): Promise<AppendResult> {
    const fields = [this.#parts.runtime.uuid(), type, json, '']
    return this.#parts.append({ stream, expectedRevision, events: 1, fields, bytes })
  }
}

function snapshotStream(stream: string): string {
  return `${snapshotCategory}-${stream}`
}

/** No other stream has this name: no aggregate's begins with `-`. */
function apartStream(stream: string): string {
  return `${snapshotCategory}--${stream}`
}

function snapshotOf({ revision, eventId, body }: JsonObject): StoredSnapshot | undefined {
  const isOne = typeof revision === 'number' && typeof eventId === 'string' && typeof body === 'string'
  return isOne ? { revision, eventId, body } : undefined
}
