import type { Clock } from '../src/runtime.ts'
import { type ActorKind, type ActorReference, type ActorSystem, tell } from './nact.ts'

/** Something that gets turns. */
export interface Runnable {
  /** Belongs to the run queue: stands in it, waiting for its turn. */
  scheduled: boolean
  /** Belongs to the run queue: the one behind it. */
  nextReady: Runnable | undefined
  /**
   * Works off at most `budget` commands.
   * @returns how many it worked off; it asks for its next turn itself.
   */
  turn(budget: number): number
  /** Its turn threw. */
  crashed(error: unknown): void
}

export interface TurnBounds {
  /** Commands of one actor in one turn, so that a hot one leaves room for its neighbours. */
  readonly commandsOfActor: number
  /** Commands of all in one turn of the queue, so that timers and I/O of the process run. */
  readonly commandsOfTurn: number
  /** Milliseconds of one turn of the queue, for machines whose commands are slow. */
  readonly turnMs: number
}

/** The clock is looked at after so many commands: each look costs some 30 ns. */
const commandsBetweenClockLooks = 16

/**
 * The turns of one shard: ready actors wait in one queue that one nact actor works off, woken by at most one message.
 * A nact message for each aggregate cost a third of all commands a second (measured: 320k against 500k; with a
 * million aggregates 49k against 144k).
 */
export class RunQueue {
  readonly #bounds: TurnBounds
  readonly #clock: Clock
  readonly #runner: ActorReference<'wake'>
  /** The actors hold the queue themselves, so that nothing is made for it. */
  #first: Runnable | undefined
  #last: Runnable | undefined
  #length = 0
  #woken = false
  /** When its turn began, or the last one: good enough for whatever needs no look at the clock for each command. */
  startedAt = 0

  constructor(actors: ActorSystem, name: string, clock: Clock, bounds: TurnBounds) {
    this.#clock = clock
    this.#bounds = bounds
    this.#runner = actors.spawn(name, runner, this)
  }

  get length(): number {
    return this.#length
  }

  /** Gives the actor a turn, soon; once, however often it is asked for. */
  schedule(actor: Runnable): void {
    if (actor.scheduled) return
    actor.scheduled = true
    if (this.#last === undefined) this.#first = actor
    else this.#last.nextReady = actor
    this.#last = actor
    this.#length++
    this.#wake()
  }

  #wake(): void {
    if (this.#woken) return
    this.#woken = true
    tell(this.#runner, 'wake')
  }

  /** Works off what is ready, within the bounds; what is left gets the next turn. */
  turn(): void {
    this.#woken = false
    try {
      this.#workOff()
    } finally {
      if (this.#length > 0) this.#wake()
    }
  }

  #workOff(): void {
    this.startedAt = this.#clock.now()
    const endsAt = this.startedAt + this.#bounds.turnMs
    let left = this.#bounds.commandsOfTurn
    let untilLook = commandsBetweenClockLooks
    while (left > 0) {
      const actor = this.#take()
      if (actor === undefined) break
      // Even an actor with nothing to decide costs something.
      const worked = Math.max(1, this.#runOne(actor, Math.min(left, this.#bounds.commandsOfActor)))
      left -= worked
      untilLook -= worked
      if (untilLook <= 0) {
        if (this.#clock.now() >= endsAt) break
        untilLook = commandsBetweenClockLooks
      }
    }
  }

  /** The first one leaves the queue. */
  #take(): Runnable | undefined {
    const actor = this.#first
    if (actor === undefined) return undefined
    this.#first = actor.nextReady
    if (this.#first === undefined) this.#last = undefined
    this.#length--
    actor.nextReady = undefined
    actor.scheduled = false
    return actor
  }

  // A throw ends the turn of this actor alone (measured without: one throw ended the whole shard).
  #runOne(actor: Runnable, budget: number): number {
    try {
      return actor.turn(budget)
    } catch (error) {
      actor.crashed(error)
      return 1
    }
  }
}

const runner: ActorKind<RunQueue, 'wake'> = {
  receive: (queue) => queue.turn(),
  supervise: () => 'restart',
}
