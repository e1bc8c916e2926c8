import type { Clock } from '../runtime.ts'
import { connect, type Socket } from './web-socket.ts'

const open = 1
const retryAfterMs = 1_000
const longestQueue = 1_000

/**
 * The way to Stately's page. The adapter of `@statelyai/inspect` never comes back after the page's server went away,
 * and when stopped before it was connected it tries for ever, which keeps the process alive: hence this one. It needs
 * no timer, for it tries again when there is something to send.
 */
export class StatelyConnection {
  readonly #url: string
  readonly #clock: Clock
  readonly #onReturn: () => void
  #socket: Socket | undefined
  #queue: string[] = []
  #attemptedAt = Number.NEGATIVE_INFINITY
  #connections = 0
  #isClosed = false

  /** @param onReturn connected again: the other side may have forgotten everything. */
  constructor(url: string, clock: Clock, onReturn: () => void) {
    this.#url = url
    this.#clock = clock
    this.#onReturn = onReturn
  }

  start(): void {
    this.#connect()
  }

  /** What is queued still goes out where a connection is on its way. */
  stop(): void {
    this.#isClosed = true
    if (this.#socket?.readyState === open) this.#socket.close()
  }

  send(event: unknown): void {
    if (this.#isClosed) return
    const text = JSON.stringify(event)
    if (this.#socket?.readyState === open) {
      this.#socket.send(text)
      return
    }
    this.#queue.push(text)
    if (this.#queue.length > longestQueue) this.#queue.shift()
    if (this.#socket === undefined && this.#clock.now() - this.#attemptedAt >= retryAfterMs) this.#connect()
  }

  #connect(): void {
    this.#attemptedAt = this.#clock.now()
    const socket = connect(this.#url)
    this.#socket = socket
    const gone = (): void => {
      if (this.#socket === socket) this.#socket = undefined
    }
    socket.addEventListener('error', gone)
    socket.addEventListener('close', gone)
    socket.addEventListener('open', () => {
      const queue = this.#queue
      this.#queue = []
      if (++this.#connections > 1) this.#onReturn()
      for (const text of queue) socket.send(text)
      if (this.#isClosed) socket.close()
    })
  }
}
