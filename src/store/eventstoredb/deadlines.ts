import type { Runtime, Timer } from '../../runtime.ts'

/** The items of one turn of the event loop, and the timer that they share. */
export class Deadline<Item> {
  readonly #items = new Set<Item>()
  readonly #timer: Timer
  #state: 'open' | 'full' = 'open'

  constructor(runtime: Runtime, afterMs: number, expire: (items: readonly Item[]) => void) {
    const end = () => expire([...this.#items])
    // Answers that have come while this thread was held up are heard first.
    this.#timer = runtime.clock.after(afterMs, () => runtime.soon(() => runtime.soon(end)))
  }

  add(item: Item): void {
    this.#items.add(item)
  }

  /** The item is done. */
  remove(item: Item): void {
    this.#items.delete(item)
    this.#endIfEmpty()
  }

  /** No more items come. */
  fill(): void {
    this.#state = 'full'
    this.#endIfEmpty()
  }

  #endIfEmpty(): void {
    if (this.#state === 'full' && this.#items.size === 0) this.#timer.cancel()
  }
}

/**
 * One deadline of equal length for each of very many items: all that begin within one turn of the event loop share a
 * timer. By timers alone, because a clock that is set anew must not move a deadline.
 */
export class Deadlines<Item> {
  readonly #runtime: Runtime
  readonly #afterMs: number
  readonly #expire: (items: readonly Item[]) => void
  #open: Deadline<Item> | undefined

  constructor(runtime: Runtime, afterMs: number, expire: (items: readonly Item[]) => void) {
    this.#runtime = runtime
    this.#afterMs = afterMs
    this.#expire = expire
  }

  /** Watches an item from now on. @returns where it is taken out when it is done. */
  watch(item: Item): Deadline<Item> {
    if (this.#open === undefined) {
      const opened = new Deadline<Item>(this.#runtime, this.#afterMs, this.#expire)
      this.#open = opened
      this.#runtime.soon(() => {
        this.#open = undefined
        opened.fill()
      })
    }
    this.#open.add(item)
    return this.#open
  }
}
