import type { AggregateAddress } from '../src/errors.ts'
import type { Inspection } from '../src/inspection.ts'
import type { Logger } from '../src/logger.ts'
import type { Runtime } from '../src/runtime.ts'
import type { EventStore } from '../src/store/event-store.ts'
import type { AggregateActor } from './aggregate/aggregate-actor.ts'
import type { Lifetime } from './lifetime.ts'
import type { Permits } from './permits.ts'
import type { Settings } from './settings.ts'
import type { Timeouts } from './timeouts.ts'

/** What all aggregate actors of one system share. */
export interface Environment {
  /** The id of this system: the writer of its events. */
  readonly system: string
  readonly runtime: Runtime
  readonly settings: Settings
  readonly store: EventStore
  readonly logger: Logger
  /** Decided once: a debug line on a hot path must cost nothing when nobody reads it. */
  readonly debug: boolean
  readonly inspection: Inspection
  readonly timeouts: Timeouts
  readonly recoveries: Permits
  readonly snapshots: Permits
  readonly appendId: () => string
  readonly outstanding: Outstanding
  readonly registry: Registry
  readonly lifetime: Lifetime
  /** A count of instants: what has the higher number came later. */
  instant(): number
}

/** Commands in all mailboxes, for the bounds of the whole system. */
export interface Outstanding {
  commands: number
  bytes: number
  /** Callers who wait for a command that another one asked already. */
  joined: number
  /** Called when the last command has left. */
  whenNone: (() => void) | undefined
}

/** What an actor tells the registry of live aggregates. */
export interface Registry {
  /** It was asked something at this time. */
  used(actor: AggregateActor, now: number): void
  /** It ends: the next command of this aggregate makes a new actor. */
  remove(actor: AggregateActor): void
  /** Its window of remembered commands has so many bytes now. */
  windowChanged(actor: AggregateActor, bytes: number): void
}

/** An aggregate for a log line. */
export function logged(at: AggregateAddress): { aggregate: string; id: string } {
  return { aggregate: at.aggregate, id: at.id }
}
