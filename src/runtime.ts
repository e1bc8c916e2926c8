import { randomUUID } from 'node:crypto'

/** A running timer. Cancelling one that has fired or was cancelled does nothing. */
export interface Timer {
  cancel(): void
}

/** Time and timers. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /**
   * Runs the task once, `delayMs` from now (0 to 2^31-1), never before this call returns. A `background` timer alone
   * does not keep the process alive.
   */
  after(delayMs: number, task: () => void, kind?: 'background'): Timer
}

/**
 * The one way by which time, ids and randomness come in, so that a simulated run is deterministic
 * (`simulatedRuntime` of `reenact/testing`).
 */
export interface Runtime {
  readonly clock: Clock
  /** At least 0, below 1. */
  random(): number
  /** A fresh UUID. */
  uuid(): string
  /** Runs the task soon, after waiting I/O had its turn, never before this call returns. */
  soon(task: () => void): void
}

const longestDelayMs = 2 ** 31 - 1

/** The real thing: the clock of this machine, its random source, its event loop. */
export const systemRuntime: Runtime = {
  clock: {
    now: () => Date.now(),
    after(delayMs, task, kind) {
      const timer = setTimeout(task, Math.min(delayMs, longestDelayMs))
      if (kind === 'background') timer.unref()
      return { cancel: () => clearTimeout(timer) }
    },
  },
  random: () => Math.random(),
  uuid: () => randomUUID(),
  soon: (task) => void setImmediate(task),
}

/** Waits `delayMs` on the clock of the runtime. */
export function sleep(runtime: Runtime, delayMs: number): Promise<void> {
  return new Promise((resolve) => void runtime.clock.after(delayMs, resolve))
}
