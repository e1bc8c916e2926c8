import type { Logger } from '../../logger.ts'
import type { Runtime } from '../../runtime.ts'
import type { Connection, ConnectionUser, Progress } from './connection.ts'
import { type Deadline, Deadlines } from './deadlines.ts'
import { type Failure, isFinal } from './failure.ts'
import { Fifo } from './fifo.ts'
import { ProgressGauge } from './progress.ts'
import { type Reports, verdictCode, verdictFields } from './protocol.ts'
import type { Field } from './wire-event.ts'

/**
 * What became of an append. `notSent`: it never left this process. `failed`: the server answered it so. `lost`: it was
 * sent and not answered, whatever the reason says.
 */
export type AppendResult =
  | { readonly status: 'written'; readonly revision: number; readonly position: number }
  | { readonly status: 'conflict'; readonly revision: number }
  | { readonly status: 'notSent'; readonly failure: Failure }
  | { readonly status: 'failed'; readonly failure: Failure }
  | { readonly status: 'lost'; readonly failure: Failure }

/** One append, of any number of events: of none, it is a question. */
export interface AppendOrder {
  readonly stream: string
  readonly expectedRevision: number
  readonly events: number
  readonly fields: readonly Field[]
  readonly bytes: number
  /** Called once, never before `add` returns. */
  settle(result: AppendResult): void
}

/** One append on its way. A class for the sake of `young.ts`. */
class Entry {
  readonly order: AppendOrder
  readonly ticket: number
  deadline: Deadline<Entry> | undefined
  state: 'held' | 'sent' | 'settled' = 'held'

  constructor(order: AppendOrder, ticket: number) {
    this.order = order
    this.ticket = ticket
  }
}

export interface AppendLimits {
  readonly maxAppendsInFlight: number
  readonly maxBytesInFlight: number
  readonly callTimeoutMs: number
}

/** So many answers that never came, on a connection that answers others, are a sign that it has gone wrong. */
const unansweredTolerated = 1_000

/**
 * All appends of a store: a bounded number is on its way, the others wait behind them, and each is settled by its
 * deadline, whatever the server does. While there is no connection nothing is sent, so that a caller learns for
 * certain that nothing was done.
 */
export class Appends implements ConnectionUser {
  readonly #connection: Connection
  readonly #runtime: Runtime
  readonly #logger: Logger
  readonly #limits: AppendLimits
  readonly #held = new Fifo<Entry>()
  readonly #sent = new Map<number, Entry>()
  readonly #deadlines: Deadlines<Entry>
  readonly #gauge = new ProgressGauge()
  readonly #unanswered = new Set<number>()
  readonly #idle: (() => void)[] = []
  #bytesInFlight = 0
  #holds = 0
  #unsettled = 0

  constructor(connection: Connection, runtime: Runtime, logger: Logger, limits: AppendLimits) {
    this.#connection = connection
    this.#runtime = runtime
    this.#logger = logger
    this.#limits = limits
    this.#deadlines = new Deadlines(runtime, limits.callTimeoutMs, (entries) => this.#expire(entries))
    connection.addUser(this)
    connection.onVerdicts((reports) => this.#take(reports))
  }

  add(order: AppendOrder): void {
    const ticket = this.#connection.nextTicket()
    const entry = new Entry(order, ticket)
    entry.deadline = this.#deadlines.watch(entry)
    this.#unsettled += 1
    this.#held.add(entry)
    const { failure } = this.#connection
    if (this.#connection.isConnected) this.#send()
    else if (failure !== undefined && isFinal(failure)) this.#runtime.soon(() => this.#giveUpHeld())
  }

  /** Sends nothing until the returned function is called; deadlines run on. */
  hold(): () => void {
    this.#holds += 1
    return () => {
      this.#holds -= 1
      if (this.#connection.isConnected) this.#send()
    }
  }

  /** Resolves when every append that was added is settled. */
  async settled(): Promise<void> {
    if (this.#unsettled > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  connected(): void {
    this.#send()
  }

  disconnected(failure: Failure): void {
    const lost = [...this.#sent.values()]
    this.#sent.clear()
    this.#unanswered.clear()
    this.#bytesInFlight = 0
    this.#gauge.reset()
    for (const entry of lost) this.#settle(entry, { status: 'lost', failure })
    if (isFinal(failure)) this.#giveUpHeld()
  }

  progress(): Progress {
    return this.#gauge.look()
  }

  #send(): void {
    const { maxAppendsInFlight, maxBytesInFlight } = this.#limits
    while (this.#held.first !== undefined && this.#holds === 0) {
      const entry = this.#held.first
      if (entry.state === 'held') {
        const { stream, expectedRevision, events, fields, bytes } = entry.order
        if (this.#sent.size >= maxAppendsInFlight) return
        if (this.#sent.size > 0 && this.#bytesInFlight + bytes > maxBytesInFlight) return
        this.#gauge.tried()
        entry.state = 'sent'
        this.#sent.set(entry.ticket, entry)
        this.#bytesInFlight += bytes
        this.#connection.sendAppend(entry.ticket, stream, expectedRevision, events, fields)
      }
      this.#held.take()
    }
  }

  #take({ verdicts, failures }: Reports): void {
    let fruitful = false
    for (let at = 0; at < verdicts.length; at += verdictFields) {
      const ticket = verdicts[at]!
      const value = verdicts[at + 2]!
      const result = resultOf(verdicts[at + 1]!, value, verdicts[at + 3]!, failures)
      // What the server decided shows that it works; that it gave up does not.
      if (result.status !== 'failed' || isFinal(result.failure)) fruitful = true
      else this.#connection.judge(result.failure)
      const entry = this.#sent.get(ticket)
      if (entry === undefined) this.#noteLate(ticket, result)
      else {
        this.#release(entry)
        this.#settle(entry, result)
      }
    }
    if (fruitful) this.#gauge.succeeded(this.#sent.size > 0)
    if (this.#connection.isConnected) this.#send()
  }

  #release(entry: Entry): void {
    this.#sent.delete(entry.ticket)
    this.#bytesInFlight -= entry.order.bytes
  }

  #settle(entry: Entry, result: AppendResult): void {
    entry.state = 'settled'
    entry.deadline?.remove(entry)
    this.#unsettled -= 1
    entry.order.settle(result)
    if (this.#unsettled === 0) for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** Its caller was told `unknown`; the runtime finds out by reading the slot, this is for the log. */
  #noteLate(ticket: number, { status }: AppendResult): void {
    if (!this.#unanswered.delete(ticket)) return
    if (this.#logger.isLevelEnabled('debug')) {
      this.#logger.debug(
        { store: this.#connection.description, status },
        'EventStoreDB: a late answer to an append',
      )
    }
  }

  #giveUpHeld(): void {
    const failure = this.#connection.failure
    if (failure === undefined) return
    for (let entry = this.#held.take(); entry !== undefined; entry = this.#held.take()) {
      if (entry.state === 'held') this.#settle(entry, { status: 'notSent', failure })
    }
  }

  #expire(entries: readonly Entry[]): void {
    const { callTimeoutMs } = this.#limits
    const crowded: Failure = { kind: 'mute', detail: 'too many appends are on their way' }
    const mute: Failure = { kind: 'mute', detail: `no answer within ${callTimeoutMs} ms` }
    for (const entry of entries) {
      if (entry.state === 'held') {
        this.#settle(entry, { status: 'notSent', failure: this.#connection.failure ?? crowded })
      } else if (entry.state === 'sent') {
        this.#release(entry)
        this.#unanswered.add(entry.ticket)
        this.#settle(entry, { status: 'lost', failure: mute })
      }
    }
    if (this.#unanswered.size > unansweredTolerated) {
      this.#connection.judge({ kind: 'down', detail: `${this.#unanswered.size} appends were never answered` })
    } else if (this.#connection.isConnected) this.#send()
  }
}

function resultOf(code: number, value: number, position: number, failures: readonly Failure[]): AppendResult {
  if (code === verdictCode.written) return { status: 'written', revision: value, position }
  if (code === verdictCode.conflict) return { status: 'conflict', revision: value }
  return { status: 'failed', failure: failures[value]! }
}
