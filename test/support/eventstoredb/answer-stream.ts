import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js'
import type { Clock } from '../../../src/runtime.ts'
import type { RpcError } from './rpc-error.ts'

type Call<Request, Answer> = ServerWritableStream<Request, Answer> | ServerDuplexStream<Request, Answer>

/** Messages that may wait for the network. A stream of Node asks for a pause after 16, which take but a turn. */
const mostWaiting = 256

/** The answers of one call: written no faster than they are taken, and not at all once the call is over. */
export class AnswerStream<Request, Answer> {
  readonly #call: Call<Request, Answer>
  readonly #clock: Clock
  readonly #whenOver: (() => void)[] = []
  #state: 'open' | 'over' = 'open'

  constructor(call: Call<Request, Answer>, clock: Clock) {
    this.#call = call
    this.#clock = clock
    call.on('cancelled', () => this.#over())
    call.on('close', () => this.#over())
    // A connection that breaks raises an error beside the cancellation.
    call.on('error', () => this.#over())
  }

  /**
   * Has the call hand on all answers of a turn at once. By itself it does one in each turn of the event loop, and a
   * server that has much to do would tell a subscriber fifty events a second.
   */
  handOnTogether(): void {
    const call = this.#call
    call._writev = (chunks, done) => {
      for (const [nth, { chunk, encoding }] of chunks.entries()) {
        call._write(chunk, encoding, nth === chunks.length - 1 ? done : () => undefined)
      }
    }
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** Called once, when the call is over, whoever ended it. */
  onOver(task: () => void): void {
    if (this.isOpen) this.#whenOver.push(task)
    else task()
  }

  #over(): void {
    if (!this.isOpen) return
    this.#state = 'over'
    for (const task of this.#whenOver.splice(0)) task()
  }

  /** Writes without waiting. @returns whether the caller should wait for `drained` before it writes more. */
  write(answer: Answer): 'go on' | 'wait' {
    if (!this.isOpen) return 'go on'
    return this.#call.write(answer) || this.#call.writableLength < mostWaiting ? 'go on' : 'wait'
  }

  /** Resolves when what was written is taken, or the call is over. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      if (!this.isOpen) return resolve()
      this.#call.once('drain', resolve)
      this.onOver(resolve)
    })
  }

  /** Whether what was written is taken before the patience with a live subscriber is over. */
  drainedInTime(patienceMs: number): Promise<'in time' | 'too slow'> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(patienceMs, () => resolve('too slow'), 'background')
      void this.drained().then(() => {
        timer.cancel()
        resolve('in time')
      })
    })
  }

  /** Ends the call as it should end. */
  end(): void {
    if (!this.isOpen) return
    this.#call.end()
    this.#over()
  }

  fail(error: RpcError): void {
    if (!this.isOpen) return
    this.#call.emit('error', error)
    this.#over()
  }
}
