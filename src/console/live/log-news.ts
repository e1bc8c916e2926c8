import type { Insight } from '../../../actors/insight.ts'
import type { Position } from '../../event/position.ts'
import type { EventFilter, Subscription } from '../../store/event-store.ts'
import { shownEvent } from '../shown-event.ts'
import type { LogNews, ShownEvent } from '../wire.ts'
import type { Frame, Source } from './source.ts'

const mostWaiting = 300

/**
 * New events as they are stored. A reader that is slower than the log gets a part of it and is told so: with this many
 * waiting the subscription is closed, and a new one begins at the end when they were taken. So a slow reader costs
 * neither memory nor reading.
 */
export class NewEvents implements Source {
  readonly everyBeats = 1
  readonly #events: Insight['events']
  readonly #filter: EventFilter
  #subscription: Subscription | undefined
  #following = false
  #waiting: ShownEvent[] = []
  #gap = false
  #failed: unknown
  #closed = false

  constructor(events: Insight['events'], filter: EventFilter, after: Position | 'start' | 'end') {
    this.#events = events
    this.#filter = filter
    void this.#follow(after)
  }

  take(): Frame | undefined {
    if (this.#failed !== undefined) throw this.#failed
    const news: LogNews = { events: this.#waiting, gap: this.#gap }
    this.#waiting = []
    this.#gap = false
    if (!this.#following && !this.#closed) void this.#follow('end')
    return news.events.length === 0 && !news.gap ? undefined : { name: 'log', json: JSON.stringify(news) }
  }

  close(): void {
    this.#closed = true
    void this.#subscription?.close()
  }

  async #follow(after: Position | 'start' | 'end'): Promise<void> {
    this.#following = true
    try {
      const subscription = this.#events.subscribe({ after, filter: this.#filter })
      this.#subscription = subscription
      for await (const message of subscription) {
        if (message.kind === 'events' && !this.#keep(message.events.map((event) => shownEvent(event)))) break
        if (this.#closed) return
      }
      await subscription.close()
    } catch (error) {
      this.#failed = error
    } finally {
      this.#following = false
    }
  }

  /** @returns whether there is room for more. */
  #keep(events: readonly ShownEvent[]): boolean {
    const room = mostWaiting - this.#waiting.length
    this.#waiting.push(...events.slice(0, room))
    if (events.length <= room) return true
    this.#gap = true
    return false
  }
}
