import { start } from '../../../actors/system.ts'
import { NotInHistory } from '../../errors.ts'
import type { RecordedEvent } from '../../event/recorded-event.ts'
import { streamOf } from '../../event/stream-name.ts'
import { eventAt, lastEventOf } from '../../store/single-event.ts'
import type { CommandContext, StoreOptions } from '../context.ts'
import { definitionOf, definitionsOf } from '../definitions.ts'
import { notFound } from '../failure.ts'
import { loggerOf } from '../logger.ts'
import { momentOf } from '../moment.ts'
import { lent, openedStore } from '../opened-store.ts'
import { isoTime, jsonBlock, jsonLine, printable } from '../printable.ts'
import type { Terminal } from '../terminal.ts'

export interface StateOptions extends StoreOptions {
  readonly definitions?: string
  readonly at?: string
}

/** The state of one aggregate, now or as of then. */
export async function state(
  aggregate: string,
  id: string,
  options: StateOptions,
  { terminal }: CommandContext,
): Promise<void> {
  const at = options.at === undefined ? undefined : momentOf(options.at)
  const definition = definitionOf(await definitionsOf(options.definitions), aggregate)
  const logger = loggerOf(terminal)
  const opened = await openedStore(options.store, logger)
  await using system = await start({ aggregates: [definition], store: lent(opened), logger })
  const stream = streamOf(aggregate, id)
  try {
    const last = await lastEventOf(opened.store, stream)
    if (last === undefined)
      throw notFound(`There is no ${aggregate} '${id}': its stream '${stream}' has no events.`)
    const moment = at ?? { revision: last.revision }
    const { revision, value, status, tags, context } = await system.at(definition, id, moment)
    const event = revision === -1 ? undefined : await eventAt(opened.store, stream, revision)
    const shown = { aggregate, id, revision, ...recorded(event), value, status, tags: [...tags], context }
    if (options.json) await terminal.line(jsonLine(shown))
    else await print(terminal, shown)
  } catch (error) {
    throw error instanceof NotInHistory ? notFound(error.message) : error
  }
}

function recorded(event: RecordedEvent | undefined): { recordedAt?: string; event?: string } {
  return event === undefined ? {} : { recordedAt: isoTime(event.recordedAt), event: event.type }
}

interface Shown extends ReturnType<typeof recorded> {
  readonly aggregate: string
  readonly id: string
  readonly revision: number
  readonly value: unknown
  readonly status: string
  readonly tags: readonly string[]
  readonly context: unknown
}

async function print(terminal: Terminal, shown: Shown): Promise<void> {
  const { aggregate, id, revision, recordedAt, event, value, status, tags, context } = shown
  const since = event === undefined ? 'before any event' : `${event}, ${recordedAt}`
  await terminal.line(terminal.bold(printable(`${aggregate} '${id}' at revision ${revision} (${since})`)))
  await terminal.line(`state    ${typeof value === 'string' ? printable(value) : jsonLine(value)}`)
  await terminal.line(`status   ${status}`)
  if (tags.length > 0) await terminal.line(`tags     ${printable(tags.join(', '))}`)
  await terminal.line(`context  ${jsonBlock(context).replaceAll('\n', '\n         ')}`)
}
