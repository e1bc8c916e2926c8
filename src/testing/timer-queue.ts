import type { Timer } from '../runtime.ts'

interface QueuedTimer {
  readonly dueAt: number
  readonly order: number
  readonly task: () => void
  readonly kind: 'background' | undefined
}

/** Timers in the order in which they fire: by time, and by creation where they are due at once. */
export class TimerQueue {
  // Sorted so that the next one is the last element: firing is a pop, and a cancelled timer leaves nothing behind.
  readonly #timers: QueuedTimer[] = []
  #created = 0
  #background = 0

  get size(): number {
    return this.#timers.length
  }

  /** Those that would keep a process alive. */
  get foreground(): number {
    return this.#timers.length - this.#background
  }

  /** When the next timer is due; `undefined` where there is none. */
  get nextDueAt(): number | undefined {
    return this.#timers.at(-1)?.dueAt
  }

  add(dueAt: number, task: () => void, kind?: 'background'): Timer {
    const timer: QueuedTimer = { dueAt, order: this.#created++, task, kind }
    this.#timers.splice(this.#placeOf(timer), 0, timer)
    if (kind === 'background') this.#background++
    return { cancel: () => this.#remove(timer) }
  }

  /** Takes the next timer out and returns its task. */
  take(): (() => void) | undefined {
    const timer = this.#timers.pop()
    if (timer?.kind === 'background') this.#background--
    return timer?.task
  }

  #remove(timer: QueuedTimer): void {
    const place = this.#placeOf(timer)
    if (this.#timers[place] !== timer) return
    this.#timers.splice(place, 1)
    if (timer.kind === 'background') this.#background--
  }

  /** The index of the timer, or where it belongs. */
  #placeOf(timer: QueuedTimer): number {
    let low = 0
    let high = this.#timers.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (firesAfter(this.#timers[middle]!, timer)) low = middle + 1
      else high = middle
    }
    return low
  }
}

function firesAfter(one: QueuedTimer, other: QueuedTimer): boolean {
  return one.dueAt > other.dueAt || (one.dueAt === other.dueAt && one.order > other.order)
}
