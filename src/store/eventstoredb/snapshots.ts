import { StreamDeleted } from '../../errors.ts'
import type { JsonObject } from '../../event/json.ts'
import type { RecordedEvent } from '../../event/recorded-event.ts'
import type { Logger } from '../../logger.ts'
import type { Runtime } from '../../runtime.ts'
import type { SnapshotStore, StoredSnapshot } from '../event-store.ts'
import { newestAtOrBelow, snapshotsKept } from '../kept-snapshots.ts'
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

/**
 * The snapshots of a stream, as events of a stream of their own: `reenact.snapshots-<stream>`, of which the server
 * keeps the last few (`$maxCount`) and scavenges the rest.
 */
export class SnapshotStreams implements SnapshotStore {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async load(stream: string, atOrBelow?: number): Promise<StoredSnapshot | undefined> {
    const events = await this.#newest(stream, snapshotsKept)
    // Oldest first; of two at one revision the one that was saved later counts.
    const snapshots = events.flatMap((event) => snapshotOf(event.data) ?? []).reverse()
    return newestAtOrBelow(
      snapshots.sort((one, other) => one.revision - other.revision),
      atOrBelow,
    )
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
      const [newest] = await this.#newest(stream, 1)
      if (newest === undefined) await this.#limit(stream)
      else if ((snapshotOf(newest.data)?.revision ?? -1) > revision) return
      const result = await this.#append(
        snapshotStream(stream),
        newest?.revision ?? -1,
        'Snapshot',
        json,
        bytes,
      )
      if (result.status === 'written') return
      if (result.status !== 'conflict') throw errorOf(result.failure, description)
    }
  }

  async #newest(stream: string, limit: number): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = []
    const options = { direction: 'backwards', limit } as const
    try {
      for await (const page of readStreamPages(this.#parts.calls, limit, snapshotStream(stream), options)) {
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
    const json = JSON.stringify({ $maxCount: snapshotsKept })
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

function snapshotOf({ revision, eventId, body }: JsonObject): StoredSnapshot | undefined {
  const isOne = typeof revision === 'number' && typeof eventId === 'string' && typeof body === 'string'
  return isOne ? { revision, eventId, body } : undefined
}
