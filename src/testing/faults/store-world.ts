import { StoreUnavailable } from '../../errors.ts'
import type { Runtime } from '../../runtime.ts'
import type { EventStore } from '../../store/event-store.ts'
import type { AppendWorld } from './append-path.ts'
import { type Fault, InjectedFault, type OperationKind, type StoreOperation } from './fault.ts'
import type { FaultySubscription } from './faulty-subscription.ts'
import type { LaggingView } from './lagging-view.ts'

/** A store that is down: what it says to appends, and since when what. */
export interface Outage {
  /** `refused`: surely not stored. `unknown`: the connection broke. `mute`: no answer at all. */
  readonly appends: 'refused' | 'unknown' | 'mute'
}

/** What all handles of one faulty store share. */
export interface StoreWorld extends AppendWorld {
  readonly runtime: Runtime
  readonly store: EventStore
  readonly lagging: LaggingView
  /** The open ones of all handles, for who looks for leaks. */
  readonly subscriptions: Set<FaultySubscription>
  readonly ownEvents: 'delivered' | undefined
  /** Undefined while the store is up. */
  outage(): Outage | undefined
  /** Asks what goes wrong with the operation, and counts it. */
  strike<Kind extends OperationKind>(
    operation: StoreOperation & { readonly kind: Kind },
  ): FaultOf<Kind> | undefined
}

/** The faults of one kind of operation. */
export type FaultOf<Kind extends OperationKind> = Extract<Fault, { kind: KindsOf<Kind> }>
type KindsOf<Kind extends OperationKind> = {
  [K in keyof Operations]: Operations[K] extends Kind ? K : never
}[keyof Operations]
type Operations = typeof import('./fault.ts').operationOfFault

/** The error of an operation that fails. */
export function unavailable(what: string, kind: string): StoreUnavailable {
  return new StoreUnavailable(`${what} failed.`, 'This failure was made by a test.', new InjectedFault(kind))
}

/** Counts an operation that met a store which is down, and returns its error. */
export function duringOutage(world: StoreWorld, operation: StoreOperation): StoreUnavailable {
  world.log.count('outage', operation)
  return unavailable(`The ${operation.kind} of ${operation.stream ?? 'all streams'}`, 'outage')
}
