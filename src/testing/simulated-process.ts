import type { Clock, Runtime, Timer } from '../runtime.ts'

/**
 * One process of a simulation: it shares the clock, the ids and the event loop of the world it runs in, until it is
 * killed. From then on none of its timers and tasks runs: its memory is gone, as after `kill -9`.
 */
export class SimulatedProcess implements Runtime {
  readonly clock: Clock
  readonly #world: Runtime
  readonly #timers = new Set<Timer>()
  #isAlive = true

  constructor(world: Runtime) {
    this.#world = world
    this.clock = {
      now: () => world.clock.now(),
      after: (delayMs, task, kind) => this.#after(delayMs, task, kind),
    }
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  /** How many of its timers are waiting: 0 once it has stopped says that none was forgotten. */
  get pendingTimers(): number {
    return this.#timers.size
  }

  random(): number {
    return this.#world.random()
  }

  uuid(): string {
    return this.#world.uuid()
  }

  soon(task: () => void): void {
    if (!this.#isAlive) return
    this.#world.soon(() => {
      if (this.#isAlive) task()
    })
  }

  kill(): void {
    this.#isAlive = false
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
  }

  #after(delayMs: number, task: () => void, kind?: 'background'): Timer {
    if (!this.#isAlive) return { cancel: () => undefined }
    const fire = (): void => {
      this.#timers.delete(timer)
      task()
    }
    const timer = this.#world.clock.after(delayMs, fire, kind)
    this.#timers.add(timer)
    return {
      cancel: () => {
        timer.cancel()
        this.#timers.delete(timer)
      },
    }
  }
}
