import type { Append, EventStore, Verdict } from '../src/store/event-store.ts'
import type { AggregateActor, InFlight } from './aggregate/aggregate-actor.ts'
import { applyVerdict, takeAppend } from './aggregate/appends.ts'
import { type ActorKind, type ActorReference, type ActorSystem, tell } from './nact.ts'
import type { Deadline, Timeouts } from './timeouts.ts'

export interface WriterBounds {
  /** Appends without a verdict; more of them wait in their aggregates. */
  readonly appendsUnderWay: number
  /** A store that is mute for so long is taken as `unknown`. */
  readonly appendTimeoutMs: number
}

/**
 * One of W event writers, a nact actor; a stream always has the same one. Aggregates hand over what they decided; a
 * woken writer takes from each all that gathered since, as one append for each stream, and sends them as one batch.
 * While an append of a stream is under way its next one gathers in the aggregate: batches grow with the load, without
 * a timer. No stream waits for the verdict of another; only the number of appends under way is bounded.
 */
export class EventWriter {
  readonly #store: EventStore
  readonly #timeouts: Timeouts
  readonly #bounds: WriterBounds
  readonly #writer: ActorReference<'wake'>
  #waiting: AggregateActor[] = []
  #underWay = 0
  #woken = false

  constructor(
    actors: ActorSystem,
    name: string,
    store: EventStore,
    timeouts: Timeouts,
    bounds: WriterBounds,
  ) {
    this.#store = store
    this.#timeouts = timeouts
    this.#bounds = bounds
    this.#writer = actors.spawn(name, writer, this)
  }

  get underWay(): number {
    return this.#underWay
  }

  enqueue(actor: AggregateActor): void {
    if (actor.handedOver) return
    actor.handedOver = true
    this.#waiting.push(actor)
    this.#wake()
  }

  #wake(): void {
    if (this.#woken || this.#waiting.length === 0 || this.#underWay >= this.#bounds.appendsUnderWay) return
    this.#woken = true
    tell(this.#writer, 'wake')
  }

  /** Sends what gathered, as one batch. */
  send(): void {
    this.#woken = false
    const batch = this.#takeBatch()
    if (batch.appends.length === 0) return
    this.#underWay += batch.appends.length
    this.#timeouts.add(batch, this.#bounds.appendTimeoutMs)
    try {
      this.#store.append(batch.appends, (index, verdict) => {
        this.#heard(batch, index)
        apply(batch, index, verdict)
      })
    } catch (cause) {
      // A store never throws here; where one does, nobody knows what it took.
      this.#lost(batch, cause)
    }
  }

  #takeBatch(): Batch {
    const batch = new Batch(this.#overdue)
    const room = this.#bounds.appendsUnderWay - this.#underWay
    let looked = 0
    while (looked < this.#waiting.length && batch.appends.length < room) {
      const actor = this.#waiting[looked++]!
      const inFlight = takeAppend(actor)
      if (inFlight !== undefined) batch.add(actor, inFlight)
    }
    this.#waiting = looked === this.#waiting.length ? [] : this.#waiting.slice(looked)
    return batch
  }

  /** The store stays mute: taken as unknown, so that it holds up nobody else; a late verdict still settles it. */
  readonly #overdue = (batch: Batch): void => {
    this.#lost(batch, `the store did not answer within ${this.#bounds.appendTimeoutMs} ms`)
  }

  #lost(batch: Batch, cause: unknown): void {
    for (let index = 0; index < batch.appends.length; index++) {
      if (this.#heard(batch, index)) apply(batch, index, { status: 'unknown', cause })
    }
  }

  /** @returns false where it was heard before. */
  #heard(batch: Batch, index: number): boolean {
    if (batch.heard[index] === true) return false
    batch.heard[index] = true
    batch.open--
    this.#underWay--
    if (batch.open === 0) this.#timeouts.remove(batch)
    this.#wake()
    return true
  }
}

const writer: ActorKind<EventWriter, 'wake'> = {
  receive: (eventWriter) => eventWriter.send(),
  supervise: () => 'restart',
}

/** The appends that were sent together: one deadline for all of them. */
class Batch implements Deadline {
  tick = -1
  earlier: Deadline | undefined
  later: Deadline | undefined
  readonly appends: Append[] = []
  readonly inFlights: InFlight[] = []
  readonly actors: AggregateActor[] = []
  readonly heard: boolean[] = []
  open = 0
  readonly #overdue: (batch: Batch) => void

  constructor(overdue: (batch: Batch) => void) {
    this.#overdue = overdue
  }

  add(actor: AggregateActor, inFlight: InFlight): void {
    this.appends.push(inFlight.append)
    this.inFlights.push(inFlight)
    this.actors.push(actor)
    this.heard.push(false)
    this.open++
  }

  expire(): void {
    this.#overdue(this)
  }
}

/** The store is promised that `settle` never throws. */
function apply(batch: Batch, index: number, verdict: Verdict): void {
  const actor = batch.actors[index]!
  try {
    applyVerdict(actor, batch.inFlights[index]!, verdict)
  } catch (error) {
    actor.crashed(error)
  }
}
