import type { Append, Verdict } from '../../store/event-store.ts'
import type { Fault, FaultKind, StoreOperation } from './fault.ts'

/**
 * What was counted. Beside the injected faults: `droppedRepeat`, a repeat that met its own uncommitted original;
 * `conflictWithUncommitted`, a conflict that rests on an append which no read shows; `outage`, an operation on a
 * store that was down.
 */
export type CountedFault = FaultKind | 'droppedRepeat' | 'conflictWithUncommitted' | 'outage'

/** One send of an append, and what became of it. */
export interface SentAppend {
  readonly append: Append
  /** The system that sent it. */
  readonly system: string
  /** 1 for the first send of this append. */
  readonly send: number
  readonly at: number
  readonly fault: Fault | undefined
  /** What the sender was told; absent while it waits. */
  verdict?: Verdict
}

/** An append that the store holds. */
export interface WrittenAppend {
  readonly append: Append
  /** The revision of its last event. */
  readonly revision: number
  /** When it was committed: by the `instant` of the options, else by the clock. */
  readonly instant: number
}

/** What happened in a faulty store: for reports, and for checkers that ask who wrote what. */
export class FaultLog {
  readonly #counts = new Map<CountedFault, number>()
  readonly #sends: SentAppend[] = []
  readonly #writes = new Map<string, WrittenAppend>()
  readonly #sendsOf = new Map<string, number>()
  readonly #onFault: (kind: CountedFault, operation: StoreOperation) => void

  constructor(onFault: (kind: CountedFault, operation: StoreOperation) => void) {
    this.#onFault = onFault
  }

  get counts(): ReadonlyMap<CountedFault, number> {
    return this.#counts
  }

  get sends(): readonly SentAppend[] {
    return this.#sends
  }

  /** In the order in which they were committed. */
  get writes(): Iterable<WrittenAppend> {
    return this.#writes.values()
  }

  count(kind: CountedFault, operation: StoreOperation): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1)
    this.#onFault(kind, operation)
  }

  /** The number of the next send of this append. */
  numberSend(appendId: string): number {
    const send = (this.#sendsOf.get(appendId) ?? 0) + 1
    this.#sendsOf.set(appendId, send)
    return send
  }

  /** Notes an append that was written; a repeat of one that is known changes nothing. */
  addWrite(write: WrittenAppend): void {
    if (!this.#writes.has(write.append.id)) this.#writes.set(write.append.id, write)
  }

  addSend(send: SentAppend): void {
    this.#sends.push(send)
  }
}
