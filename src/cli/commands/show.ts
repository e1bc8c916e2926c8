import type { ReadStreamOptions } from '../../store/event-store.ts'
import { lastEventOf } from '../../store/single-event.ts'
import type { CommandContext, StoreOptions } from '../context.ts'
import { eventJson } from '../event-line.ts'
import { notFound } from '../failure.ts'
import { loggerOf } from '../logger.ts'
import { openedStore } from '../opened-store.ts'
import { isoTime, jsonLine, printable } from '../printable.ts'
import { Table } from '../table.ts'

export interface ShowOptions extends StoreOptions {
  readonly from?: number
  readonly limit?: number
  readonly reverse?: boolean
}

/** The stored events of one stream. */
export async function show(
  stream: string,
  { from, limit, reverse, store: where, json }: ShowOptions,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const { store } = await openedStore(where, loggerOf(terminal))
  const range: ReadStreamOptions = {
    ...(from === undefined ? {} : { from }),
    ...(limit === undefined ? {} : { limit }),
    direction: reverse ? 'backwards' : 'forwards',
  }
  const table = new Table(terminal, [
    { head: 'REVISION', align: 'right' },
    { head: 'RECORDED' },
    { head: 'EVENT' },
    { head: 'COMMAND' },
    { head: 'DATA' },
  ])
  let events = 0
  try {
    for await (const page of limit === 0 ? [] : store.readStream(stream, range)) {
      for (const event of page) {
        events++
        const { revision, recordedAt, type, origin, data } = event
        if (json) await terminal.line(jsonLine(eventJson(event)))
        else {
          const command = origin === undefined ? '' : `${origin.commandType} ${origin.commandId}`
          const shown = [printable(type), printable(command), jsonLine(data)]
          await table.row([String(revision), isoTime(recordedAt), ...shown])
        }
      }
      if (signal.aborted) return
    }
    await table.end()
    if (events === 0 && limit !== 0) throw notFound(await nothingOf(stream, from, store))
  } finally {
    await store.close()
  }
}

async function nothingOf(
  stream: string,
  from: number | undefined,
  store: Awaited<ReturnType<typeof openedStore>>['store'],
): Promise<string> {
  const last = await lastEventOf(store, stream)
  if (last !== undefined)
    return `The last event of '${stream}' is at revision ${last.revision}, before ${from}.`
  return `There is no stream '${stream}'. A stream is named <aggregate>-<id>; 'reenact streams' lists them.`
}
