import { type Fault, type FaultSource, RandomFaults, type StoreOperation } from '../../src/testing/index.ts'
import { calmStream, idOfStream, type PlannedFaults, type RecordedFault } from './plan.ts'

/**
 * Says what goes wrong in a schedule, by chance or exactly as recorded, and records it. Nothing strikes the calm
 * stream, and nothing at all once the world is healed.
 */
export class FaultTape implements FaultSource {
  readonly recorded: RecordedFault[] = []
  readonly #random: FaultSource | undefined
  readonly #exactly: ReadonlyMap<string, Fault>
  readonly #nodes = new Map<string, string>()
  readonly #counts = new Map<string, number>()
  #healed = false

  constructor(seed: number, planned: PlannedFaults) {
    this.#random =
      planned.kind === 'random' ? new RandomFaults(seed, planned.rates, planned.longestMs) : undefined
    this.#exactly = new Map(
      planned.kind === 'exactly' ? planned.faults.map(({ operation, fault }) => [operation, fault]) : [],
    )
  }

  heal(): void {
    this.#healed = true
  }

  next(operation: StoreOperation): Fault | undefined {
    if (this.#healed || operation.stream === calmStreamName) return undefined
    const name = this.#nameOf(operation)
    const fault = this.#random === undefined ? this.#exactly.get(name) : this.#random.next(operation)
    if (fault !== undefined) this.recorded.push({ operation: name, fault })
    return fault
  }

  /** The system runs on this node. */
  register(system: string, node: string): void {
    this.#nodes.set(system, node)
  }

  /** `append a1 n2 #3`: the third append of the second node on that stream, whichever of its systems sends it. */
  #nameOf({ kind, stream, system }: StoreOperation): string {
    const what = `${kind} ${stream ?? '*'} ${this.#nodes.get(system)}`
    const count = (this.#counts.get(what) ?? 0) + 1
    this.#counts.set(what, count)
    return `${what} #${count}`
  }
}

const calmStreamName = `ledger-${idOfStream(calmStream)}`
