import assert from 'node:assert/strict'
import type { RecordedEvent } from '../../event/recorded-event.ts'
import type { Subscription, SubscriptionMessage } from '../../store/event-store.ts'

/** Reads a subscription step by step, and keeps what it delivered. */
export class Follower {
  readonly events: RecordedEvent[] = []
  /** How many events had come when each `caughtUp` came. */
  readonly caughtUpAt: number[] = []
  readonly messages: SubscriptionMessage[] = []
  readonly #subscription: Subscription
  readonly #iterator: AsyncIterator<SubscriptionMessage>

  constructor(subscription: Subscription) {
    this.#subscription = subscription
    this.#iterator = subscription[Symbol.asyncIterator]()
  }

  /** @returns whether the subscription has ended. */
  async step(): Promise<'message' | 'end'> {
    const { done, value } = await this.#iterator.next()
    if (done) return 'end'
    this.messages.push(value)
    if (value.kind === 'caughtUp') this.caughtUpAt.push(this.events.length)
    else {
      assert.ok(value.events.length > 0, 'A message of events is never empty.')
      for (const event of value.events) {
        const last = this.events.at(-1)
        assert.ok(last === undefined || last.position < event.position, 'Positions rise.')
        this.events.push(event)
      }
    }
    return 'message'
  }

  /** Reads on until so many events have come in all. */
  async until(events: number): Promise<void> {
    while (this.events.length < events) assert.equal(await this.step(), 'message', 'It ended too early.')
  }

  async untilCaughtUp(): Promise<void> {
    const before = this.caughtUpAt.length
    while (this.caughtUpAt.length === before)
      assert.equal(await this.step(), 'message', 'It ended too early.')
  }

  async untilEnd(): Promise<void> {
    while ((await this.step()) === 'message');
  }

  close(): Promise<void> {
    return this.#subscription.close()
  }

  /** Leaves the loop, as `break` does. */
  async leave(): Promise<void> {
    await this.#iterator.return?.()
  }
}
