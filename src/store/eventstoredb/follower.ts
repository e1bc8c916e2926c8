import { AccessDenied } from '../../errors.ts'
import type { Logger } from '../../logger.ts'
import { type Runtime, sleep, type Timer } from '../../runtime.ts'
import type { EventFilter, Subscription, SubscriptionMessage } from '../event-store.ts'
import type { Calls } from './calls.ts'
import type { Connection, ConnectionUser, Progress } from './connection.ts'
import { describeFailure, errorOf, type Failure } from './failure.ts'
import { type Answer, followWindow, type LogPosition } from './protocol.ts'
import { WholeAppends } from './whole-appends.ts'
import { decodeEvents, decodePage, type Field } from './wire-event.ts'

export interface FollowOptions {
  readonly after: LogPosition | 'start' | 'end'
  readonly filter: EventFilter
  readonly exceptSystem?: string
  /** How long a reader that waits for events hears nothing before the subscription is renewed. */
  readonly silenceMs: number
  /** Held back while the end of the log is looked for, so that `end` means what was there at the call. */
  readonly holdAppends: () => () => void
  /** `forever`: every outage is waited out. A number: after so many milliseconds without a page it gives up. */
  readonly patience: 'forever' | number
}

const firstPauseMs = 50
const longestPauseMs = 5_000

/** `ticket`: whose page it was, so that the next one may be sent; `undefined` where it was none. */
type Arrived = { readonly message: SubscriptionMessage; readonly ticket: number | undefined }

/**
 * One subscription to $all that outlives its connections: it goes on from where it stands after every loss, after
 * the server has dropped it, and after too long a silence. The worker passes over what comes twice.
 */
export class Follower implements Subscription, ConnectionUser {
  readonly #connection: Connection
  readonly #calls: Calls
  readonly #runtime: Runtime
  readonly #logger: Logger
  readonly #options: FollowOptions
  readonly #onClose: () => void
  readonly #arrived: Arrived[] = []
  readonly #appends: WholeAppends
  /** Where the next call begins. `undefined`: to be found out, for a subscription from the end. */
  #after: LogPosition | 'start' | undefined
  #delivered: LogPosition | undefined
  #ticket: number | undefined
  #attempts = 0
  #mark: 'behind' | 'caughtUp' | 'renewing' = 'behind'
  /** How many quarters of the time that it may be silent have passed so. */
  #silentQuarters = 0
  #silenceTimer: Timer | undefined
  #retryTimer: Timer | undefined
  #failed: Error | undefined
  #closed = false
  #waitsForReader = false
  /** The reader let so much pile up that more was held back: whether it has caught up only the server can say. */
  #fellBehind = false
  #wake: (() => void) | undefined

  constructor(
    connection: Connection,
    calls: Calls,
    runtime: Runtime,
    logger: Logger,
    options: FollowOptions,
    onClose: () => void,
  ) {
    this.#connection = connection
    this.#calls = calls
    this.#runtime = runtime
    this.#logger = logger
    this.#options = options
    this.#onClose = onClose
    this.#appends = new WholeAppends(runtime, (events) => this.#push({ kind: 'events', events }, undefined))
    this.#after = options.after === 'end' ? undefined : options.after
    this.#delivered = typeof options.after === 'object' ? options.after : undefined
    connection.addUser(this)
    this.#planSilence()
    if (this.#after === undefined) void this.#findEnd()
    else if (connection.isConnected) this.#follow()
  }

  /** @throws StoreUnavailable where its patience ends. @throws AccessDenied */
  async *[Symbol.asyncIterator](): AsyncGenerator<SubscriptionMessage, void, undefined> {
    try {
      for (;;) {
        const arrived = this.#arrived.shift()
        if (arrived !== undefined) {
          yield arrived.message
          this.#taken(arrived.ticket)
        } else if (this.#failed !== undefined) throw this.#failed
        else if (this.#closed) return
        else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
        }
      }
    } finally {
      await this.close()
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#arrived.length = 0
    this.#appends.close()
    this.#silenceTimer?.cancel()
    this.#retryTimer?.cancel()
    this.#stop()
    this.#connection.removeUser(this)
    this.#onClose()
    this.#signal()
  }

  connected(): void {
    if (this.#after !== undefined) this.#follow()
  }

  disconnected(failure: Failure): void {
    this.#ticket = undefined
    this.#mark = 'behind'
    if (failure.kind === 'denied') this.#fail(failure)
  }

  /** Silence is nothing to go by here: there may be nothing to say. The heartbeat and the timer look after it. */
  progress(): Progress {
    return 'idle'
  }

  /** Where the log ends now, so that nothing is skipped when the connection is lost before the first event. */
  async #findEnd(): Promise<void> {
    const release = this.#options.holdAppends()
    try {
      await this.#lookForEnd()
    } finally {
      release()
    }
    if (this.#connection.isConnected) this.#follow()
  }

  async #lookForEnd(): Promise<void> {
    while (!this.#closed && this.#after === undefined) {
      try {
        const answer = await this.#calls.ask({ kind: 'readEnd' })
        if (answer.kind === 'end') this.#after = answer.at
      } catch (error) {
        if (this.#options.patience !== 'forever' || error instanceof AccessDenied) {
          this.#end(error as Error)
          return
        }
        await sleep(this.#runtime, longestPauseMs)
      }
    }
  }

  #follow(): void {
    if (this.#after === undefined || this.#closed || this.#failed !== undefined) return
    this.#stop()
    // Each call may send a few pages ahead; a reader who is slow must not get more of them with every call.
    this.#waitsForReader = this.#arrived.length >= followWindow
    if (this.#waitsForReader) return
    this.#retryTimer?.cancel()
    const ticket = this.#connection.nextTicket()
    const { filter, exceptSystem } = this.#options
    this.#ticket = ticket
    this.#connection.sendCall(
      {
        kind: 'follow',
        ticket,
        after: this.#after,
        filter,
        ...(this.#delivered === undefined ? {} : { delivered: this.#delivered }),
        ...(exceptSystem === undefined ? {} : { exceptSystem }),
      },
      (answer) => {
        if (ticket === this.#ticket) this.#take(answer)
      },
    )
  }

  #stop(): void {
    const ticket = this.#ticket
    this.#ticket = undefined
    if (ticket === undefined) return
    this.#connection.forget(ticket)
    if (this.#connection.isConnected) this.#connection.sendCall({ kind: 'stop', ticket })
  }

  #take(answer: Answer): void {
    this.#silentQuarters = 0
    switch (answer.kind) {
      case 'events':
        this.#attempts = 0
        // Before anything follows from the page: a subscription that begins anew begins behind it.
        this.#after = answer.last
        this.#delivered = answer.last
        this.#takeEvents(answer.events)
        break
      case 'checkpoint':
        this.#after = answer.at
        break
      case 'caughtUp':
        this.#attempts = 0
        this.#appends.flush()
        // One that was only renewed for its silence, and missed nothing, says nothing new.
        if (this.#mark !== 'renewing') this.#push({ kind: 'caughtUp' }, undefined)
        this.#mark = 'caughtUp'
        break
      case 'heldBack':
        this.#fellBehind = true
        break
      case 'failed':
        this.#takeFailure(answer.failure)
        break
    }
  }

  #takeEvents(fields: readonly Field[]): void {
    if (this.#mark === 'renewing') this.#mark = 'behind'
    const { eventTypes, correlationId } = this.#options.filter
    // Where events of an append are left out, it is not expected to come whole.
    const picked = eventTypes !== undefined || correlationId !== undefined
    const events = picked ? decodeEvents(fields) : this.#appends.join(decodePage(fields))
    if (events.length > 0) this.#push({ kind: 'events', events }, this.#ticket)
    else this.#taken(this.#ticket)
  }

  #takeFailure(failure: Failure): void {
    this.#ticket = undefined
    if (failure.kind === 'denied' || failure.kind === 'unsupported') {
      this.#fail(failure)
      return
    }
    this.#attempts += 1
    this.#mark = 'behind'
    const fields = { store: this.#connection.description, failure: failure.kind }
    const message = `EventStoreDB: a subscription ended and is resumed: ${describeFailure(failure)}`
    // Under load the server drops subscribers all the time: nothing that an operator must see.
    if (failure.kind === 'tooSlow') this.#logger.debug(fields, message)
    else this.#logger.info(fields, message)
    const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#attempts - 1))
    const pause = longest * (0.5 + this.#runtime.random() / 2)
    this.#retryTimer = this.#runtime.clock.after(pause, () => {
      if (this.#ticket === undefined && this.#connection.isConnected) this.#follow()
    })
    this.#connection.judge(failure)
  }

  #planSilence(): void {
    const { silenceMs, patience } = this.#options
    const quarter = Math.ceil((patience === 'forever' ? silenceMs : patience) / 4)
    const look = () => {
      if (this.#closed) return
      this.#lookForSilence()
      this.#planSilence()
    }
    // Quarters are counted, not the time between: a clock that is set anew says nothing about the server.
    this.#silenceTimer = this.#runtime.clock.after(quarter, () => this.#runtime.soon(look), 'background')
  }

  #lookForSilence(): void {
    // A reader that has enough to read is not waiting, and the worker may be holding back for it.
    if (this.#arrived.length > 0) return
    this.#silentQuarters += 1
    if (this.#silentQuarters < 4) return
    const { patience } = this.#options
    if (patience !== 'forever') {
      const mute: Failure = { kind: 'mute', detail: `nothing came for ${patience} ms` }
      this.#fail(this.#connection.failure ?? mute)
    } else if (this.#connection.isConnected && this.#ticket !== undefined) {
      if (this.#mark === 'caughtUp') this.#mark = 'renewing'
      this.#silentQuarters = 0
      this.#follow()
    }
  }

  #renew(): void {
    this.#fellBehind = false
    this.#mark = 'behind'
    this.#follow()
  }

  #fail(failure: Failure): void {
    this.#end(errorOf(failure, this.#connection.description))
  }

  #end(error: Error): void {
    this.#failed = error
    this.#stop()
    this.#signal()
  }

  /** The reader is through with a page. */
  #taken(ticket: number | undefined): void {
    this.#silentQuarters = 0
    if (!this.#connection.isConnected) return
    if (this.#waitsForReader && this.#arrived.length < followWindow) this.#follow()
    else if (this.#fellBehind && this.#arrived.length === 0) this.#renew()
    else if (ticket !== undefined && ticket === this.#ticket) {
      this.#connection.sendCall({ kind: 'more', ticket })
    }
  }

  #push(message: SubscriptionMessage, ticket: number | undefined): void {
    this.#arrived.push({ message, ticket })
    this.#signal()
  }

  #signal(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}
