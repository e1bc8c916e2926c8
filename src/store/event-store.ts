import type { EncodedEvent } from '../event/encoded-event.ts'
import type { Position } from '../event/position.ts'
import type { CommandOrigin, RecordedEvent } from '../event/recorded-event.ts'
import type { Logger } from '../logger.ts'
import type { Runtime } from '../runtime.ts'

/** One command as decided: its events are stored together or not at all. */
export interface DecidedCommand {
  /** `origin.count` is `events.length`. */
  readonly origin: CommandOrigin
  readonly schemaVersion: number
  readonly events: readonly EncodedEvent[]
}

/**
 * Whole commands of one stream at an exact expected revision. Atomic: all its events are stored, gapless, or none.
 * The event number i, counted over all its commands, has the id `eventIdOf(id, i)`.
 */
export interface Append {
  /** Fresh for each append; sent again unchanged when the same append is sent again. */
  readonly id: string
  readonly stream: string
  /** The revision of the last event before it; -1: the stream must be empty. */
  readonly expectedRevision: number
  /** At least one, each with at least one event. */
  readonly commands: readonly DecidedCommand[]
}

/**
 * What became of one send of an append.
 * - `written`: all its events are durable. `revision` and `position` are those of its last event. The same append
 *   sent again is `written` with the original revision and position.
 * - `conflict`: the stream was at another revision (`revision`, -1 when empty) and nothing of this send is stored.
 *   On a replicated store it may rest on an event that vanishes with its leader (PROTOCOL rule 5).
 * - `refused`: this send stored nothing, for certain.
 * - `unknown`: it may be stored, now or later.
 */
export type Verdict =
  | { readonly status: 'written'; readonly revision: number; readonly position: Position }
  | { readonly status: 'conflict'; readonly revision: number }
  | { readonly status: 'refused'; readonly error: Error }
  | { readonly status: 'unknown'; readonly cause: unknown }

export type Direction = 'forwards' | 'backwards'

export interface ReadStreamOptions {
  /** The first revision to read, inclusive. Default: the first event forwards, the last one backwards. */
  readonly from?: number
  /** Default: `forwards`. */
  readonly direction?: Direction
  /** At most so many events. Default: all. */
  readonly limit?: number
}

/** Which events of the global order; every given condition must hold. */
export interface EventFilter {
  /** The aggregates' names: streams `<name>-...`. */
  readonly categories?: readonly string[]
  readonly eventTypes?: readonly string[]
  readonly correlationId?: string
}

export interface ReadAllOptions {
  /** Events strictly after this position. Default: from the start. */
  readonly after?: Position
  readonly filter?: EventFilter
  /** At most so many events. Default: all that are there now. */
  readonly limit?: number
}

export interface SubscribeOptions {
  /** Events strictly after this position; `start`: all; `end`: only what is written from now on. Default: `start`. */
  readonly after?: Position | 'start' | 'end'
  readonly filter?: EventFilter
  /**
   * A hint: events that this system wrote through this very store object need not be delivered, so that a system
   * which follows its store for the writes of others does not read its own. A store may deliver them all the same.
   */
  readonly exceptSystem?: string
}

/**
 * What a subscription delivers. `events` come in the order of the store, nothing twice, nothing skipped, the events
 * of one append never torn over two messages where the store can help it. `caughtUp` says that all that was written
 * before is delivered (again after each time that it fell behind); it comes for an empty store and stream too.
 */
export type SubscriptionMessage =
  | { readonly kind: 'events'; readonly events: readonly RecordedEvent[] }
  | { readonly kind: 'caughtUp' }

/** Ends when `close` is called or the loop is left; pulls no faster than its reader. */
export interface Subscription extends AsyncIterable<SubscriptionMessage> {
  close(): Promise<void>
}

/** The state of an aggregate at one revision, a short cut for reading its stream. Losing one costs time only. */
export interface StoredSnapshot {
  readonly revision: number
  /** The id of the event at `revision`: another id there means another history, and the snapshot is discarded. */
  readonly eventId: string
  /** JSON text; what it holds is the runtime's business. */
  readonly body: string
}

export interface SnapshotStore {
  /** The newest snapshot of the stream, or the newest at or below `atOrBelow`; `undefined` where there is none. */
  load(stream: string, atOrBelow?: number): Promise<StoredSnapshot | undefined>
  /**
   * Keeps it beside the few newest ones and a few older ones, so that one is near to any revision: which ones, says
   * `kept-snapshots.ts`. An older snapshot never takes the place of a newer one.
   */
  save(stream: string, snapshot: StoredSnapshot): Promise<void>
}

/**
 * What Reenact asks of a store. One contract suite (`reenact/testing`) says it in tests; every adapter passes it.
 *
 * Reads deliver pages instead of single events: a promise for each event costs more than the event (a replay of a
 * long stream yields its permit between pages, too). `eventsOf(pages)` flattens them. A page is never empty.
 */
export interface EventStore {
  /**
   * Appends each of the batch, on its own: one stream's verdict never waits for another's.
   * May be called again at any time, also while earlier batches are under way: a store that profits from larger
   * batches gathers them itself. For one stream at most one append is under way; a batch holds a stream once.
   * @param settle called once for each index of the batch, as its verdict comes, never before `append` returns. It
   *   does not throw.
   */
  append(batch: readonly Append[], settle: (index: number, verdict: Verdict) => void): void
  /**
   * Was `revision` the last revision of the stream at an instant between this call and its answer (linearizable)?
   * `false` proves nothing but the need to read again. Rejects with `StoreUnavailable` where it cannot be known.
   */
  checkHead(stream: string, revision: number): Promise<boolean>
  /** A stream that does not exist has no events. Rejects with `StoreUnavailable` or `AccessDenied`. */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<readonly RecordedEvent[]>
  readAll(options?: ReadAllOptions): AsyncIterable<readonly RecordedEvent[]>
  subscribe(options?: SubscribeOptions): Subscription
  /** The most bytes of event data (UTF-8 of all `json` of an append) that one append may hold. */
  readonly maxAppendBytes: number
  readonly snapshots?: SnapshotStore
  /** Waits for what is under way; what is asked afterwards is refused. Closing twice is allowed. */
  close(): Promise<void>
}

/** What a store gets of the system that opens it. */
export interface StoreContext {
  readonly runtime: Runtime
  readonly logger: Logger
  /** The id of the opening system: `CommandOrigin.system` of all it writes. */
  readonly system: string
}

/** A store by its settings, not yet open: what `memoryStore()`, `embeddedStore()` and `eventStoreDB()` return. */
export interface StoreProvider {
  /** For people: `memory`, `embedded ./data`, `esdb://host` (never with secrets). */
  readonly description: string
  /**
   * Opens it for one system. Each call gives a store of its own to close, over the same data.
   * @throws StoreUnavailable where it cannot be opened, with the reason and what to do.
   */
  open(context: StoreContext): Promise<EventStore>
}
