import type { AnswerStream } from './answer-stream.ts'
import type { EventLog } from './event-log.ts'
import { LogFollower } from './log-follower.ts'
import type { ReadRequest } from './read-request.ts'
import { isTombstoned } from './read-stream.ts'
import { consumerTooSlow, streamDeleted } from './rpc-error.ts'
import type { ServerContext } from './server-context.ts'
import { firstVisible, isSoftDeleted, metadataOf } from './stream-metadata.ts'
import type { streams } from './stubs.ts'
import { caughtUp, confirmation, eventAnswer, type UuidForm, type View } from './wire.ts'

type Answers = AnswerStream<streams.ReadReq, streams.ReadResp>

/** Follows one stream: its history, the mark that it is read, then what is written to it. */
class StreamSubscription {
  readonly #server: ServerContext
  readonly #log: EventLog
  readonly #stream: string
  readonly #view: View
  readonly #answers: Answers
  readonly #follower: LogFollower
  /** The next revision to deliver. */
  #next: number

  constructor(server: ServerContext, stream: string, view: View, answers: Answers, next: number) {
    this.#server = server
    this.#log = server.log
    this.#stream = stream
    this.#view = view
    this.#answers = answers
    this.#next = next
    this.#follower = new LogFollower(server.log)
    answers.onOver(() => this.#follower.close())
  }

  async follow(from: ReadRequest['from']): Promise<void> {
    if (from !== 'end') {
      while (this.#answers.isOpen && this.#isMissing()) {
        await this.#follower.next()
        if (this.#endIfTombstoned()) return
      }
      if (!this.#answers.isOpen) return
      await this.#deliverHistory()
    }
    this.#answers.write(caughtUp())
    const wasTombstoned = isTombstoned(this.#log, this.#stream)
    while (this.#answers.isOpen) {
      await this.#deliverLive()
      if (!wasTombstoned && this.#endIfTombstoned()) return
      await this.#follower.next()
    }
  }

  #isMissing(): boolean {
    const history = this.#log.history(this.#stream)
    const metadata = metadataOf(this.#log, this.#stream)
    return history === undefined || history.committed === 0 || isSoftDeleted(metadata)
  }

  #endIfTombstoned(): boolean {
    if (!isTombstoned(this.#log, this.#stream)) return false
    const tombstone = this.#log.history(this.#stream)?.tombstone
    if (tombstone !== undefined) this.#answers.write(eventAnswer(this.#log, tombstone, this.#view))
    this.#answers.fail(streamDeleted(this.#stream))
    return true
  }

  async #deliverHistory(): Promise<void> {
    const history = this.#log.history(this.#stream)!
    const metadata = metadataOf(this.#log, this.#stream)
    this.#next = Math.max(this.#next, firstVisible(history, metadata, this.#server.runtime.clock))
    while (this.#answers.isOpen && this.#next < history.committed) {
      const answer = eventAnswer(this.#log, history.events[this.#next++]!, this.#view)
      if (this.#answers.write(answer) === 'wait') await this.#answers.drained()
    }
  }

  async #deliverLive(): Promise<void> {
    const history = this.#log.history(this.#stream)
    while (history !== undefined && this.#answers.isOpen && this.#next < history.committed) {
      const answer = eventAnswer(this.#log, history.events[this.#next++]!, this.#view)
      if (this.#answers.write(answer) === 'go on') continue
      if ((await this.#answers.drainedInTime(this.#server.subscriberPatienceMs)) === 'too slow')
        return this.#answers.fail(consumerTooSlow())
    }
  }
}

/** Subscribes to one stream, strictly after the given revision. */
export function subscribeToStream(
  server: ServerContext,
  stream: string,
  request: ReadRequest & { readonly uuidForm: UuidForm },
  answers: Answers,
): Promise<void> {
  const { from } = request
  const { log } = server
  const committed = log.history(stream)?.committed ?? 0
  const next = from === 'start' ? 0 : from === 'end' ? committed : Number(from.at) + 1
  // Only from the end can a stream that has ended be subscribed to.
  if (from !== 'end' && isTombstoned(log, stream)) {
    answers.fail(streamDeleted(stream))
    return Promise.resolve()
  }
  answers.write(confirmation(server.runtime.uuid()))
  return new StreamSubscription(server, stream, request, answers, next).follow(from)
}
