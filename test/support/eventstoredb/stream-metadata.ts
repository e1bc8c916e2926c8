import type { Clock } from '../../../src/runtime.ts'
import type { EventLog, StreamHistory } from './event-log.ts'

/** What the newest event of `$$<stream>` says of the stream. */
export interface StreamMetadata {
  readonly maxCount?: number
  readonly maxAgeSeconds?: number
  readonly truncateBefore?: number
}

/** `$tb` of a soft-deleted stream; JSON.parse rounds 2^63 - 1 to this. */
const softDeleted = 2 ** 63

const positive = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 ? value : undefined

/** Metadata that cannot be read sets nothing. */
function parse(data: Uint8Array): StreamMetadata {
  try {
    const json: unknown = JSON.parse(Buffer.from(data).toString())
    if (typeof json !== 'object' || json === null) return {}
    const fields = json as { $maxCount?: unknown; $maxAge?: unknown; $tb?: unknown }
    const maxCount = positive(fields.$maxCount)
    const maxAgeSeconds = positive(fields.$maxAge)
    const truncateBefore = positive(fields.$tb)
    return {
      ...(maxCount === undefined ? {} : { maxCount }),
      ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
      ...(truncateBefore === undefined ? {} : { truncateBefore }),
    }
  } catch {
    return {}
  }
}

/** The metadata that is in force: that of the newest committed event, whatever its type. */
export function metadataOf(log: EventLog, stream: string): StreamMetadata {
  if (stream.startsWith('$$')) return { maxCount: 1 }
  const history = log.history(`$$${stream}`)
  const last = history?.events[history.committed - 1]
  return last === undefined ? {} : parse(last.data)
}

export function isSoftDeleted(metadata: StreamMetadata): boolean {
  return metadata.truncateBefore !== undefined && metadata.truncateBefore >= softDeleted
}

/** The first revision that a reader still sees (the number of committed events where there is none). */
export function firstVisible(history: StreamHistory, metadata: StreamMetadata, clock: Clock): number {
  const count = history.committed
  let first = Math.min(metadata.truncateBefore ?? 0, count)
  if (metadata.maxCount !== undefined) first = Math.max(first, count - metadata.maxCount)
  if (metadata.maxAgeSeconds !== undefined) {
    const oldest = BigInt(Math.round((clock.now() - metadata.maxAgeSeconds * 1000) * 10_000))
    while (first < count && history.events[first]!.created < oldest) first++
  }
  return first
}
