import type { Runtime } from '../../../src/runtime.ts'
import { type AppendDecision, decideAppend, type ExpectedRevision } from './append-rules.ts'
import type { EventLog } from './event-log.ts'
import type { ProposedEvent } from './log-record.ts'
import { RememberedIds } from './remembered-ids.ts'
import { isSoftDeleted, metadataOf } from './stream-metadata.ts'

/** How an append, a soft delete or a tombstone ended. `timeout`: the server gave up waiting; it may yet be committed. */
export type WriteAnswer =
  | {
      readonly kind: 'success'
      readonly revision: number | 'no stream'
      readonly position: number | 'none'
    }
  | { readonly kind: 'conflict'; readonly current: number }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'timeout' }

const metadataEvent = (id: string, fields: Readonly<Record<string, unknown>>): ProposedEvent => ({
  id,
  type: '$metadata',
  isJson: true,
  data: Buffer.from(JSON.stringify(fields)),
  metadata: new Uint8Array(),
})

/** Writes to the log by the server's rules, and answers when a write is committed. */
export class LogWriter {
  readonly #log: EventLog
  readonly #runtime: Runtime
  readonly #remembered: RememberedIds
  readonly #commitTimeoutMs: number

  /** @param commitTimeoutMs how long a write may wait for its commit before it is answered `timeout`. */
  constructor(log: EventLog, runtime: Runtime, commitTimeoutMs: number) {
    this.#log = log
    this.#runtime = runtime
    this.#commitTimeoutMs = commitTimeoutMs
    this.#remembered = new RememberedIds(log.committedEnd)
  }

  /** @param answer called once, never before this call returns but for what is decided at once. */
  append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly ProposedEvent[],
    answer: (answer: WriteAnswer) => void,
  ): void {
    const softDeleted = isSoftDeleted(metadataOf(this.#log, stream))
    const decision = this.#decide(stream, softDeleted, expected, events)
    switch (decision.kind) {
      case 'write':
        this.#write(stream, softDeleted, events, answer)
        return
      case 'repeat':
        answer({
          kind: 'success',
          revision: decision.last.revision,
          position: softDeleted ? 'none' : decision.last.position,
        })
        return
      case 'repeatUnderWay':
        this.#runtime.clock.after(this.#commitTimeoutMs, () => answer({ kind: 'timeout' }), 'background')
        return
      default:
        answer(decision)
    }
  }

  #decide(
    stream: string,
    softDeleted: boolean,
    expected: ExpectedRevision,
    events: readonly ProposedEvent[],
  ): AppendDecision {
    const owner = stream.startsWith('$$') ? this.#log.history(stream.slice(2)) : undefined
    if (owner?.tombstone !== undefined) return { kind: 'deleted' }
    return decideAppend(
      {
        history: this.#log.history(stream),
        softDeleted,
        hasMetadata: (this.#log.history(`$$${stream}`)?.events.length ?? 0) > 0,
        remembered: this.#remembered,
      },
      expected,
      events,
    )
  }

  #write(
    stream: string,
    softDeleted: boolean,
    events: readonly ProposedEvent[],
    answer: (answer: WriteAnswer) => void,
  ): void {
    const before = this.#log.history(stream)?.events.length ?? 0
    const write = this.#log.write(
      stream,
      events,
      this.#answerOnce(answer, () => {
        const last = write.records.at(-1)
        const current = this.#log.history(stream)?.events.length ?? 0
        return last === undefined
          ? { revision: current === 0 ? 'no stream' : current - 1, position: write.end - 1 }
          : { revision: last.revision, position: last.position }
      }),
    )
    // What was soft-deleted begins again behind its old events; so does one whose metadata a client writes.
    if (softDeleted && events.length > 0) this.#writeMetadata(stream, { $tb: before })
    if (stream.startsWith('$$')) this.#undelete(stream.slice(2), events)
  }

  #undelete(owner: string, metadata: readonly ProposedEvent[]): void {
    if (!isSoftDeleted(metadataOf(this.#log, owner))) return
    const written: unknown = JSON.parse(Buffer.from(metadata.at(-1)?.data ?? Buffer.from('{}')).toString())
    const revisions = this.#log.history(owner)?.events.length ?? 0
    this.#writeMetadata(owner, { ...(written as object), $tb: revisions })
  }

  #writeMetadata(stream: string, fields: Readonly<Record<string, unknown>>): void {
    this.#log.write(`$$${stream}`, [metadataEvent(this.#runtime.uuid(), fields)], () => {})
  }

  #answerOnce(
    answer: (answer: WriteAnswer) => void,
    written: () => { revision: number | 'no stream'; position: number },
  ): (fate: 'committed' | 'lost') => void {
    let answered = false
    const timer = this.#runtime.clock.after(
      this.#commitTimeoutMs,
      () => {
        answered = true
        answer({ kind: 'timeout' })
      },
      'background',
    )
    return (fate) => {
      if (answered || fate === 'lost') return
      timer.cancel()
      answer({ kind: 'success', ...written() })
    }
  }

  /** Hides all events that the stream has; it goes on at the next number. */
  softDelete(stream: string, expected: ExpectedRevision, answer: (answer: WriteAnswer) => void): void {
    const history = this.#log.history(stream)
    if (history?.tombstone !== undefined) {
      answer({ kind: 'deleted' })
      return
    }
    const current = (history?.events.length ?? 0) - 1
    if (expected === 'stream_exists' && isSoftDeleted(metadataOf(this.#log, stream))) {
      answer({ kind: 'deleted' })
      return
    }
    const fits = current >= 0 && (expected === 'any' || expected === 'stream_exists' || expected === current)
    if (!fits) {
      answer({ kind: 'conflict', current })
      return
    }
    // Written as text: 2^63 - 1 is no number of JavaScript.
    const event = {
      ...metadataEvent(this.#runtime.uuid(), {}),
      data: Buffer.from('{"$tb":9223372036854775807}'),
    }
    const write = this.#log.write(
      `$$${stream}`,
      [event],
      this.#answerOnce(answer, () => ({
        revision: current,
        position: write.records[0]!.position,
      })),
    )
  }

  /** Ends a stream for ever, also one that never was. */
  tombstone(stream: string, expected: ExpectedRevision, answer: (answer: WriteAnswer) => void): void {
    const history = this.#log.history(stream)
    if (history?.tombstone !== undefined) {
      answer({ kind: 'deleted' })
      return
    }
    const current = (history?.events.length ?? 0) - 1
    const fits =
      expected === 'any' ||
      (expected === 'no_stream' && current === -1) ||
      (expected === 'stream_exists' && current >= 0) ||
      expected === current
    if (!fits) {
      answer({ kind: 'conflict', current })
      return
    }
    const write = this.#log.writeTombstone(
      stream,
      this.#runtime.uuid(),
      this.#answerOnce(answer, () => ({
        revision: current,
        position: write.records[0]!.position,
      })),
    )
  }
}
