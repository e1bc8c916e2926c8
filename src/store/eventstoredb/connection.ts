import type { Logger } from '../../logger.ts'
import type { Runtime, Timer } from '../../runtime.ts'
import { describeFailure, endsConnection, errorOf, type Failure, failureOfCrash, isFinal } from './failure.ts'
import type { Answer, Call, Note, Reports } from './protocol.ts'
import type { Field } from './wire-event.ts'
import type { ClientThread, StartThread } from './worker-thread.ts'

export type Progress = 'idle' | 'fruitful' | 'fruitless'

/** What works over a connection and is told how it fares. */
export interface ConnectionUser {
  connected(): void
  /** Nothing that was sent before will be answered. */
  disconnected(failure: Failure): void
  /**
   * How it went since this was asked last. `fruitless`: something is under way, or was given up, and nothing succeeded.
   */
  progress(): Progress
}

export interface ConnectionSettings {
  readonly description: string
  readonly replaceAfterMs: number
  /** How long it may take to find a node: a frozen one costs the client 5 s before it asks the next. */
  readonly searchMs: number
  /** How long a node that was found may take to answer: one that is sound says within 2 s that it cannot commit. */
  readonly answerMs: number
}

type State =
  | { readonly kind: 'connecting'; readonly failure?: Failure }
  | { readonly kind: 'connected' }
  | { readonly kind: 'closed' }

const firstBackoffMs = 100
/** An attempt costs little: a server that is back shall not be waited for much longer than it needed. */
const longestBackoffMs = 1_500
/** What a retry cannot mend is looked at less often. */
const finalBackoffMs = 5_000
/** A thread that failed to connect so often is replaced, whatever it may have piled up. */
const attemptsOfAThread = 20
/**
 * How often it is looked whether work makes progress. Looks are counted, not the time between them: a clock that is
 * set anew, or a process that was stopped for a while, shall not end a connection that is sound.
 */
const lookEveryMs = 500
/** A connection that was lost sooner than this counts as a failed attempt, so that nothing turns without a pause. */
const soundAfterLooks = 4

/**
 * Keeps one connection to the store, for ever: it starts the thread with the client in it, replaces the thread when
 * it dies, hangs, or has had no success for a while, and tells its users.
 *
 * A lost connection is never mended but made anew in a new thread. What the client keeps in tables of its own over a
 * failover (and what it throws where nobody can catch it) ends with the thread; a new one is ready in 0.3 s.
 */
export class Connection {
  readonly #start: StartThread
  readonly #runtime: Runtime
  readonly #logger: Logger
  readonly #settings: ConnectionSettings
  /** Each with the number of looks in a row at which it was found fruitless. */
  readonly #users = new Map<ConnectionUser, number>()
  readonly #answers = new Map<number, (answer: Answer) => void>()
  #verdicts: (reports: Reports) => void = () => {}
  #state: State = { kind: 'connecting' }
  #thread: ClientThread | undefined
  #attempts = 0
  #looksSinceConnected = 0
  #timer: Timer | undefined
  #watch: Timer | undefined
  #lastTicket = 0
  #appends: Field[] = []
  #calls: Call[] = []
  #flushPlanned = false

  constructor(start: StartThread, runtime: Runtime, logger: Logger, settings: ConnectionSettings) {
    this.#start = start
    this.#runtime = runtime
    this.#logger = logger
    this.#settings = settings
  }

  get isConnected(): boolean {
    return this.#state.kind === 'connected'
  }

  /** Why there is no connection, as far as it is known. */
  get failure(): Failure | undefined {
    return this.#state.kind === 'connecting' ? this.#state.failure : undefined
  }

  get description(): string {
    return this.#settings.description
  }

  /** Users are told in the order in which they were added. */
  addUser(user: ConnectionUser): void {
    this.#users.set(user, 0)
  }

  removeUser(user: ConnectionUser): void {
    this.#users.delete(user)
  }

  /** Where the answers to appends go, as they came. */
  onVerdicts(listener: (reports: Reports) => void): void {
    this.#verdicts = listener
  }

  nextTicket(): number {
    this.#lastTicket += 1
    return this.#lastTicket
  }

  /** Only while connected. See `Orders` for the fields. */
  sendAppend(
    ticket: number,
    stream: string,
    expectedRevision: number,
    events: number,
    fields: readonly Field[],
  ): void {
    this.#appends.push(ticket, stream, expectedRevision, events)
    for (const field of fields) this.#appends.push(field)
    this.#planFlush()
  }

  /** Only while connected. The listener is called until `forget`, or until the connection is lost. */
  sendCall(call: Call & { readonly ticket: number }, listener?: (answer: Answer) => void): void {
    if (listener !== undefined) this.#answers.set(call.ticket, listener)
    this.#calls.push(call)
    this.#planFlush()
  }

  forget(ticket: number): void {
    this.#answers.delete(ticket)
  }

  /** Begins to connect; goes on by itself until `close`. */
  open(): void {
    this.#startThread()
    this.#planWatch()
  }

  /** What a user learnt of the connection: where it says that nothing more is to be expected, a new one is made. */
  judge(failure: Failure): void {
    if (this.#state.kind === 'connected' && endsConnection(failure)) this.#lose(failure)
  }

  close(): void {
    this.#state = { kind: 'closed' }
    this.#timer?.cancel()
    this.#watch?.cancel()
    this.#answers.clear()
    this.#endThread()
  }

  #planFlush(): void {
    if (this.#flushPlanned) return
    this.#flushPlanned = true
    this.#runtime.soon(() => this.#flush())
  }

  #flush(): void {
    this.#flushPlanned = false
    const orders = { appends: this.#appends, calls: this.#calls }
    this.#appends = []
    this.#calls = []
    if (this.#state.kind === 'connected') this.#thread?.post(orders)
  }

  #startThread(): void {
    const thread = this.#start({
      report: (reports) => this.#take(reports),
      crashed: (reason) => this.#lose(failureOfCrash(reason)),
      printed: (text) => this.#logger.debug({ store: this.description }, `the client printed: ${text}`),
    })
    this.#thread = thread
    this.#attempt()
  }

  #attempt(): void {
    this.#attempts += 1
    this.#thread?.post({ appends: [], calls: [{ kind: 'connect' }] })
    const { searchMs } = this.#settings
    this.#giveUpAfter(searchMs, `no node was found within ${searchMs} ms`)
  }

  #giveUpAfter(ms: number, detail: string): void {
    this.#timer?.cancel()
    this.#timer = this.#runtime.clock.after(ms, () => {
      this.#endThread()
      this.#retry({ kind: 'mute', detail })
    })
  }

  #take({ notes, ...reports }: Reports): void {
    if (reports.verdicts.length > 0) this.#verdicts({ notes, ...reports })
    for (const note of notes) this.#takeNote(note)
  }

  #takeNote(note: Note): void {
    if ('ticket' in note) {
      this.#answers.get(note.ticket)?.(note)
    } else if (note.kind === 'disconnected') {
      this.#lose(note.failure)
    } else if (this.#state.kind === 'connecting') {
      const { answerMs } = this.#settings
      if (note.kind === 'asked')
        this.#giveUpAfter(answerMs, `no answer to the first write within ${answerMs} ms`)
      else if (note.kind === 'connected') this.#succeed()
      else this.#retry(note.failure)
    }
  }

  #succeed(): void {
    this.#timer?.cancel()
    this.#logger.info({ store: this.description, attempts: this.#attempts }, 'EventStoreDB: connected')
    this.#looksSinceConnected = 0
    for (const user of this.#users.keys()) this.#users.set(user, 0)
    this.#state = { kind: 'connected' }
    for (const user of this.#users.keys()) user.connected()
  }

  #lose(failure: Failure): void {
    if (this.#state.kind === 'closed') return
    this.#endThread()
    if (this.#state.kind === 'connecting') {
      this.#retry(failure)
      return
    }
    this.#logger.warn(
      { store: this.description, failure: failure.kind },
      `EventStoreDB: the connection is lost, a new one is made: ${describeFailure(failure)}`,
    )
    this.#part(failure)
    if (this.#looksSinceConnected < soundAfterLooks) {
      this.#pause(failure)
    } else {
      this.#attempts = 0
      this.#startThread()
    }
  }

  #retry(failure: Failure): void {
    this.#timer?.cancel()
    // Not each of many attempts: the 1st, 2nd, 4th, 8th ...
    if ((this.#attempts & (this.#attempts - 1)) === 0) {
      const { message } = errorOf(failure, this.description)
      this.#logger.warn({ store: this.description, failure: failure.kind, attempts: this.#attempts }, message)
    }
    this.#part(failure)
    if (this.#attempts % attemptsOfAThread === 0) this.#endThread()
    this.#pause(failure)
  }

  /** There is no connection: what was not sent is kept by the users, what was sent will not be answered. */
  #part(failure: Failure): void {
    this.#state = { kind: 'connecting', failure }
    this.#appends = []
    this.#calls = []
    this.#answers.clear()
    for (const user of this.#users.keys()) user.disconnected(failure)
  }

  #pause(failure: Failure): void {
    const longest = Math.min(longestBackoffMs, firstBackoffMs * 2 ** this.#attempts)
    const delay = isFinal(failure) ? finalBackoffMs : longest * (0.5 + this.#runtime.random() / 2)
    this.#timer = this.#runtime.clock.after(delay, () => {
      if (this.#thread === undefined) this.#startThread()
      else this.#attempt()
    })
  }

  #endThread(): void {
    this.#thread?.end()
    this.#thread = undefined
  }

  #planWatch(): void {
    const look = () => {
      if (this.#state.kind === 'closed') return
      this.#look()
      this.#planWatch()
    }
    // Answers that have come while this thread was held up are heard first.
    this.#watch = this.#runtime.clock.after(lookEveryMs, () => this.#runtime.soon(look), 'background')
  }

  #look(): void {
    if (this.#state.kind !== 'connected') return
    this.#looksSinceConnected += 1
    const { replaceAfterMs } = this.#settings
    let most = 0
    for (const [user, looks] of this.#users) {
      const fruitless = user.progress() === 'fruitless' ? looks + 1 : 0
      this.#users.set(user, fruitless)
      most = Math.max(most, fruitless)
    }
    if (most * lookEveryMs >= replaceAfterMs) {
      this.#lose({ kind: 'mute', detail: `no success for ${replaceAfterMs} ms with work under way` })
    }
  }
}
