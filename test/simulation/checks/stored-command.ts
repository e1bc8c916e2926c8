import type { RecordedEvent } from '../../../src/event/recorded-event.ts'
import type { History, Violation } from '../history.ts'
import { emptyLedger, evolved, type LedgerState } from '../ledger-model.ts'

/** One command as the final log holds it, with what the plain model makes of it. */
export interface StoredCommand {
  readonly stream: string
  readonly commandId: string
  readonly commandType: string
  /** Who wrote it. */
  readonly system: string
  readonly first: number
  readonly last: number
  readonly events: readonly { readonly type: string }[]
  readonly before: LedgerState
  /** When the append that holds it was committed. */
  readonly committedAt: number
}

/** The final log of one stream, understood. */
export interface StoredStream {
  readonly commands: readonly StoredCommand[]
  /** The state after each revision, of the plain model; the one at index 0 is that of revision -1. */
  readonly states: readonly LedgerState[]
  /** The commit instant of the append that holds each revision. */
  readonly committedAt: readonly number[]
  /** Revisions at which a command ends, and -1. */
  readonly ends: ReadonlySet<number>
  /** An event of a foreign writer stands in it that the machine does not fit. */
  readonly isMisfit: boolean
}

/** Reads the logs, and finds what no log may look like: a gap, a torn command, an unknown event. */
export function storedStreams(history: History, violations: Violation[]): ReadonlyMap<string, StoredStream> {
  const streams = new Map<string, StoredStream>()
  for (const [stream, events] of history.log) {
    streams.set(stream, storedStream(history, stream, events, violations))
  }
  return streams
}

function storedStream(
  { commits }: History,
  stream: string,
  events: readonly RecordedEvent[],
  violations: Violation[],
): StoredStream {
  const states: LedgerState[] = [emptyLedger]
  const committedAt: number[] = []
  const ends = new Set([-1])
  const commands: StoredCommand[] = []
  const ofStream = commits.filter((commit) => commit.stream === stream)
  for (const [nth, event] of events.entries()) {
    if (event.revision !== nth) {
      violations.push({ rule: '1 gapless', what: `${stream} has ${event.revision} in the place of ${nth}` })
      break
    }
    committedAt.push(ofStream.find(({ revision }) => revision >= nth)?.instant ?? 0)
    const before = states[nth]
    const after = before && evolved(before, { ...event.data, type: event.type })
    if (after !== undefined) states.push(after)
  }
  const readable = states.length - 1
  for (let first = 0; first < readable; ) {
    const { origin } = events[first] as RecordedEvent
    const parts = events.slice(first, first + (origin?.count ?? 1))
    const last = first + parts.length - 1
    const isWhole =
      parts.length === origin?.count &&
      parts.every((part, index) => part.index === index && part.origin?.commandId === origin.commandId)
    if (!isWhole) violations.push({ rule: '12 atomic', what: `the command at ${first} of ${stream} is torn` })
    commands.push({
      stream,
      commandId: origin?.commandId ?? '',
      commandType: origin?.commandType ?? '',
      system: origin?.system ?? '',
      first,
      last,
      events: parts.map(({ type, data }) => ({ ...data, type })),
      before: states[first] as LedgerState,
      committedAt: committedAt[last] ?? 0,
    })
    ends.add(last)
    first = last + 1
  }
  return { commands, states, committedAt, ends, isMisfit: readable < events.length }
}
