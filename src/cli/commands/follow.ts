import { position } from '../../event/position.ts'
import type { RecordedEvent } from '../../event/recorded-event.ts'
import type { SubscribeOptions } from '../../store/event-store.ts'
import type { CommandContext, StoreOptions } from '../context.ts'
import { eventJson } from '../event-line.ts'
import { CommandFailed, exitCodes, wrongUsage } from '../failure.ts'
import { loggerOf } from '../logger.ts'
import { wholeNumber } from '../moment.ts'
import { openedStore } from '../opened-store.ts'
import { isoTime, jsonLine, printable } from '../printable.ts'
import type { Terminal } from '../terminal.ts'

export interface FollowOptions extends StoreOptions {
  readonly after: string
  readonly aggregate?: readonly string[]
  readonly event?: readonly string[]
  readonly correlation?: string
  readonly limit?: number
}

/** Shows events as they are stored, by whomever, until Ctrl-C or the limit. */
export async function follow(options: FollowOptions, { terminal, signal }: CommandContext): Promise<void> {
  const wanted = subscriptionOf(options)
  const { store, description } = await openedStore(options.store, loggerOf(terminal))
  const subscription = store.subscribe(wanted)
  const close = (): void => void subscription.close()
  signal.addEventListener('abort', close)
  if (signal.aborted) close()
  let left = options.limit ?? Number.POSITIVE_INFINITY
  try {
    if (left === 0) return
    for await (const message of subscription) {
      if (message.kind === 'caughtUp') continue
      for (const event of message.events) {
        await terminal.line(options.json ? jsonLine(eventJson(event)) : lineOf(event, terminal))
        if (--left === 0) return
        if (signal.aborted) break
      }
    }
    if (!signal.aborted) throw new CommandFailed(exitCodes.failed, `${description} ended the subscription.`)
  } finally {
    signal.removeEventListener('abort', close)
    await store.close()
  }
}

function subscriptionOf({ after, aggregate, event, correlation }: FollowOptions): SubscribeOptions {
  const from = after === 'start' || after === 'end' ? after : position(wholeNumber('--after', after))
  if (from === -1) throw wrongUsage("--after takes 'start', 'end' or the position of an event.")
  const filter = {
    ...(aggregate === undefined ? {} : { categories: aggregate }),
    ...(event === undefined ? {} : { eventTypes: event }),
    ...(correlation === undefined ? {} : { correlationId: correlation }),
  }
  return { after: from, filter }
}

function lineOf({ recordedAt, stream, revision, type, data }: RecordedEvent, terminal: Terminal): string {
  const at = terminal.dim(isoTime(recordedAt))
  return `${at}  ${printable(stream)} ${revision}  ${terminal.bold(printable(type))}  ${jsonLine(data)}`
}
