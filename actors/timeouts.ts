import type { Clock, Timer } from '../src/runtime.ts'

/** Something with a deadline. The links belong to the list that it is in. */
export interface Deadline {
  tick: number
  earlier: Deadline | undefined
  later: Deadline | undefined
  /** The time is up; the deadline is out of its list. */
  expire(): void
}

/** Deadlines of one tick are swept together: a timeout comes up to so many milliseconds late, never early. */
const resolutionMs = 50

/**
 * All deadlines of a system behind one timer: a `setTimeout` with its `clearTimeout` for each command costs more than
 * the way of the command through the runtime (measured: 366 ns). A hashed timing wheel (Varghese & Lauck, 1987) with
 * linked lists, so that adding and removing cost nothing that grows.
 */
export class Timeouts {
  readonly #clock: Clock
  readonly #ticks = new Map<number, Deadline>()
  #swept: number
  #size = 0
  #timer: Timer | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#swept = Math.floor(clock.now() / resolutionMs)
  }

  get size(): number {
    return this.#size
  }

  add(deadline: Deadline, afterMs: number): void {
    const now = this.#clock.now()
    if (this.#size === 0) this.#swept = Math.floor(now / resolutionMs)
    deadline.tick = Math.max(this.#swept + 1, Math.ceil((now + afterMs) / resolutionMs))
    const first = this.#ticks.get(deadline.tick)
    deadline.earlier = undefined
    deadline.later = first
    if (first !== undefined) first.earlier = deadline
    this.#ticks.set(deadline.tick, deadline)
    this.#size++
    this.#timer ??= this.#clock.after(resolutionMs, this.#sweep)
  }

  /** Removing one that is not there does nothing. */
  remove(deadline: Deadline): void {
    if (deadline.tick === -1) return
    if (deadline.earlier !== undefined) deadline.earlier.later = deadline.later
    else if (deadline.later !== undefined) this.#ticks.set(deadline.tick, deadline.later)
    else this.#ticks.delete(deadline.tick)
    if (deadline.later !== undefined) deadline.later.earlier = deadline.earlier
    this.#forget(deadline)
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #forget(deadline: Deadline): void {
    deadline.tick = -1
    deadline.earlier = undefined
    deadline.later = undefined
    this.#size--
  }

  // A property, so that handing it to the clock makes no closure each time.
  readonly #sweep = (): void => {
    this.#timer = undefined
    const due = Math.floor(this.#clock.now() / resolutionMs)
    for (const tick of this.#dueTicks(due)) this.#expire(tick)
    this.#swept = Math.max(this.#swept, due)
    if (this.#size > 0) this.#timer ??= this.#clock.after(resolutionMs, this.#sweep)
  }

  /** In order; by the ticks that are there where the clock jumped further than they are many. */
  #dueTicks(due: number): readonly number[] {
    const jump = due - this.#swept
    if (jump > this.#ticks.size) {
      return [...this.#ticks.keys()].filter((tick) => tick <= due).sort((left, right) => left - right)
    }
    return Array.from({ length: Math.max(0, jump) }, (_, nth) => this.#swept + 1 + nth)
  }

  #expire(tick: number): void {
    let oldest = this.#ticks.get(tick)
    this.#ticks.delete(tick)
    while (oldest?.later !== undefined) oldest = oldest.later
    // Oldest first: callers learn of their timeouts in the order in which they asked.
    while (oldest !== undefined) {
      const before: Deadline | undefined = oldest.earlier
      this.#forget(oldest)
      oldest.expire()
      oldest = before
    }
  }
}
