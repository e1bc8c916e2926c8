/** What a fault can be put on. `subscribe`: a read that goes on for ever. */
export type Operation = 'append' | 'read' | 'subscribe' | 'delete' | 'features' | 'gossip'

/**
 * What the server says instead of doing what it was asked.
 * `conflict`: a wrong expected revision that rests on nothing that a reader could see.
 */
export type Refusal =
  | 'accessDenied'
  | 'notAuthenticated'
  | 'notReady'
  | 'tooBusy'
  | 'notLeader'
  | 'timeout'
  | 'unknown'
  | 'conflict'

/**
 * - `dropAnswer`: it is done, and its answer is lost. `answerLate`: it is done at once and answered after `ms`.
 * - `carryOutLate`: it is done only after `ms`, long after a reader found nothing of it, and never answered.
 * - `commitLate`: the log takes it and commits nothing any more for `ms`; the server's own timeout answers before.
 * - `stayMute`: it is neither done nor answered.
 * - `endCall`: the call that carries it ends with the status code `code`, before it is done or after; of a read or a
 *   subscription after that many messages.
 * - `refuse`: it is answered with an error and not done.
 */
export type Fault =
  | { readonly kind: 'dropAnswer' }
  | { readonly kind: 'answerLate'; readonly ms: number }
  | { readonly kind: 'carryOutLate'; readonly ms: number }
  | { readonly kind: 'commitLate'; readonly ms: number }
  | { readonly kind: 'stayMute' }
  | { readonly kind: 'endCall'; readonly code: number; readonly after: 'nothing' | 'done' | number }
  | { readonly kind: 'refuse'; readonly with: Refusal }

/** Which operations a fault meets. Plain data, so that it can be told to a double in another process. */
export interface FaultRule {
  readonly on: Operation
  /** Only streams whose name begins with this. $all counts as the stream `$all`. */
  readonly stream?: string
  /** How many are let pass first. Default: 0. */
  readonly skip?: number
  /** How many it meets. Default: 1. */
  readonly times?: number | 'always'
  readonly fault: Fault
}

interface ActiveRule {
  readonly rule: FaultRule
  skip: number
  left: number
}

/** The faults that wait for their operation. The oldest rule that fits an operation meets it. */
export class Faults {
  readonly #rules: ActiveRule[] = []
  #met = 0

  add(rule: FaultRule): void {
    const left = rule.times === 'always' ? Number.POSITIVE_INFINITY : (rule.times ?? 1)
    this.#rules.push({ rule, skip: rule.skip ?? 0, left })
  }

  clear(): void {
    this.#rules.length = 0
  }

  /** How many operations a fault has met so far. */
  get met(): number {
    return this.#met
  }

  take(operation: Operation, stream: string): Fault | undefined {
    for (const active of this.#rules) {
      const { rule } = active
      if (rule.on !== operation || active.left === 0) continue
      if (rule.stream !== undefined && !stream.startsWith(rule.stream)) continue
      if (active.skip > 0) {
        active.skip--
        continue
      }
      active.left--
      this.#met++
      return rule.fault
    }
    return undefined
  }
}
