import { sleep } from '../../runtime.ts'
import type {
  Append,
  EventStore,
  ReadAllOptions,
  ReadStreamOptions,
  SnapshotStore,
  SubscribeOptions,
  Subscription,
  Verdict,
} from '../../store/event-store.ts'
import { sendThrough } from './append-faults.ts'
import { sendPlainly } from './append-path.ts'
import type { StoreOperation } from './fault.ts'
import type { SentAppend } from './fault-log.ts'
import { readAllFaultily, readStreamFaultily } from './faulty-read.ts'
import { faultySnapshots } from './faulty-snapshots.ts'
import { FaultySubscription } from './faulty-subscription.ts'
import { duringOutage, type StoreWorld, unavailable } from './store-world.ts'

type Settle = (index: number, verdict: Verdict) => void

/** What one system holds of a faulty store. */
export class FaultyHandle implements EventStore {
  readonly system: string
  readonly maxAppendBytes: number
  readonly snapshots?: SnapshotStore
  readonly #world: StoreWorld
  readonly #onClose: () => void
  readonly #subscriptions = new Set<FaultySubscription>()
  #phase: 'open' | 'closed' | 'dead' = 'open'

  constructor(world: StoreWorld, system: string, onClose: () => void) {
    this.#world = world
    this.system = system
    this.#onClose = onClose
    this.maxAppendBytes = world.store.maxAppendBytes
    if (world.store.snapshots !== undefined) {
      const snapshots = faultySnapshots(world, system, world.store.snapshots)
      this.snapshots = {
        load: (stream, atOrBelow) => this.#whileAlive(() => snapshots.load(stream, atOrBelow)),
        save: (stream, snapshot) => this.#whileAlive(() => snapshots.save(stream, snapshot)),
      }
    }
  }

  append(batch: readonly Append[], settle: Settle): void {
    if (this.#phase === 'dead') return
    for (let index = 0; index < batch.length; index++) {
      this.#send(batch[index]!, batch.length, (verdict) => settle(index, verdict))
    }
  }

  checkHead(stream: string, revision: number): Promise<boolean> {
    return this.#whileAlive(() => this.#checkHead(stream, revision))
  }

  async #checkHead(stream: string, revision: number): Promise<boolean> {
    const world = this.#world
    const operation = { kind: 'check', system: this.system, stream } as const
    if (world.outage() !== undefined) throw duringOutage(world, operation)
    const fault = world.strike(operation)
    if (fault?.kind === 'failedCheck') throw unavailable(`The check of ${stream}`, fault.kind)
    // A real store finds the slot taken, if only by what may yet vanish.
    const isHead =
      fault?.kind !== 'refusedCheck' &&
      !world.leader.holdsUncommitted(stream) &&
      (await world.store.checkHead(stream, revision))
    if (fault?.kind === 'slowCheck') await sleep(world.runtime, fault.afterMs)
    return isHead
  }

  async *readStream(stream: string, options?: ReadStreamOptions) {
    await this.#checkAlive()
    for await (const page of readStreamFaultily(this.#world, this.system, stream, options)) {
      yield page
      await this.#checkAlive()
    }
  }

  async *readAll(options?: ReadAllOptions) {
    await this.#checkAlive()
    for await (const page of readAllFaultily(this.#world, this.system, options)) {
      yield page
      await this.#checkAlive()
    }
  }

  subscribe(options?: SubscribeOptions): Subscription {
    const subscription: FaultySubscription = new FaultySubscription(this.#world, this.system, options, () =>
      this.#subscriptions.delete(subscription),
    )
    this.#subscriptions.add(subscription)
    if (this.#phase === 'dead') subscription.silence()
    return subscription
  }

  cutSubscriptions(): void {
    for (const subscription of this.#subscriptions) subscription.cut()
  }

  async close(): Promise<void> {
    if (this.#phase !== 'open') return
    this.#phase = 'closed'
    for (const subscription of this.#subscriptions) await subscription.close()
    this.#onClose()
  }

  /** Its process is gone: nobody hears an answer any more. What it sent goes its way. */
  die(): void {
    if (this.#phase === 'open') this.#onClose()
    this.#phase = 'dead'
    for (const subscription of this.#subscriptions) subscription.silence()
    this.#subscriptions.clear()
  }

  #send(append: Append, batchSize: number, settle: (verdict: Verdict) => void): void {
    const world = this.#world
    const { system } = this
    const send = world.log.numberSend(append.id)
    const operation: StoreOperation & { kind: 'append' } = {
      kind: 'append',
      system,
      stream: append.stream,
      appendId: append.id,
      expectedRevision: append.expectedRevision,
      send,
      batchSize,
    }
    const outage = this.#phase === 'closed' ? { appends: 'refused' as const } : world.outage()
    const fault = outage === undefined ? world.strike(operation) : undefined
    const sent: SentAppend = { append, system, send, at: world.runtime.clock.now(), fault }
    world.log.addSend(sent)
    const answer = (verdict: Verdict): void => {
      if (sent.verdict !== undefined || this.#phase === 'dead') return
      sent.verdict = verdict
      settle(verdict)
    }
    if (outage !== undefined) {
      if (this.#phase === 'open') world.log.count('outage', operation)
      const error = unavailable('The append', this.#phase === 'closed' ? 'the store is closed' : 'outage')
      if (outage.appends === 'refused') world.runtime.soon(() => answer({ status: 'refused', error }))
      if (outage.appends === 'unknown') world.runtime.soon(() => answer({ status: 'unknown', cause: error }))
    } else if (fault === undefined) sendPlainly(world, { append, operation, answer })
    else sendThrough(world, fault, { append, operation, answer })
  }

  async #whileAlive<T>(work: () => Promise<T>): Promise<T> {
    await this.#checkAlive()
    try {
      return await work()
    } finally {
      await this.#checkAlive()
    }
  }

  /** @throws StoreUnavailable where it is closed. Never goes on where its process is gone. */
  async #checkAlive(): Promise<void> {
    if (this.#phase === 'dead') await new Promise<never>(() => undefined)
    if (this.#phase === 'closed') throw unavailable('An operation on a closed store', 'closed')
  }
}
