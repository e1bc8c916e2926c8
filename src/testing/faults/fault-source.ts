import { type SeededRandom, seededRandom } from '../seeded-random.ts'
import { canHappen, type Fault, type FaultKind, faultKinds, type StoreOperation } from './fault.ts'

/** Says what goes wrong with each operation. Asked once for each, in the order in which they happen. */
export interface FaultSource {
  next(operation: StoreOperation): Fault | undefined
}

/** Which operations a planned fault waits for. */
export interface FaultTarget {
  /** Only operations on this stream. Default: any. */
  readonly stream?: string
  /** Only operations of this system. Default: any. */
  readonly system?: string
  /** How many fitting operations go well before it. Default: none. */
  readonly after?: number
  /** How many operations it strikes. Default: one. */
  readonly times?: number
}

interface PlannedFault {
  readonly fault: Fault
  readonly target: FaultTarget
  toSpare: number
  left: number
}

/** Faults that were told beforehand: each strikes the next operation that it fits, in the order of the plan. */
export class FaultPlan implements FaultSource {
  #planned: PlannedFault[] = []

  /** What has not struck yet. */
  get waiting(): readonly Fault[] {
    return this.#planned.map(({ fault }) => fault)
  }

  add(fault: Fault, target: FaultTarget = {}): void {
    this.#planned.push({ fault, target, toSpare: target.after ?? 0, left: target.times ?? 1 })
  }

  next(operation: StoreOperation): Fault | undefined {
    for (const planned of this.#planned) {
      if (!fits(planned, operation)) continue
      if (planned.toSpare > 0) {
        planned.toSpare--
        continue
      }
      planned.left--
      this.#planned = this.#planned.filter(({ left }) => left > 0)
      return planned.fault
    }
    return undefined
  }
}

function fits({ fault, target }: PlannedFault, operation: StoreOperation): boolean {
  return (
    canHappen(fault.kind, operation) &&
    (target.stream === undefined || target.stream === operation.stream) &&
    (target.system === undefined || target.system === operation.system)
  )
}

/** How often each fault strikes an operation that it can happen to: 0 (the default) to 1. */
export type FaultRates = { readonly [Kind in FaultKind]?: number }

/** Faults by chance: the same seed strikes the same operations in the same way. */
export class RandomFaults implements FaultSource {
  readonly #random: SeededRandom
  readonly #rates: readonly (readonly [FaultKind, number])[]
  readonly #longestMs: number

  /** @param longestMs no lateness is longer; most are much shorter, some are not. */
  constructor(seed: number, rates: FaultRates, longestMs: number) {
    this.#random = seededRandom(seed)
    this.#rates = faultKinds.flatMap((kind) => (rates[kind] ? [[kind, rates[kind]] as const] : []))
    this.#longestMs = longestMs
  }

  next(operation: StoreOperation): Fault | undefined {
    // One draw, whatever the rates: a higher rate of one kind leaves the strikes of the others mostly as they were.
    let drawn = this.#random.next()
    for (const [kind, rate] of this.#rates) {
      if (!canHappen(kind, operation)) continue
      if (drawn < rate) return randomFault(kind, this.#random, this.#longestMs)
      drawn -= rate
    }
    return undefined
  }
}

/** A fault of this kind with chosen details. */
export function randomFault(kind: FaultKind, random: SeededRandom, longestMs: number): Fault {
  // Spread evenly over the orders of magnitude: what is late by milliseconds meets other things than what is late
  // by seconds.
  const afterMs = Math.max(1, Math.round(longestMs ** random.next()))
  const repeats = random.pick(['unknown', 'none'] as const)
  switch (kind) {
    case 'conflict':
      return { kind, by: random.pick(['stranger', 'stranger', 'sameCommand'] as const) }
    case 'refused':
      return { kind, because: random.pick(['unreachable', 'unreachable', 'content', 'denied'] as const) }
    case 'mute':
      return { kind, effect: random.pick(['written', 'none'] as const) }
    case 'lateCommit':
    case 'vanishingTail':
      return { kind, afterMs, repeats }
    case 'lateArrival':
    case 'lateAnswer':
    case 'withheldVerdict':
    case 'sentTwice':
    case 'slowAppend':
    case 'slowRead':
    case 'slowCheck':
    case 'tornDelivery':
    case 'slowDelivery':
    case 'slowLoad':
    case 'slowSave':
      return { kind, afterMs }
    case 'staleRead':
      return { kind, appendsBehind: random.between(1, 4) }
    case 'failedRead':
      return { kind, afterEvents: random.below(4) }
    case 'tornPages':
      return { kind, events: random.between(1, 3) }
    case 'corruptSnapshot':
      return { kind, damage: random.pick(['cutOff', 'otherShape', 'otherHistory'] as const) }
    default:
      return { kind }
  }
}
