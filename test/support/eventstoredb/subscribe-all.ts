import type { AnswerStream } from './answer-stream.ts'
import type { EventFilter } from './event-filter.ts'
import type { EventLog } from './event-log.ts'
import { LogFollower } from './log-follower.ts'
import type { ReadFrom, ReadRequest } from './read-request.ts'
import { consumerTooSlow, type RpcError, thrownByHandler } from './rpc-error.ts'
import type { ServerContext } from './server-context.ts'
import type { streams } from './stubs.ts'
import { caughtUp, checkpoint, confirmation, eventAnswer, type UuidForm, type View } from './wire.ts'

type Answers = AnswerStream<streams.ReadReq, streams.ReadResp>

/** The most events in one page of the history. */
const pageSize = 32

/** Follows the whole log, all of it or what a filter lets through, with checkpoints if there is a filter. */
class AllSubscription {
  readonly #server: ServerContext
  readonly #log: EventLog
  readonly #view: View
  readonly #filter: EventFilter | undefined
  readonly #answers: Answers
  readonly #follower: LogFollower
  /** The index of the next record to look at. */
  #next: number
  /** Records looked at since the last checkpoint. */
  #considered = 0

  constructor(
    server: ServerContext,
    view: View,
    filter: EventFilter | undefined,
    answers: Answers,
    next: number,
  ) {
    this.#server = server
    this.#log = server.log
    this.#view = view
    this.#filter = filter
    this.#answers = answers
    this.#next = next
    this.#follower = new LogFollower(server.log)
    answers.onOver(() => this.#follower.close())
  }

  async follow(from: ReadFrom): Promise<void> {
    if (from !== 'end') while (this.#answers.isOpen && (await this.#deliverPage()) === 'more');
    this.#answers.write(caughtUp())
    while (this.#answers.isOpen) {
      await this.#deliverLive()
      await this.#follower.next()
    }
  }

  /** One page of the history; behind each that is not the last one a checkpoint, once its interval is full. */
  async #deliverPage(): Promise<'more' | 'end'> {
    const window = this.#filter?.window ?? pageSize
    const start = this.#log.records[this.#next - 1]?.end ?? 0
    let mark = { commit: start, prepare: 0 }
    let matched = 0
    let considered = 0
    for (; considered < window && matched < pageSize; considered++) {
      if (this.#next >= this.#log.committedCount) {
        this.#considered += considered
        return 'end'
      }
      const record = this.#log.records[this.#next++]!
      if (!this.#matches(record)) continue
      matched++
      mark = { commit: record.position, prepare: record.position }
      if (this.#answers.write(eventAnswer(this.#log, record, this.#view)) === 'wait')
        await this.#answers.drained()
      if (!this.#answers.isOpen) return 'end'
    }
    this.#considered += considered
    this.#checkpointAt(mark.commit, mark.prepare)
    return 'more'
  }

  #matches(record: EventLog['records'][number]): boolean {
    return this.#filter === undefined ? record.kind !== 'system' : this.#filter.matches(record)
  }

  #checkpointAt(commit: number, prepare: number): void {
    if (this.#filter === undefined || this.#considered < this.#filter.checkpointInterval) return
    this.#considered %= this.#filter.checkpointInterval
    this.#answers.write(checkpoint(commit, prepare))
  }

  async #deliverLive(): Promise<void> {
    while (this.#answers.isOpen && this.#next < this.#log.committedCount) {
      const record = this.#log.records[this.#next++]!
      const room = this.#matches(record)
        ? this.#answers.write(eventAnswer(this.#log, record, this.#view))
        : 'go on'
      this.#considered++
      this.#checkpointAt(record.position, record.position)
      if (room === 'go on') continue
      if ((await this.#answers.drainedInTime(this.#server.subscriberPatienceMs)) === 'too slow')
        return this.#answers.fail(consumerTooSlow())
    }
  }
}

/** The index of the first record behind the given place. */
function firstAfter(log: EventLog, from: ReadFrom): number | RpcError {
  if (from === 'start') return 0
  if (from === 'end') return log.committedCount
  if (from.at >= BigInt(log.committedEnd)) return log.committedCount
  const position = Number(from.at)
  const index = log.indexAt(position)
  const begins = log.records[index]?.position === position
  if (!begins && log.records[index - 1]?.end !== position) return thrownByHandler()
  return index + 1
}

/** Subscribes to $all, strictly after the given position. */
export function subscribeToAll(
  server: ServerContext,
  request: ReadRequest & { readonly uuidForm: UuidForm },
  answers: Answers,
): Promise<void> {
  const next = firstAfter(server.log, request.from)
  if (typeof next !== 'number') {
    answers.fail(next)
    return Promise.resolve()
  }
  answers.write(confirmation(server.runtime.uuid()))
  return new AllSubscription(server, request, request.filter, answers, next).follow(request.from)
}
