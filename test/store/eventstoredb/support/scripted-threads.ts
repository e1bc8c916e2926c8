import type { Failure } from '../../../../src/store/eventstoredb/failure.ts'
import {
  type Answer,
  type Call,
  type Note,
  verdictCode,
} from '../../../../src/store/eventstoredb/protocol.ts'
import type { Field } from '../../../../src/store/eventstoredb/wire-event.ts'
import { appendAt } from '../../../../src/store/eventstoredb/worker/append-message.ts'
import type { StartThread, ThreadListener } from '../../../../src/store/eventstoredb/worker-thread.ts'

export interface SentAppend {
  readonly ticket: number
  readonly stream: string
  readonly expectedRevision: number
}

/** A worker that does what a test tells it. */
export class ScriptedThread {
  readonly listener: ThreadListener
  readonly calls: Call[] = []
  readonly appends: SentAppend[] = []
  state: 'running' | 'ended' = 'running'

  constructor(listener: ThreadListener) {
    this.listener = listener
  }

  get connects(): number {
    return this.calls.filter(({ kind }) => kind === 'connect').length
  }

  callsOf<Kind extends Call['kind']>(kind: Kind): Extract<Call, { readonly kind: Kind }>[] {
    return this.calls.filter((call): call is Extract<Call, { readonly kind: Kind }> => call.kind === kind)
  }

  note(...notes: readonly Note[]): void {
    this.listener.report({ verdicts: [], failures: [], notes })
  }

  connected(): void {
    this.note({ kind: 'connected' })
  }

  notConnected(failure: Failure): void {
    this.note({ kind: 'notConnected', failure })
  }

  answer(ticket: number, answer: Answer): void {
    this.note({ ticket, ...answer })
  }

  written({ ticket, expectedRevision }: SentAppend, events = 1): void {
    this.#verdict(ticket, verdictCode.written, expectedRevision + events, 1000 + ticket)
  }

  conflict({ ticket }: SentAppend, revision: number): void {
    this.#verdict(ticket, verdictCode.conflict, revision, 0)
  }

  failed({ ticket }: SentAppend, failure: Failure): void {
    const verdicts = [ticket, verdictCode.failed, 0, 0]
    this.listener.report({ verdicts, failures: [failure], notes: [] })
  }

  take(appends: readonly Field[], calls: readonly Call[]): void {
    this.calls.push(...calls)
    for (let at = 0; at < appends.length; ) {
      const { ticket, stream, expectedRevision, end } = appendAt(appends, at)
      this.appends.push({ ticket, stream, expectedRevision })
      at = end
    }
  }

  #verdict(ticket: number, ...rest: readonly [number, number, number]): void {
    this.listener.report({ verdicts: [ticket, ...rest], failures: [], notes: [] })
  }
}

/** Starts scripted threads and keeps them all. */
export class ScriptedThreads {
  readonly all: ScriptedThread[] = []

  readonly start: StartThread = (listener) => {
    const thread = new ScriptedThread(listener)
    this.all.push(thread)
    return {
      post: ({ appends, calls }) => thread.take(appends, calls),
      end: () => {
        thread.state = 'ended'
      },
    }
  }

  get last(): ScriptedThread {
    return this.all.at(-1)!
  }
}
