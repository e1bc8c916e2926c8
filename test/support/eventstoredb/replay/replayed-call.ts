import type { ServiceError } from '@grpc/grpc-js'
import type jspb from 'google-protobuf'
import { systemRuntime } from '../../../../src/runtime.ts'
import { plainMessage } from './plain-message.ts'
import type { PlainMessage } from './recording.ts'

/** A call under way, whatever its kind: what came of it so far, and how it ended. */
export interface LiveCall {
  write?(message: jspb.Message): void
  end?(): void
  cancel(): void
  on(event: 'data', listener: (message: jspb.Message) => void): unknown
  on(event: 'error', listener: (error: ServiceError) => void): unknown
  on(event: 'status', listener: (status: CallStatus) => void): unknown
}

export interface CallStatus {
  readonly code: number
  readonly details: string
  readonly metadata: { getMap(): Readonly<Record<string, unknown>> }
}

/** How long an answer that the recording has may fail to come before the replay goes on without it. */
const patienceMs = 15_000

/** Watches one call of a replay. */
export class ReplayedCall {
  readonly responses: PlainMessage[] = []
  status: CallStatus | undefined
  readonly #call: LiveCall
  readonly #waiting = new Set<() => void>()

  constructor(call: LiveCall) {
    this.#call = call
    call.on('data', (message) => this.receive(message))
    call.on('error', () => {})
    call.on('status', (status) => {
      this.status = status
      this.#changed()
    })
  }

  receive(message: jspb.Message): void {
    this.responses.push(plainMessage(message))
    this.#changed()
  }

  #changed(): void {
    for (const wake of [...this.#waiting]) wake()
  }

  write(message: jspb.Message): void {
    // After its end a call takes nothing any more; a recorder sees what the client sent all the same.
    if (this.status === undefined) this.#call.write?.(message)
  }

  halfClose(): void {
    this.#call.end?.()
  }

  cancel(): void {
    this.#call.cancel()
  }

  /** Resolves once the condition holds, or when it is patient no longer. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        timer.cancel()
        this.#waiting.delete(check)
        resolve()
      }
      const check = (): void => {
        if (condition()) done()
      }
      const timer = systemRuntime.clock.after(patienceMs, done)
      this.#waiting.add(check)
    })
  }
}
