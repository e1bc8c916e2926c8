import type { JsonValue } from '../event/json.ts'
import type { CommandOrigin } from '../event/recorded-event.ts'

/** What the console's server tells its page, as JSON. Types alone: the page and the server both import them. */

export interface SystemInfo {
  readonly id: string
  /** For people: which store. */
  readonly store: string
  readonly definitions: readonly DefinitionInfo[]
}

export interface DefinitionInfo {
  readonly name: string
  readonly commands: readonly string[]
  readonly events: readonly string[]
}

/** The system over one second or so. */
export interface Sample {
  /** Milliseconds since 1970, at its end. */
  readonly at: number
  /** Commands that got an answer. Each is one of accepted, rejected and failed. */
  readonly answered: PerSecond
  readonly rejected: PerSecond
  readonly failed: PerSecond
  /** From asking to the outcome, in milliseconds; `null`: nothing was answered. */
  readonly latency: { readonly p50: number; readonly p90: number; readonly p99: number } | null
  readonly conflicts: PerSecond
  readonly restarts: PerSecond
  readonly appends: PerSecond
  readonly events: PerSecond
  /** Commands of one append; `null`: there was none. */
  readonly batch: { readonly mean: number; readonly largest: number } | null
  readonly outstanding: number
  readonly live: number
  readonly recovering: number
  readonly quarantined: number
}

type PerSecond = number

export interface ShownEvent {
  readonly aggregate: string
  readonly id: string
  readonly revision: number
  readonly position: number
  readonly eventId: string
  readonly type: string
  /** The payload as JSON text; lists cut it. */
  readonly data: string
  readonly cut: boolean
  readonly schemaVersion: number
  readonly recordedAt: number
  readonly origin: CommandOrigin | null
}

export interface ShownState {
  readonly revision: number
  /** `open.frozen` */
  readonly text: string
  readonly status: 'active' | 'done'
  readonly tags: readonly string[]
  readonly context: JsonValue
  /** The ids of the active states in the diagram. */
  readonly lit: readonly string[]
}

export interface AggregateRow {
  readonly aggregate: string
  readonly id: string
  /** `null`: not in memory. */
  readonly phase: string | null
  readonly depth: number
  /** `null`: being read. */
  readonly revision: number | null
  /** `null` where it is not in memory or has none. */
  readonly state: string | null
}

export type AggregateScope = 'live' | 'stored'

export interface AggregateRows {
  readonly rows: readonly AggregateRow[]
  /** How many fit the search; `rows` are the first of them. */
  readonly found: number
  /** Of `stored`: how many streams are known by now, and whether that is all. */
  readonly index: {
    readonly streams: number
    readonly state: 'reading' | 'complete' | 'full'
  } | null
}

/** An aggregate as it stands. */
export interface AggregateNow {
  readonly aggregate: string
  readonly id: string
  readonly phase: string | null
  readonly depth: number
  /** The last revision; -1: it has no events. */
  readonly revision: number
  readonly quarantine: { readonly reason: string; readonly message: string } | null
}

/** One place that differs between two contexts. */
export interface Change {
  readonly path: readonly (string | number)[]
  /** Absent: it is new. */
  readonly before?: JsonValue
  /** Absent: it is gone. */
  readonly after?: JsonValue
}

/** What one event did; at revision -1 nothing happened yet. */
export interface Step {
  readonly revision: number
  readonly event: ShownEvent | null
  readonly before: ShownState | null
  readonly after: ShownState
  readonly changes: readonly Change[]
  readonly moreChanges: number
}

/** Newest first. */
export interface EventPage {
  readonly events: readonly ShownEvent[]
  readonly more: boolean
}

/** In the order of the log. */
export interface LogPage {
  readonly events: readonly ShownEvent[]
  readonly more: boolean
}

/** Newest first; none where the log is too long to be read for them. */
export interface RecentEvents {
  readonly events: readonly ShownEvent[]
  readonly log: 'read' | 'too long'
}

/** A command that has events, with all of them. */
export interface CausedCommand {
  readonly origin: CommandOrigin
  readonly events: readonly ShownEvent[]
}

/** Everything of one correlation id. */
export interface Causation {
  readonly correlationId: string
  readonly commands: readonly CausedCommand[]
  readonly complete: boolean
}

/** What the log brought since the last time. */
export interface LogNews {
  readonly events: readonly ShownEvent[]
  /** Some are missing: more came than this page takes. */
  readonly gap: boolean
}

export interface Quarantined {
  readonly aggregate: string
  readonly id: string
  readonly reason: string
  readonly message: string
  /** The event to blame, where one is. */
  readonly event: ShownEvent | null
}

export interface TroubleEntry {
  readonly at: number
  readonly kind: 'conflict' | 'exhausted' | 'failed' | 'refused' | 'unsettled' | 'quarantined' | 'released'
  readonly aggregate: string
  readonly id: string
  readonly what: string
}

export interface Trouble {
  readonly quarantined: readonly Quarantined[]
  /** The newest of each kind, newest first. */
  readonly entries: readonly TroubleEntry[]
  /** Since the console was made. */
  readonly counts: Readonly<Record<TroubleEntry['kind'], number>>
}

/** What a failed request answers. */
export interface Refusal {
  readonly error: string
}
