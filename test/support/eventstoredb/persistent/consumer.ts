import type { Timer } from '../../../../src/runtime.ts'
import type { ResolvedRecord } from '../link.ts'
import type { LogRecord } from '../log-record.ts'
import type { RpcError } from '../rpc-error.ts'

/** One event on its way through a group. `record` is what the group read: a link, where it was parked before. */
export interface Message {
  readonly record: LogRecord
  readonly resolved: ResolvedRecord
  readonly retryCount: number
}

/** One subscriber of a group: it gets no more than it has room for. */
export class Consumer {
  readonly connectionName: string
  readonly #room: number
  readonly #deliver: (message: Message) => void
  readonly #fail: (error: RpcError) => void
  readonly #inFlight = new Map<string, { readonly message: Message; readonly timer: Timer }>()
  #total = 0

  constructor(
    connectionName: string,
    room: number,
    deliver: (message: Message) => void,
    fail: (error: RpcError) => void,
  ) {
    this.connectionName = connectionName
    this.#room = room
    this.#deliver = deliver
    this.#fail = fail
  }

  get total(): number {
    return this.#total
  }

  get inFlight(): number {
    return this.#inFlight.size
  }

  get slots(): number {
    return this.#room - this.#inFlight.size
  }

  push(message: Message, timer: Timer): void {
    this.#total++
    this.#inFlight.set(message.record.id, { message, timer })
    this.#deliver(message)
  }

  /** Takes back what was pushed under this id; `undefined` where there is nothing. */
  take(id: string): Message | undefined {
    const pushed = this.#inFlight.get(id)
    if (pushed === undefined) return undefined
    pushed.timer.cancel()
    this.#inFlight.delete(id)
    return pushed.message
  }

  takeAll(): readonly Message[] {
    return [...this.#inFlight.keys()].map((id) => this.take(id)!)
  }

  drop(error: RpcError): void {
    this.takeAll()
    this.#fail(error)
  }
}
