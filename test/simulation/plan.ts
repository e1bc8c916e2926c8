import type { Settings } from '../../src/index.ts'
import type { Fault, FaultRates } from '../../src/testing/index.ts'
import type { LedgerCommand } from './ledger-model.ts'

/**
 * Everything that makes up one schedule, as plain JSON: a seed makes it, a person can read it, the shrinker cuts it
 * down, and running it again gives the same trace.
 */
export interface Plan {
  /** Fixes the order of ready tasks, ids, backoffs, and what clients choose. */
  readonly seed: number
  readonly nodes: number
  readonly streams: number
  /** Whether the tail of the store shows a system what it wrote itself. */
  readonly ownEvents: 'hidden' | 'delivered'
  readonly settings: Partial<Settings>
  readonly steps: readonly Step[]
  readonly faults: PlannedFaults
}

/** By chance, or exactly those: as a run recorded them, or as the shrinker left them. */
export type PlannedFaults =
  | { readonly kind: 'random'; readonly rates: FaultRates; readonly longestMs: number }
  | { readonly kind: 'exactly'; readonly faults: readonly RecordedFault[] }

/** A fault that struck, and which operation: the nth of its kind by that node on that stream. */
export interface RecordedFault {
  readonly operation: string
  readonly fault: Fault
}

/** One thing that happens from outside. */
export type Step = {
  /** Milliseconds after the step before it; 0: at the same instant. */
  readonly afterMs: number
  /** How many ready tasks run first, where it is at the same instant. */
  readonly tasks: number
} & (
  | {
      readonly kind: 'ask'
      readonly node: number
      readonly stream: number
      readonly command: LedgerCommand
      readonly commandId: string
      readonly timeoutMs: number
      /** What the caller expects, relative to the last revision that anybody was told of. */
      readonly expected?: number
      /** The caller goes away after so long, and asks again later. */
      readonly goneAfterMs?: number
    }
  | {
      readonly kind: 'tell'
      readonly node: number
      readonly stream: number
      readonly command: LedgerCommand
      readonly commandId: string
    }
  /** `state()`. */
  | { readonly kind: 'look'; readonly node: number; readonly stream: number }
  /** `at()` so many revisions below the last that anybody was told of, or `history()` from there. */
  | {
      readonly kind: 'past'
      readonly node: number
      readonly stream: number
      readonly back: number
      readonly how: 'at' | 'history'
    }
  /** `state()` of an aggregate that nothing else is done with, which may cost another its place in memory. */
  | { readonly kind: 'crowd'; readonly node: number }
  /** Another writer stores events behind everybody's back. */
  | { readonly kind: 'foreign'; readonly stream: number; readonly events: number }
  /** Another writer stores an event that no machine fits. */
  | { readonly kind: 'misfit'; readonly stream: number }
  /** The process of the node dies, and comes back after so long. */
  | { readonly kind: 'kill'; readonly node: number; readonly backAfterMs: number }
  | {
      readonly kind: 'stop'
      readonly node: number
      readonly timeoutMs: number
      readonly backAfterMs: number
    }
  | { readonly kind: 'outage'; readonly appends: 'refused' | 'unknown' | 'mute'; readonly forMs: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'clock'; readonly byMs: number }
)

/** The stream that no fault strikes and nobody else writes to: its neighbours' trouble must not reach it. */
export const calmStream = 0

export function idOfStream(stream: number): string {
  return `a${stream}`
}
