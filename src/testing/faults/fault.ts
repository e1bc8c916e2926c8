/**
 * What can go wrong with one operation of a store. Each kind belongs to one operation (`operationOfFault`); times
 * are milliseconds on the clock of the simulation.
 */
export type Fault = AppendFault | ReadFault | CheckFault | DeliveryFault | LoadFault | SaveFault | OpenFault

/** What can happen to one send of an append. */
export type AppendFault =
  /** Another writer fills the slot first: a stranger, or another process with the very same command. */
  | { readonly kind: 'conflict'; readonly by: 'stranger' | 'sameCommand' }
  /** The verdict is a conflict, yet nothing new can be read and nothing was written. */
  | { readonly kind: 'phantomConflict' }
  /** Surely not stored: the store cannot be reached, denies access, or does not like what is in it. */
  | { readonly kind: 'refused'; readonly because: Refusal }
  /** It never arrived; the sender learns only that it does not know. */
  | { readonly kind: 'unknownBeforeWrite' }
  /** It was written; the answer was lost. */
  | { readonly kind: 'unknownAfterWrite' }
  /** It is on its way for so long: unknown now, written on its arrival unless the slot was filled. */
  | { readonly kind: 'lateArrival'; readonly afterMs: number }
  /** The leader holds it, uncommitted, for so long; until then others conflict with it and no read shows it. */
  | { readonly kind: 'lateCommit'; readonly afterMs: number; readonly repeats: RepeatAnswer }
  /** As `lateCommit`, but the leader falls, and what it held is gone. */
  | { readonly kind: 'vanishingTail'; readonly afterMs: number; readonly repeats: RepeatAnswer }
  /** Never answered. */
  | { readonly kind: 'mute'; readonly effect: 'written' | 'none' }
  /** Written at once, answered late. */
  | { readonly kind: 'lateAnswer'; readonly afterMs: number }
  /** As `lateAnswer`, for one append of a batch whose other verdicts come in time. */
  | { readonly kind: 'withheldVerdict'; readonly afterMs: number }
  /** The network delivers it a second time, so much later. */
  | { readonly kind: 'sentTwice'; readonly afterMs: number }
  /** The way to the store takes so long; then all is well. */
  | { readonly kind: 'slowAppend'; readonly afterMs: number }

export type Refusal = 'unreachable' | 'denied' | 'content'

/** What a leader does with a repeat of an append that it holds uncommitted: `unknown` after two seconds, or nothing. */
export type RepeatAnswer = 'unknown' | 'none'

/** What can happen to one read of a stream, or of all. */
export type ReadFault =
  /** Shows what was there some appends ago (of the stream, or of all): a prefix that ends at a whole append. */
  | { readonly kind: 'staleRead'; readonly appendsBehind: number }
  /** Ends with `StoreUnavailable` after so many events. */
  | { readonly kind: 'failedRead'; readonly afterEvents: number }
  | { readonly kind: 'slowRead'; readonly afterMs: number }
  /** Pages of so many events, cut inside commands. */
  | { readonly kind: 'tornPages'; readonly events: number }

/** What can happen to one `checkHead`. */
export type CheckFault =
  /** Says no though the revision is the head: it rested on an event that vanished. */
  | { readonly kind: 'refusedCheck' }
  | { readonly kind: 'failedCheck' }
  /** Checked at once, answered late. */
  | { readonly kind: 'slowCheck'; readonly afterMs: number }

/** What can happen to one message of a subscription. */
export type DeliveryFault =
  /** The message stops inside a command; the rest comes later. */
  | { readonly kind: 'tornDelivery'; readonly afterMs: number }
  | { readonly kind: 'slowDelivery'; readonly afterMs: number }
  /** The subscription ends with `StoreUnavailable` instead. */
  | { readonly kind: 'cutSubscription' }

/** What can happen when a snapshot is loaded. */
export type LoadFault =
  | { readonly kind: 'missingSnapshot' }
  /** The one before the newest, where there is one. */
  | { readonly kind: 'staleSnapshot' }
  | { readonly kind: 'corruptSnapshot'; readonly damage: SnapshotDamage }
  | { readonly kind: 'failedLoad' }
  | { readonly kind: 'slowLoad'; readonly afterMs: number }

/**
 * `cutOff`: half its text. `otherShape`: JSON of something else. `otherHistory`: state and event id of another
 * history, at the same revision.
 */
export type SnapshotDamage = 'cutOff' | 'otherShape' | 'otherHistory'

/** What can happen when a snapshot is saved. */
export type SaveFault =
  | { readonly kind: 'lostSave' }
  | { readonly kind: 'failedSave' }
  | { readonly kind: 'slowSave'; readonly afterMs: number }

export type OpenFault = { readonly kind: 'failedOpen' }

export type FaultKind = Fault['kind']

/** One operation of a store, as faults see it. */
export type StoreOperation = {
  /** The id of the system that asked. */
  readonly system: string
  /** The stream it concerns; absent for all streams. */
  readonly stream?: string
} & (
  | {
      readonly kind: 'append'
      readonly appendId: string
      readonly expectedRevision: number
      /** 1 for the first send of this append. */
      readonly send: number
      /** How many appends were given to the store together. */
      readonly batchSize: number
    }
  | { readonly kind: 'read' | 'check' | 'load' | 'save' | 'open' }
  /** `tearable`: a command of several events is among them. */
  | { readonly kind: 'delivery'; readonly tearable: boolean }
)

export type OperationKind = StoreOperation['kind']

/** The operation that each fault belongs to. */
export const operationOfFault = {
  conflict: 'append',
  phantomConflict: 'append',
  refused: 'append',
  unknownBeforeWrite: 'append',
  unknownAfterWrite: 'append',
  lateArrival: 'append',
  lateCommit: 'append',
  vanishingTail: 'append',
  mute: 'append',
  lateAnswer: 'append',
  withheldVerdict: 'append',
  sentTwice: 'append',
  slowAppend: 'append',
  staleRead: 'read',
  failedRead: 'read',
  slowRead: 'read',
  tornPages: 'read',
  refusedCheck: 'check',
  failedCheck: 'check',
  slowCheck: 'check',
  tornDelivery: 'delivery',
  slowDelivery: 'delivery',
  cutSubscription: 'delivery',
  missingSnapshot: 'load',
  staleSnapshot: 'load',
  corruptSnapshot: 'load',
  failedLoad: 'load',
  slowLoad: 'load',
  lostSave: 'save',
  failedSave: 'save',
  slowSave: 'save',
  failedOpen: 'open',
} as const satisfies { readonly [Kind in FaultKind]: OperationKind }

export const faultKinds = Object.keys(operationOfFault) as readonly FaultKind[]

/** Whether the fault can happen to this operation. */
export function canHappen(kind: FaultKind, operation: StoreOperation): boolean {
  if (operationOfFault[kind] !== operation.kind) return false
  if (kind === 'withheldVerdict') return operation.kind === 'append' && operation.batchSize > 1
  if (kind === 'tornDelivery') return operation.kind === 'delivery' && operation.tearable
  return true
}

/** The cause of what a faulty store answers, so that nobody takes it for a real failure. */
export class InjectedFault extends Error {
  readonly kind: string
  constructor(kind: string) {
    super(`injected by the test: ${kind}`)
    this.name = 'InjectedFault'
    this.kind = kind
  }
}
