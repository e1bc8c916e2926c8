import type { RecordedEvent } from '../../../src/event/recorded-event.ts'
import type { History, Violation } from '../history.ts'
import { emptyLedger, evolved, type LedgerState } from '../ledger-model.ts'

/** The instants between which an append was committed: the same where it is known, else all of them. */
export interface CommitTime {
  readonly earliest: number
  readonly latest: number
}

const anyTime: CommitTime = { earliest: 0, latest: Number.POSITIVE_INFINITY }

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
  readonly committed: CommitTime
}

/** The final log of one stream, understood. */
export interface StoredStream {
  readonly commands: readonly StoredCommand[]
  /** The state after each revision, of the plain model; the one at index 0 is that of revision -1. */
  readonly states: readonly LedgerState[]
  /** When the append that holds each revision was committed. */
  readonly committed: readonly CommitTime[]
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
  const committed: CommitTime[] = []
  const ends = new Set([-1])
  const commands: StoredCommand[] = []
  const ofStream = commits === 'unknown' ? [] : commits.filter((commit) => commit.stream === stream)
  for (const [nth, event] of events.entries()) {
    if (event.revision !== nth) {
      violations.push({ rule: '1 gapless', what: `${stream} has ${event.revision} in the place of ${nth}` })
      break
    }
    const instant = ofStream.find(({ revision }) => revision >= nth)?.instant
    committed.push(instant === undefined ? anyTime : { earliest: instant, latest: instant })
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
      committed: committed[last] ?? anyTime,
    })
    ends.add(last)
    first = last + 1
  }
  return { commands, states, committed, ends, isMisfit: readable < events.length }
}
