import { categoryOf, idOf } from '../../event/stream-name.ts'
import type { CommandContext, StoreOptions } from '../context.ts'
import { loggerOf } from '../logger.ts'
import { openedStore } from '../opened-store.ts'
import { isoTime, jsonLine, printable } from '../printable.ts'
import { Table } from '../table.ts'

export interface StreamsOptions extends StoreOptions {
  readonly aggregate?: readonly string[]
}

interface Sizes {
  revision: number
  bytes: number
  recordedAt: number
}

/** Lists all streams. A store has no list of them: its whole log is read, and the sizes are kept for each. */
export async function streams(options: StreamsOptions, { terminal, signal }: CommandContext): Promise<void> {
  const { store } = await openedStore(options.store, loggerOf(terminal))
  const found = new Map<string, Sizes>()
  try {
    const filter = options.aggregate === undefined ? {} : { filter: { categories: options.aggregate } }
    for await (const page of store.readAll(filter)) {
      for (const { stream, revision, data, recordedAt } of page) {
        const bytes = Buffer.byteLength(JSON.stringify(data))
        const sizes = found.get(stream)
        if (sizes === undefined) found.set(stream, { revision, bytes, recordedAt })
        else Object.assign(sizes, { revision, bytes: sizes.bytes + bytes, recordedAt })
      }
      if (signal.aborted) return
    }
  } finally {
    await store.close()
  }
  const sorted = [...found].sort(([one], [other]) => (one < other ? -1 : 1))
  if (options.json) {
    for (const [stream, { revision, bytes, recordedAt }] of sorted) {
      const named = { stream, aggregate: categoryOf(stream), id: idOf(stream) }
      await terminal.line(jsonLine({ ...named, revision, bytes, recordedAt: isoTime(recordedAt) }))
    }
    return
  }
  const table = new Table(terminal, [
    { head: 'STREAM' },
    { head: 'REVISION', align: 'right' },
    { head: 'BYTES', align: 'right' },
    { head: 'LAST RECORDED' },
  ])
  for (const [stream, { revision, bytes, recordedAt }] of sorted) {
    await table.row([printable(stream), String(revision), String(bytes), isoTime(recordedAt)])
  }
  await table.end()
  if (sorted.length === 0) terminal.note('There are no streams.')
}
