import type { Clock, Runtime } from '../runtime.ts'
import { captureImmediates, loopTurns, settled, tickTurns, turnOf } from './event-loop.ts'
import { ReadyTasks } from './ready-tasks.ts'
import { type SeededRandom, seededRandom } from './seeded-random.ts'
import { SimulatedProcess } from './simulated-process.ts'
import { TimerQueue } from './timer-queue.ts'

export interface SimulatedRuntimeOptions {
  /** Fixes ids, randomness and, where `order` is `seeded`, the order of ready tasks. Default: 1. */
  readonly seed?: number
  /** What the clock shows at first, in milliseconds since 1970. Default: the first instant of 2024. */
  readonly startAt?: number
  /**
   * Which of the tasks given to `soon` runs next. `arrival` (the default): the one that came first, like Node.
   * `seeded`: any of them, as the seed says, so that many seeds try many interleavings.
   */
  readonly order?: 'arrival' | 'seeded'
  /** How many turns of the event loop `settle` waits for rest before it fails. Default: 1,000,000. */
  readonly turnLimit?: number
}

/**
 * A `Runtime` whose clock stands still until a test moves it. Promises, `soon` and `setImmediate` run by themselves
 * as ever; timers fire only in `advance`, `advanceToNextTimer`, `runUntilIdle` and `run`, one at a time, by their
 * time and then by their creation, and after each one everything that follows from it has run before the next.
 * The same seed gives the same ids, the same randomness and the same order, as long as no real I/O takes part.
 */
export class SimulatedRuntime implements Runtime {
  readonly clock: Clock
  readonly #timers = new TimerQueue()
  readonly #ready: ReadyTasks
  readonly #random: SeededRandom
  readonly #ids: SeededRandom
  readonly #turnLimit: number
  readonly #startedAt: number
  /** The time that timers go by; `clock.now()` adds `#clockShift`, as the clock on the wall may be set anew. */
  #time: number
  #clockShift = 0

  constructor(options: SimulatedRuntimeOptions = {}) {
    const source = seededRandom(options.seed ?? 1)
    // Each purpose has its own source: a draw more for one of them leaves the others as they were.
    this.#random = source.fork()
    this.#ids = source.fork()
    const order = source.fork()
    this.#ready = new ReadyTasks(options.order === 'seeded' ? (count) => order.below(count) : () => 0)
    this.#turnLimit = options.turnLimit ?? 1_000_000
    this.#startedAt = options.startAt ?? Date.UTC(2024, 0, 1)
    this.#time = this.#startedAt
    this.clock = {
      now: () => this.#time + this.#clockShift,
      after: (delayMs, task, kind) => this.#timers.add(this.#time + Math.max(0, delayMs), task, kind),
    }
  }

  /** How long it has run, in simulated milliseconds: what timers go by, however the clock on the wall is set. */
  get elapsedMs(): number {
    return this.#time - this.#startedAt
  }

  /** How many timers are waiting: 0 at the end of a test says that none was forgotten. */
  get pendingTimers(): number {
    return this.#timers.size
  }

  /** How many tasks wait for their turn: 0 where nothing runs by itself. */
  get readyTasks(): number {
    return this.#ready.size
  }

  /** How long until the next timer fires; `undefined` where there is none. */
  get nextTimerInMs(): number | undefined {
    const dueAt = this.#timers.nextDueAt
    return dueAt === undefined ? undefined : dueAt - this.#time
  }

  random(): number {
    return this.#random.next()
  }

  uuid(): string {
    return this.#ids.uuid()
  }

  soon(task: () => void): void {
    this.#ready.add(task)
  }

  /** A runtime on this clock for one process of the simulation, which can be killed. */
  process(): SimulatedProcess {
    return new SimulatedProcess(this)
  }

  /**
   * Runs what the program gives to the global `setImmediate` in the order of this runtime, as if given to `soon`,
   * until the result is disposed. For a program that runs in one simulation at a time, and has no I/O meanwhile.
   */
  captureImmediates(): Disposable {
    const captured = captureImmediates((task) => this.soon(task))
    this.#ready.turns = tickTurns
    return {
      [Symbol.dispose]: () => {
        this.#ready.turns = loopTurns
        captured[Symbol.dispose]()
      },
    }
  }

  /** Sets the clock on the wall forward or back. Timers do not notice, as in Node. */
  shiftClock(byMs: number): void {
    this.#clockShift += byMs
  }

  /**
   * The program computes for so long, as a slow guard does: the clock goes on, and what falls due meanwhile is late.
   */
  block(ms: number): void {
    this.#time += ms
  }

  /**
   * Waits until all that can run without the clock has run: promises, `soon`, `setImmediate`.
   * @throws Error where that does not end within `turnLimit` turns of the event loop.
   */
  settle(): Promise<void> {
    return settled(this.#ready.turns, this.#ready, this.#turnLimit)
  }

  /** Lets about so many ready tasks run, or fewer where there are no more: for stopping amid the work of others. */
  async runTasks(count: number): Promise<void> {
    for (let left = count; left > 0 && this.#ready.size > 0; left--) await turnOf(this.#ready.turns)
  }

  /** Moves the clock by `ms` and fires what is due on the way, settling after each timer. */
  async advance(ms: number): Promise<void> {
    const target = this.#time + ms
    await this.settle()
    while ((this.#timers.nextDueAt ?? Number.POSITIVE_INFINITY) <= target) await this.#fireNext()
    this.#time = Math.max(this.#time, target)
  }

  /** Moves the clock to the next timer and fires it. `false`: there was none. */
  async advanceToNextTimer(): Promise<boolean> {
    await this.settle()
    if (this.#timers.size === 0) return false
    await this.#fireNext()
    return true
  }

  /**
   * Fires timer after timer until none is left but those that run in the background.
   * @throws Error where others are still waiting after `withinMs` of simulated time (default: one hour).
   */
  async runUntilIdle(withinMs = 3_600_000): Promise<void> {
    const latest = this.#time + withinMs
    await this.settle()
    while (this.#timers.foreground > 0) {
      if (this.#timers.nextDueAt! > latest) {
        throw new Error(
          `After ${withinMs} simulated ms ${this.#timers.foreground} timers are still waiting: something renews its timer for ever. Stop it first, or use advance().`,
        )
      }
      await this.#fireNext()
    }
  }

  /**
   * Moves the clock from timer to timer until the promise settles, and returns its value or throws its reason.
   * @throws Error where it cannot settle any more (nothing runs, no timer waits), or did not within `withinMs` of
   *   simulated time (default: one hour).
   */
  async run<T>(promise: PromiseLike<T>, withinMs = 3_600_000): Promise<T> {
    const latest = this.#time + withinMs
    let isPending = true
    const done = (): void => {
      isPending = false
    }
    promise.then(done, done)
    await this.settle()
    while (isPending) {
      const dueAt = this.#timers.nextDueAt
      if (dueAt === undefined) {
        throw new Error(
          'The promise will never settle: nothing is running and no timer is waiting. Somebody waits for an answer that nobody gives.',
        )
      }
      if (dueAt > latest) {
        throw new Error(
          `The promise did not settle within ${withinMs} simulated ms; ${this.#timers.foreground} timers are waiting, and ${this.#timers.size - this.#timers.foreground} in the background.`,
        )
      }
      await this.#fireNext()
    }
    return promise
  }

  async #fireNext(): Promise<void> {
    this.#time = Math.max(this.#time, this.#timers.nextDueAt ?? this.#time)
    this.#timers.take()?.()
    await this.settle()
  }
}

/** Makes a simulated clock, random source and event loop, all fixed by one seed. */
export function simulatedRuntime(options?: SimulatedRuntimeOptions): SimulatedRuntime {
  return new SimulatedRuntime(options)
}
