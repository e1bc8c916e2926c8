import type { Append, EventStore, Verdict } from '../src/store/event-store.ts'
import type { AggregateActor, InFlight } from './aggregate/aggregate-actor.ts'
import { applyVerdict, takeAppend } from './aggregate/appends.ts'
import { type ActorKind, type ActorReference, type ActorSystem, tell } from './nact.ts'
import type { Deadline, Timeouts } from './timeouts.ts'

/** An append that has been sent and waits for its verdict. */
class Sending implements Deadline {
  tick = -1
  earlier: Deadline | undefined
  later: Deadline | undefined
  readonly actor: AggregateActor
  readonly inFlight: InFlight
  readonly #overdue: (sending: Sending) => void
  /** Counts in its writer's appends under way. */
  counted = true

  constructor(actor: AggregateActor, inFlight: InFlight, overdue: (sending: Sending) => void) {
    this.actor = actor
    this.inFlight = inFlight
    this.#overdue = overdue
  }

  expire(): void {
    this.#overdue(this)
  }
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
  readonly #appendsUnderWay: number
  readonly #appendTimeoutMs: number
  readonly #writer: ActorReference<'wake'>
  #waiting: AggregateActor[] = []
  #underWay = 0
  #woken = false

  constructor(
    actors: ActorSystem,
    name: string,
    store: EventStore,
    timeouts: Timeouts,
    bounds: { readonly appendsUnderWay: number; readonly appendTimeoutMs: number },
  ) {
    this.#store = store
    this.#timeouts = timeouts
    this.#appendsUnderWay = bounds.appendsUnderWay
    this.#appendTimeoutMs = bounds.appendTimeoutMs
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
    if (this.#woken || this.#waiting.length === 0 || this.#underWay >= this.#appendsUnderWay) return
    this.#woken = true
    tell(this.#writer, 'wake')
  }

  /** Sends what gathered, as one batch. */
  send(): void {
    this.#woken = false
    const batch: Append[] = []
    const sendings: Sending[] = []
    const room = this.#appendsUnderWay - this.#underWay
    let looked = 0
    while (looked < this.#waiting.length && batch.length < room) {
      const actor = this.#waiting[looked++] as AggregateActor
      const inFlight = takeAppend(actor)
      if (inFlight === undefined) continue
      const sending = new Sending(actor, inFlight, this.#overdue)
      this.#timeouts.add(sending, this.#appendTimeoutMs)
      batch.push(inFlight.append)
      sendings.push(sending)
    }
    this.#waiting = looked === this.#waiting.length ? [] : this.#waiting.slice(looked)
    if (batch.length === 0) return
    this.#underWay += batch.length
    this.#store.append(batch, (index, verdict) => {
      const sending = sendings[index] as Sending
      this.#timeouts.remove(sending)
      this.#notUnderWay(sending)
      this.#apply(sending, verdict)
    })
  }

  /** The store stays mute: taken as unknown, so that it holds up nobody else; a late verdict still settles it. */
  readonly #overdue = (sending: Sending): void => {
    this.#notUnderWay(sending)
    const cause = `the store did not answer within ${this.#appendTimeoutMs} ms`
    this.#apply(sending, { status: 'unknown', cause })
  }

  // The store is promised that `settle` never throws.
  #apply(sending: Sending, verdict: Verdict): void {
    try {
      applyVerdict(sending.actor, sending.inFlight, verdict)
    } catch (error) {
      sending.actor.crashed(error)
    }
  }

  #notUnderWay(sending: Sending): void {
    if (!sending.counted) return
    sending.counted = false
    this.#underWay--
    this.#wake()
  }
}

const writer: ActorKind<EventWriter, 'wake'> = {
  receive: (eventWriter) => eventWriter.send(),
  supervise: () => 'restart',
}
