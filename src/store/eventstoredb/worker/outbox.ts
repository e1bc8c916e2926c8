import type { MessagePort } from 'node:worker_threads'
import { redact } from '../connection-string.ts'
import type { Failure } from '../failure.ts'
import { type Answer, type Note, verdictCode } from '../protocol.ts'
import type { AppendAnswer } from './append-answer.ts'

/** Gathers what is reported within one turn of the event loop and sends it as one message. */
export class Outbox {
  readonly #port: MessagePort
  readonly #secrets: readonly string[]
  readonly #beforeFlush = new Set<() => void>()
  #verdicts: number[] = []
  #failures: Failure[] = []
  #notes: Note[] = []
  #planned = false

  /** @param secrets are taken out of everything that the client or the server said about a failure. */
  constructor(port: MessagePort, secrets: readonly string[]) {
    this.#port = port
    this.#secrets = secrets
  }

  verdict(answer: AppendAnswer): void {
    if (answer.status === 'written') {
      this.#verdicts.push(answer.ticket, verdictCode.written, answer.revision, answer.position)
    } else if (answer.status === 'conflict') {
      this.#verdicts.push(answer.ticket, verdictCode.conflict, answer.revision, 0)
    } else {
      this.#verdicts.push(
        answer.ticket,
        verdictCode.failed,
        this.#failures.push(this.#safe(answer.failure)) - 1,
        0,
      )
    }
    this.#plan()
  }

  note(note: Note): void {
    this.#notes.push('failure' in note ? { ...note, failure: this.#safe(note.failure) } : note)
    this.#plan()
  }

  answer(ticket: number, answer: Answer): void {
    this.note({ ticket, ...answer })
  }

  /** Runs the task once, right before the next message is sent. */
  beforeFlush(task: () => void): void {
    this.#beforeFlush.add(task)
    this.#plan()
  }

  #safe({ kind, detail }: Failure): Failure {
    return { kind, detail: redact(detail, this.#secrets) }
  }

  #plan(): void {
    if (this.#planned) return
    this.#planned = true
    setImmediate(() => this.#flush())
  }

  #flush(): void {
    for (const task of this.#beforeFlush) task()
    this.#beforeFlush.clear()
    this.#planned = false
    const reports = { verdicts: this.#verdicts, failures: this.#failures, notes: this.#notes }
    this.#verdicts = []
    this.#failures = []
    this.#notes = []
    this.#port.postMessage(reports)
  }
}
