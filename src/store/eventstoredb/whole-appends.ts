import type { RecordedEvent } from '../../event/recorded-event.ts'
import type { Runtime, Timer } from '../../runtime.ts'
import type { ReadEvent } from './wire-event.ts'

/** How long the beginning of an append waits for its rest, which the server holds already. */
const waitForMs = 1_000

/**
 * Puts appends together again. The server sends their events one by one, in order; readers go by whole commands, and
 * better get them whole.
 */
export class WholeAppends {
  readonly #runtime: Runtime
  readonly #deliver: (events: readonly RecordedEvent[]) => void
  #torn: readonly ReadEvent[] = []
  #timer: Timer | undefined

  /** @param deliver gets what has waited for its rest in vain: nothing is withheld for good. */
  constructor(runtime: Runtime, deliver: (events: readonly RecordedEvent[]) => void) {
    this.#runtime = runtime
    this.#deliver = deliver
  }

  /** @returns what is whole now; the beginning of one more append may be kept back. */
  join(fresh: readonly ReadEvent[]): readonly RecordedEvent[] {
    this.#timer?.cancel()
    const last = this.#torn.at(-1)
    const first = fresh[0]
    if (last !== undefined && first !== undefined && !continues(last, first)) this.flush()
    const events = [...this.#torn, ...fresh]
    const whole = events.length - tornEvents(events)
    this.#torn = events.slice(whole)
    if (this.#torn.length > 0) this.#timer = this.#runtime.clock.after(waitForMs, () => this.flush())
    return events.slice(0, whole).map(({ event }) => event)
  }

  /** Delivers what is kept back. */
  flush(): void {
    this.#timer?.cancel()
    const events = this.#torn.map(({ event }) => event)
    this.#torn = []
    if (events.length > 0) this.#deliver(events)
  }

  close(): void {
    this.#timer?.cancel()
    this.#torn = []
  }
}

/** How many events at the end are the beginning of an append whose rest has not come yet. */
function tornEvents(events: readonly ReadEvent[]): number {
  const last = events.at(-1)
  if (last?.event.origin === undefined || placeInAppend(last) >= last.appendSize - 1) return 0
  const first = events.findLastIndex((event, index) => index === 0 || !continues(events[index - 1]!, event))
  return events.length - first
}

/** Whether `next` is the very next event of the same append. */
function continues({ event }: ReadEvent, { event: next }: ReadEvent): boolean {
  const sameAppend = event.id.slice(0, indexAt) === next.id.slice(0, indexAt)
  return sameAppend && event.stream === next.stream && event.revision + 1 === next.revision
}

/** Where the index begins in the id of an event: see `eventIdOf`. */
const indexAt = 32

function placeInAppend({ event }: ReadEvent): number {
  return Number.parseInt(event.id.slice(indexAt), 16)
}
