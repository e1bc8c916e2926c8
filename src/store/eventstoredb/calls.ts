import type { Runtime, Timer } from '../../runtime.ts'
import type { Connection, ConnectionUser, Progress } from './connection.ts'
import { errorOf, type Failure, isFinal } from './failure.ts'
import { ProgressGauge } from './progress.ts'
import type { Answer, Call } from './protocol.ts'

/** A question that may be asked again without harm. */
export type Question = DistributiveOmit<Extract<Call, { kind: 'readPage' | 'readEnd' | 'ask' }>, 'ticket'>
type DistributiveOmit<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never

interface Pending {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
  /** The ticket under which it is on its way; `undefined`: it waits for a connection, or for its next try. */
  ticket: number | undefined
  attempts: number
  failure: Failure | undefined
  deadline: Timer | undefined
}

const firstPauseMs = 50
const longestPauseMs = 1_000

/**
 * Reads and other questions: each gets its answer, or an error by its deadline. In between it is asked again over
 * every new connection, and after a pause where the server could not answer for the moment.
 */
export class Calls implements ConnectionUser {
  readonly #connection: Connection
  readonly #runtime: Runtime
  readonly #timeoutMs: number
  readonly #pending = new Set<Pending>()
  readonly #gauge = new ProgressGauge()
  #underWay = 0
  #closed: Error | undefined

  constructor(connection: Connection, runtime: Runtime, timeoutMs: number) {
    this.#connection = connection
    this.#runtime = runtime
    this.#timeoutMs = timeoutMs
    connection.addUser(this)
  }

  /**
   * @throws StoreUnavailable where no answer is to be had in time. @throws AccessDenied
   * @throws StreamDeleted where the stream that is asked for was deleted.
   */
  ask(question: Question): Promise<Answer> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed)
    return new Promise((resolve, reject) => {
      const pending: Pending = {
        question,
        resolve,
        reject,
        ticket: undefined,
        attempts: 0,
        failure: undefined,
        deadline: undefined,
      }
      pending.deadline = this.#runtime.clock.after(this.#timeoutMs, () => {
        this.#runtime.soon(() => this.#expire(pending))
      })
      this.#pending.add(pending)
      const { failure } = this.#connection
      if (this.#connection.isConnected) this.#send(pending)
      else if (failure !== undefined && isFinal(failure)) this.#fail(pending, failure)
    })
  }

  connected(): void {
    for (const pending of this.#pending) if (pending.ticket === undefined) this.#send(pending)
  }

  disconnected(failure: Failure): void {
    this.#underWay = 0
    this.#gauge.reset()
    for (const pending of this.#pending) {
      pending.ticket = undefined
      pending.failure = failure
      if (isFinal(failure)) this.#fail(pending, failure)
    }
  }

  progress(): Progress {
    return this.#gauge.look()
  }

  /** Everything that waits is given up, and whatever is asked later. */
  close(error: Error): void {
    this.#closed = error
    for (const pending of this.#pending) {
      this.#finish(pending)
      pending.reject(error)
    }
  }

  #send(pending: Pending): void {
    const ticket = this.#connection.nextTicket()
    pending.ticket = ticket
    pending.attempts += 1
    this.#underWay += 1
    this.#gauge.tried()
    this.#connection.sendCall({ ...pending.question, ticket }, (answer) =>
      this.#take(pending, ticket, answer),
    )
  }

  #take(pending: Pending, ticket: number, answer: Answer): void {
    this.#connection.forget(ticket)
    if (pending.ticket !== ticket) return
    this.#end(pending)
    if (answer.kind !== 'failed') {
      this.#gauge.succeeded(this.#underWay > 0)
      this.#finish(pending)
      pending.resolve(answer)
      return
    }
    const { failure } = answer
    if (isFinal(failure)) {
      this.#gauge.succeeded(this.#underWay > 0)
      this.#fail(pending, failure)
      return
    }
    pending.failure = failure
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** pending.attempts)
    this.#runtime.clock.after(pause * (0.5 + this.#runtime.random() / 2), () => {
      const waits = this.#pending.has(pending) && pending.ticket === undefined
      if (waits && this.#connection.isConnected) this.#send(pending)
    })
    this.#connection.judge(failure)
  }

  #expire(pending: Pending): void {
    if (!this.#pending.has(pending)) return
    const { ticket } = pending
    if (ticket !== undefined) {
      this.#connection.forget(ticket)
      if (this.#connection.isConnected) this.#connection.sendCall({ kind: 'stop', ticket })
      this.#end(pending)
    }
    const mute: Failure = { kind: 'mute', detail: `no answer within ${this.#timeoutMs} ms` }
    this.#fail(pending, this.#connection.failure ?? pending.failure ?? mute)
  }

  #end(pending: Pending): void {
    pending.ticket = undefined
    this.#underWay -= 1
  }

  #fail(pending: Pending, failure: Failure): void {
    this.#finish(pending)
    const { question } = pending
    const stream = question.kind === 'readPage' ? question.stream : undefined
    pending.reject(errorOf(failure, this.#connection.description, stream))
  }

  #finish(pending: Pending): void {
    pending.deadline?.cancel()
    this.#pending.delete(pending)
  }
}
