import type { Clock, Timer } from '../src/runtime.ts'
import { type Deadline, DeadlineList, unlink } from './deadline-list.ts'

/** Deadlines of one tick are swept together: a timeout comes up to so many milliseconds late, never early. */
const resolutionMs = 50

/** Lists of so many different times are kept from one dating to the next. */
const mostUndatedTimes = 16

/**
 * All deadlines of a system behind one timer: a `setTimeout` with its `clearTimeout` for each command costs more than
 * the way of the command through the runtime (measured: 366 ns). A hashed timing wheel (Varghese & Lauck, 1987) with
 * linked lists, so that adding and removing cost nothing that grows.
 *
 * A look at the clock costs as much as the mailbox (60 ns and more). So deadlines that are added in one go wait, those
 * with the same time in one list, until all that goes on just now is done, and are then dated together: never early.
 */
export class Timeouts {
  readonly #clock: Clock
  readonly #ticks = new Map<number, DeadlineList>()
  /** Added and not yet dated, by how long they wait. Lists stay: there are few different times. */
  readonly #undated = new Map<number, DeadlineList>()
  /** The list that was last added to, and the time of it: nearly all deadlines of an instant go to the same one. */
  #recent: DeadlineList | undefined
  #recentMs = 0
  #dating: 'due' | 'none' = 'none'
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

  add(deadline: Deadline, afterMs: number): void {
    if (this.#size === 0) this.#rest()
    const list = afterMs === this.#recentMs ? this.#recent : undefined
    ;(list ?? this.#undatedOf(afterMs)).append(deadline)
    this.#size++
    if (this.#dating === 'due') return
    this.#dating = 'due'
    queueMicrotask(this.#date)
  }

  /** Removing one that is not there does nothing. */
  remove(deadline: Deadline): void {
    if (deadline.earlier === undefined) return
    unlink(deadline)
    this.#size--
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  /** Nothing waits: the lists that emptied before their time are no longer swept, and would stay for ever. */
  #rest(): void {
    const now = this.#now()
    this.#swept = Math.floor(now / resolutionMs)
    this.#ticks.clear()
    this.#timer ??= this.#untilNextTick(now)
  }

  /** A time that never runs backwards: nobody waits an hour longer because somebody set the clock back by one. */
  #now(): number {
    const now = this.#clock.now() + this.#setBackMs
    if (now < this.#latest) this.#setBackMs += this.#latest - now
    else this.#latest = now
    return this.#latest
  }

  #untilNextTick(now: number): Timer {
    return this.#clock.after(resolutionMs - (now % resolutionMs), this.#sweep)
  }

  #undatedOf(afterMs: number): DeadlineList {
    let list = this.#undated.get(afterMs)
    if (list === undefined) {
      list = new DeadlineList()
      this.#undated.set(afterMs, list)
    }
    this.#recent = list
    this.#recentMs = afterMs
    return list
  }

  // A property, so that handing it over makes no closure each time.
  readonly #date = (): void => {
    this.#dating = 'none'
    const now = this.#now()
    for (const [afterMs, list] of this.#undated) {
      if (list.first === undefined) continue
      const tick = Math.max(this.#swept + 1, Math.ceil((now + afterMs) / resolutionMs))
      let dated = this.#ticks.get(tick)
      if (dated === undefined) {
        dated = new DeadlineList()
        this.#ticks.set(tick, dated)
      }
      dated.appendAll(list)
    }
    if (this.#undated.size > mostUndatedTimes) this.#forgetTimes()
  }

  /** Callers with a time of their own for each command: their lists, empty now, would pile up. */
  #forgetTimes(): void {
    this.#undated.clear()
    this.#recent = undefined
    this.#recentMs = 0
  }

  readonly #sweep = (): void => {
    this.#timer = undefined
    const now = this.#now()
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
    for (let oldest = list.first; oldest !== undefined; oldest = list.first) {
      unlink(oldest)
      this.#size--
      oldest.expire()
    }
    this.#ticks.delete(tick)
  }
}
