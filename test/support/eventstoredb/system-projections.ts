import type { Runtime } from '../../../src/runtime.ts'
import type { EventLog } from './event-log.ts'
import { linkType } from './link.ts'
import { type LogRecord, tombstoneRevision } from './log-record.ts'
import { isSoftDeleted, metadataOf } from './stream-metadata.ts'

/** What `$by_category` and `$by_event_type` call their versions in the metadata of a link. */
const versions = { category: '3:-1:1:4', eventType: '4:-1:1:4' } as const

/**
 * The system projections, as far as readers see them: for each event of a client a link in `$ce-<category>` and one in
 * `$et-<type>`, in the former also for a deletion. They are in the log like everything else, so $all shows them.
 */
export function runSystemProjections(log: EventLog, runtime: Runtime): void {
  let next = log.committedCount
  log.onCommit(() => {
    for (; next < log.committedCount; next++) {
      const record = log.records[next]!
      if (record.kind === 'event' && !record.stream.startsWith('$')) linkEvent(log, runtime, record)
      else linkDeletion(log, runtime, record)
    }
  })
}

function linkEvent(log: EventLog, runtime: Runtime, record: LogRecord): void {
  const to = `${record.revision}@${record.stream}`
  const category = categoryOf(record.stream)
  const origin = `"$o":${JSON.stringify(record.stream)},`
  if (category !== undefined) write(log, runtime, `$ce-${category}`, to, record, versions.category, origin)
  write(log, runtime, `$et-${record.type}`, to, record, versions.eventType, '')
}

function linkDeletion(log: EventLog, runtime: Runtime, record: LogRecord): void {
  const isTombstone = record.kind === 'tombstone'
  const stream = isTombstone ? record.stream : record.stream.slice(2)
  if (!isTombstone && !(record.stream.startsWith('$$') && isSoftDeleted(metadataOf(log, stream)))) return
  const category = categoryOf(stream)
  if (category === undefined || stream.startsWith('$')) return
  const to = `${isTombstone ? tombstoneRevision : record.revision}@${record.stream}`
  const origin = `"$o":${JSON.stringify(stream)},"$deleted":-1,`
  write(log, runtime, `$ce-${category}`, to, record, versions.category, origin)
}

function categoryOf(stream: string): string | undefined {
  const dash = stream.indexOf('-')
  return dash > 0 ? stream.slice(0, dash) : undefined
}

function write(
  log: EventLog,
  runtime: Runtime,
  stream: string,
  to: string,
  record: LogRecord,
  version: string,
  origin: string,
): void {
  const { position, id } = record
  const metadata = `{"$v":"${version}","$c":${position},"$p":${position},${origin}"$causedBy":"${id}"}`
  const link = {
    id: runtime.uuid(),
    type: linkType,
    isJson: false,
    data: Buffer.from(to),
    metadata: Buffer.from(metadata),
  }
  log.write(stream, [link], () => undefined)
}
