import type { StreamHistory } from './event-log.ts'
import type { LogRecord, ProposedEvent } from './log-record.ts'
import type { RememberedIds } from './remembered-ids.ts'

export type ExpectedRevision = 'any' | 'no_stream' | 'stream_exists' | number

/**
 * What an append comes to before it is written.
 * - `write`: it is written. `repeat`: it was written before, `last` is the last event of it. `repeatUnderWay`: it was
 *   written before and is not committed, so the server says nothing until its own timeout.
 * - `conflict`: at `current` (-1: no stream). `deleted`: the stream is tombstoned, or soft-deleted and had to exist.
 */
export type AppendDecision =
  | { readonly kind: 'write' }
  | { readonly kind: 'repeat'; readonly last: LogRecord }
  | { readonly kind: 'repeatUnderWay' }
  | { readonly kind: 'conflict'; readonly current: number }
  | { readonly kind: 'deleted' }

export interface AppendSituation {
  readonly history: StreamHistory | undefined
  /** A soft-deleted stream counts as missing for `no_stream`; its numbers go on. */
  readonly softDeleted: boolean
  /** Whether the stream has metadata of its own: enough for `stream_exists`. */
  readonly hasMetadata: boolean
  readonly remembered: RememberedIds
}

const write: AppendDecision = { kind: 'write' }

/** Only ids are compared; types and data may differ. A match that runs past the head is a conflict. */
function compareAt(
  history: StreamHistory,
  from: number,
  events: readonly ProposedEvent[],
): 'same' | 'under way' | 'other' {
  if (events.length === 0 || from + events.length > history.events.length) return 'other'
  for (let i = 0; i < events.length; i++) {
    if (history.events[from + i]!.id !== events[i]!.id) return 'other'
  }
  return from + events.length > history.committed ? 'under way' : 'same'
}

function decideExact(
  situation: AppendSituation,
  expected: number,
  events: readonly ProposedEvent[],
): AppendDecision {
  const { history } = situation
  const current = (history?.events.length ?? 0) - 1
  if (expected === current) return write
  if (history !== undefined && expected < current) {
    const found = compareAt(history, expected + 1, events)
    if (found === 'same') return { kind: 'repeat', last: history.events[expected + events.length]! }
    if (found === 'under way') return { kind: 'repeatUnderWay' }
    if (situation.softDeleted && expected === -1) return write
  }
  return { kind: 'conflict', current }
}

/** Without an exact revision a repeat is known only by what the server remembers in memory. */
function decideAny(situation: AppendSituation, events: readonly ProposedEvent[]): AppendDecision {
  const { history, remembered } = situation
  const first = events[0]
  if (history === undefined || first === undefined) return write
  const known = remembered.find(history, first.id)
  if (known === undefined) return write
  let last = known
  for (const event of events) {
    const next = remembered.find(history, event.id)
    if (next === undefined) return { kind: 'conflict', current: history.events.length - 1 }
    last = next
  }
  return last.revision < history.committed ? { kind: 'repeat', last } : { kind: 'repeatUnderWay' }
}

/** Says what becomes of an append, by the rules that the server was recorded to follow. */
export function decideAppend(
  situation: AppendSituation,
  expected: ExpectedRevision,
  events: readonly ProposedEvent[],
): AppendDecision {
  const { history } = situation
  if (history?.tombstone !== undefined) return { kind: 'deleted' }
  switch (expected) {
    case 'any':
      return decideAny(situation, events)
    case 'stream_exists':
      if (situation.softDeleted) return { kind: 'deleted' }
      if ((history?.events.length ?? 0) === 0 && !situation.hasMetadata)
        return { kind: 'conflict', current: -1 }
      return decideAny(situation, events)
    case 'no_stream':
      return decideExact(situation, -1, events)
    default:
      return decideExact(situation, expected, events)
  }
}
