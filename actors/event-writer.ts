import type { Append, EventStore, Verdict } from '../src/store/event-store.ts'
import { youngArray } from '../src/young.ts'
import type { AggregateActor } from './aggregate/aggregate-actor.ts'
import { applyVerdict, takeAppend } from './aggregate/appends.ts'
import type { InFlight } from './aggregate/in-flight.ts'
import type { Deadline } from './deadline-list.ts'
import { type ActorKind, type ActorReference, type ActorSystem, tell } from './nact.ts'
import type { Timeouts } from './timeouts.ts'

export interface WriterBounds {
  /** Appends without a verdict; more of them wait in their aggregates. */
  readonly appendsUnderWay: number
  /** A store that is mute for so long is taken as `unknown`. */
  readonly appendTimeoutMs: number
  /** Verdicts about so many commands are applied as they come; what comes with them waits for the aggregates' turns. */
  readonly commandsAtOnce: number
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
  /** Commands whose verdicts were applied since the last send. */
  #applied = 0

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
    this.#applied = 0
    const inFlights = this.#take()
    if (inFlights.length === 0) return
    const batch = new Batch(inFlights, this.#overdue)
    this.#underWay += batch.open
    this.#timeouts.add(batch, this.#bounds.appendTimeoutMs)
    try {
      this.#store.append(batch.appends, (index, verdict) => {
        const inFlight = inFlights[index]!
        this.#heard(batch, inFlight)
        this.#apply(inFlight, verdict)
      })
    } catch (cause) {
      // A store never throws here; where one does, nobody knows what it took.
      this.#lost(batch, cause)
    }
  }

  /**
   * A store answers hundreds of appends at once, and with the callers' next commands all of that is one task: ten
   * thousand commands held up the event loop for 30 ms. So the first ones are settled at once, as the latency of a
   * system without much load asks for, and the rest in turns, which are bounded.
   */
  #apply(inFlight: InFlight, verdict: Verdict): void {
    this.#applied += inFlight.entries.length
    apply(inFlight, verdict, this.#applied <= this.#bounds.commandsAtOnce ? 'now' : 'inTurn')
  }

  /** What gathered in the aggregates that wait, as far as there is room under way. */
  #take(): InFlight[] {
    const waiting = this.#waiting
    const room = this.#bounds.appendsUnderWay - this.#underWay
    const inFlights = youngArray<InFlight>(Math.min(room, waiting.length))
    let taken = 0
    let looked = 0
    while (looked < waiting.length && taken < room) {
      const inFlight = takeAppend(waiting[looked++]!)
      if (inFlight !== undefined) inFlights[taken++] = inFlight
    }
    inFlights.length = taken
    this.#waiting = looked === waiting.length ? [] : waiting.slice(looked)
    return inFlights
  }

  /** The store stays mute: taken as unknown, so that it holds up nobody else; a late verdict still settles it. */
  readonly #overdue = (batch: Batch): void => {
    this.#lost(batch, `the store did not answer within ${this.#bounds.appendTimeoutMs} ms`)
  }

  #lost(batch: Batch, cause: unknown): void {
    for (const inFlight of batch.inFlights) {
      if (this.#heard(batch, inFlight)) this.#apply(inFlight, { status: 'unknown', cause })
    }
  }

  /** @returns false where its first send was heard of before. */
  #heard(batch: Batch, inFlight: InFlight): boolean {
    if (inFlight.heard) return false
    inFlight.heard = true
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
  earlier: Deadline | undefined
  later: Deadline | undefined
  readonly appends: Append[]
  readonly inFlights: InFlight[]
  /** So many have no verdict yet. */
  open: number
  readonly #overdue: (batch: Batch) => void

  constructor(inFlights: InFlight[], overdue: (batch: Batch) => void) {
    this.inFlights = inFlights
    this.appends = inFlights.map((inFlight) => inFlight.append)
    this.open = inFlights.length
    this.#overdue = overdue
  }

  expire(): void {
    this.#overdue(this)
  }
}

/** The store is promised that `settle` never throws. */
function apply(inFlight: InFlight, verdict: Verdict, when: 'now' | 'inTurn'): void {
  try {
    if (when === 'now') applyVerdict(inFlight.actor, inFlight, verdict)
    else inFlight.actor.hear({ inFlight, verdict })
  } catch (error) {
    inFlight.actor.crashed(error)
  }
}
