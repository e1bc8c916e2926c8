import type { EventLog } from './event-log.ts'
import type { LogRecord } from './log-record.ts'
import { isSoftDeleted, metadataOf } from './stream-metadata.ts'

/** An event as a reader gets it: by itself, or by a link to it (`event` is absent where the link leads nowhere). */
export interface ResolvedRecord {
  readonly event: LogRecord | undefined
  readonly link: LogRecord | undefined
}

export const linkType = '$>'

/** Follows a link, which says `revision@stream`; anything else is the event itself. */
export function resolve(log: EventLog, record: LogRecord): ResolvedRecord {
  if (record.type !== linkType) return { event: record, link: undefined }
  const [, revision, stream] = /^(\d+)@(.*)$/s.exec(Buffer.from(record.data).toString()) ?? []
  if (revision === undefined || stream === undefined) return { event: record, link: undefined }
  const history = log.history(stream)
  const isReadable =
    history !== undefined &&
    !history.tombstoneCommitted &&
    !isSoftDeleted(metadataOf(log, stream)) &&
    Number(revision) < history.committed
  return { event: isReadable ? history.events[Number(revision)] : undefined, link: record }
}
