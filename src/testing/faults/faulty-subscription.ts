import type { RecordedEvent } from '../../event/recorded-event.ts'
import type { Runtime, Timer } from '../../runtime.ts'
import type { SubscribeOptions, Subscription, SubscriptionMessage } from '../../store/event-store.ts'
import { duringOutage, type StoreWorld, unavailable } from './store-world.ts'

/** A subscription whose messages come late, torn or not at all. */
export class FaultySubscription implements Subscription {
  readonly #world: StoreWorld
  readonly #system: string
  readonly #inner: Subscription
  readonly #onClose: () => void
  readonly #ended: Promise<Ending>
  #end: (ending: Ending) => void = () => undefined

  constructor(world: StoreWorld, system: string, options: SubscribeOptions | undefined, onClose: () => void) {
    this.#world = world
    this.#system = system
    const { exceptSystem: _, ...everything } = options ?? {}
    this.#inner = world.store.subscribe(world.ownEvents === 'delivered' ? everything : options)
    this.#onClose = onClose
    world.subscriptions.add(this)
    this.#ended = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SubscriptionMessage, void, undefined> {
    const messages = this.#inner[Symbol.asyncIterator]()
    try {
      for (;;) {
        const next = await Promise.race([messages.next(), this.#ended])
        if ('ending' in next) return await this.#finish(next)
        if (next.done) return
        for await (const part of this.#partsOf(next.value)) {
          if ('ending' in part) return await this.#finish(part)
          yield part
        }
      }
    } finally {
      await this.close()
    }
  }

  /** Its reader hears that the connection is lost. */
  cut(): void {
    this.#end({ ending: 'cut' })
  }

  /** Its reader never hears anything again. */
  silence(): void {
    this.#end({ ending: 'silent' })
    void this.#closeInner()
  }

  async close(): Promise<void> {
    this.#end({ ending: 'closed' })
    this.#onClose()
    await this.#closeInner()
  }

  async #closeInner(): Promise<void> {
    await this.#inner.close()
    this.#world.subscriptions.delete(this)
  }

  /** The message in the parts in which it arrives, each in its time. */
  async *#partsOf(message: SubscriptionMessage): AsyncGenerator<SubscriptionMessage | Ending, void> {
    const events = message.kind === 'events' ? message.events : []
    const cut = placeInsideCommand(events)
    const stream = events[0]?.stream
    const operation = {
      kind: 'delivery',
      system: this.#system,
      ...(stream === undefined ? {} : { stream }),
      tearable: cut !== undefined,
    } as const
    if (this.#world.outage() !== undefined) throw duringOutage(this.#world, operation)
    const fault = this.#world.strike(operation)
    if (fault === undefined) return yield message
    if (fault.kind === 'cutSubscription') return yield { ending: 'cut' }
    if (fault.kind === 'tornDelivery' && cut !== undefined) {
      yield { kind: 'events', events: events.slice(0, cut) }
      const ending = await this.#wait(fault.afterMs)
      yield ending ?? { kind: 'events', events: events.slice(cut) }
    } else {
      yield (fault.kind === 'slowDelivery' ? await this.#wait(fault.afterMs) : undefined) ?? message
    }
  }

  /** Waits, unless it ends before: then it says how. */
  async #wait(delayMs: number): Promise<Ending | undefined> {
    const pause = pauseOn(this.#world.runtime, delayMs)
    const ending = await Promise.race([pause.over, this.#ended])
    pause.timer.cancel()
    return ending
  }

  async #finish({ ending }: Ending): Promise<void> {
    if (ending === 'silent') await new Promise<never>(() => undefined)
    if (ending === 'cut') throw unavailable('The subscription', 'cutSubscription')
  }
}

interface Ending {
  readonly ending: 'closed' | 'cut' | 'silent'
}

function pauseOn(runtime: Runtime, delayMs: number): { over: Promise<undefined>; timer: Timer } {
  let end: (nothing: undefined) => void = () => undefined
  const over = new Promise<undefined>((resolve) => {
    end = resolve
  })
  return { over, timer: runtime.clock.after(delayMs, () => end(undefined)) }
}

/** The first place in front of an event that does not begin its command. */
function placeInsideCommand(events: readonly RecordedEvent[]): number | undefined {
  const place = events.findIndex((event, index) => index > 0 && event.index > 0)
  return place < 0 ? undefined : place
}
