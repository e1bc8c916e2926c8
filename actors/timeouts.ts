import type { Clock, Timer } from '../src/runtime.ts'

/** Something with a deadline. The links belong to the list that it is in. */
export interface Deadline {
  /** -1: in no list. */
  tick: number
  earlier: Deadline | undefined
  later: Deadline | undefined
  /** The time is up; the deadline is out of its list. */
  expire(): void
}

/** Deadlines of one tick are swept together: a timeout comes up to so many milliseconds late, never early. */
const resolutionMs = 50

/** All deadlines of one tick, in the order in which they were added, behind a head that never leaves. */
class TickList implements Deadline {
  readonly tick: number
  earlier: Deadline | undefined
  later: Deadline | undefined
  #last: Deadline = this

  constructor(tick: number) {
    this.tick = tick
  }

  append(deadline: Deadline): void {
    deadline.tick = this.tick
    deadline.earlier = this.#last
    deadline.later = undefined
    this.#last.later = deadline
    this.#last = deadline
  }

  remove(deadline: Deadline): void {
    const { earlier, later } = deadline
    if (earlier !== undefined) earlier.later = later
    if (later === undefined) this.#last = earlier ?? this
    else later.earlier = earlier
    deadline.tick = -1
    deadline.earlier = undefined
    deadline.later = undefined
  }

  expire(): void {}
}

/**
 * All deadlines of a system behind one timer: a `setTimeout` with its `clearTimeout` for each command costs more than
 * the way of the command through the runtime (measured: 366 ns). A hashed timing wheel (Varghese & Lauck, 1987) with
 * linked lists, so that adding and removing cost nothing that grows.
 */
export class Timeouts {
  readonly #clock: Clock
  readonly #ticks = new Map<number, TickList>()
  /** The list that was last added to: nearly all deadlines of an instant go to the same one. */
  #recent: TickList | undefined
  #swept: number
  /** The latest time that was seen, and how far the clock on the wall was set back since the start. */
  #latest: number
  #setBackMs = 0
  #size = 0
  #timer: Timer | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#latest = clock.now()
    this.#swept = Math.floor(this.#latest / resolutionMs)
  }

  get size(): number {
    return this.#size
  }

  /** @param shown what the clock shows, where the caller has just looked. */
  add(deadline: Deadline, afterMs: number, shown = this.#clock.now()): void {
    const now = this.#steady(shown)
    if (this.#size === 0) this.#rest(now)
    this.#listOf(Math.max(this.#swept + 1, Math.ceil((now + afterMs) / resolutionMs))).append(deadline)
    this.#size++
    this.#timer ??= this.#untilNextTick(now)
  }

  /** Removing one that is not there does nothing. */
  remove(deadline: Deadline): void {
    if (deadline.tick === -1) return
    this.#listOf(deadline.tick).remove(deadline)
    this.#size--
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  /** Nothing waits: the lists that emptied before their time are no longer swept, and would stay for ever. */
  #rest(now: number): void {
    this.#swept = Math.floor(now / resolutionMs)
    this.#ticks.clear()
    this.#recent = undefined
  }

  /** A time that never runs backwards: nobody waits an hour longer because somebody set the clock back by one. */
  #steady(shown: number): number {
    const now = shown + this.#setBackMs
    if (now < this.#latest) this.#setBackMs += this.#latest - now
    else this.#latest = now
    return this.#latest
  }

  #untilNextTick(now: number): Timer {
    return this.#clock.after(resolutionMs - (now % resolutionMs), this.#sweep)
  }

  #listOf(tick: number): TickList {
    if (this.#recent?.tick === tick) return this.#recent
    let list = this.#ticks.get(tick)
    if (list === undefined) {
      list = new TickList(tick)
      this.#ticks.set(tick, list)
    }
    this.#recent = list
    return list
  }

  // A property, so that handing it to the clock makes no closure each time.
  readonly #sweep = (): void => {
    this.#timer = undefined
    const now = this.#steady(this.#clock.now())
    const due = Math.floor(now / resolutionMs)
    for (const tick of this.#dueTicks(due)) this.#expire(tick)
    this.#swept = Math.max(this.#swept, due)
    if (this.#size > 0) this.#timer ??= this.#untilNextTick(now)
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
    const list = this.#ticks.get(tick)
    if (list === undefined) return
    // Oldest first: callers learn of their timeouts in the order in which they asked.
    while (list.later !== undefined) {
      const oldest = list.later
      list.remove(oldest)
      this.#size--
      oldest.expire()
    }
    this.#ticks.delete(tick)
    if (this.#recent === list) this.#recent = undefined
  }
}
