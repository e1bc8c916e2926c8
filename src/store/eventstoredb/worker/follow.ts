import type { EventStoreDBClient } from '@eventstore/db-client'
import { type EventMatcher, matcherOf } from '../../event-matcher.ts'
import { parseObject } from '../event-metadata.ts'
import { type Answer, type Call, followWindow, type LogPosition } from '../protocol.ts'
import { nameRefusal } from '../reserved-names.ts'
import type { StoredEvent } from '../wire-event.ts'
import type { ReadCall } from './client-calls.ts'
import { failureOfError } from './failure-of.ts'
import type { Outbox } from './outbox.ts'
import { beyondNumbers, PageBuffer } from './page-buffer.ts'
import type { ReadMessage } from './read-message.ts'
import { type Running, readMessages } from './read-page.ts'
import { followRequest } from './read-request.ts'

type FollowCall = Extract<Call, { readonly kind: 'follow' }>

/**
 * One subscription to $all. Marks (checkpoints, caught up) come in the order of the events: the client's own
 * subscription raises them beside its buffer, where they overtake events, and a resumption from there would skip.
 */
export class Follow implements Running {
  readonly #order: FollowCall
  readonly #outbox: Outbox
  readonly #matcher: EventMatcher | undefined
  /** How the metadata of what this system wrote can be told without parsing that of everybody else. */
  readonly #ownMark: string | undefined
  readonly #page = new PageBuffer()
  readonly #running: Running
  #call: ReadCall | undefined
  /** How far the log was looked at since the last page, when nothing of it was for the reader. */
  #passed: LogPosition | undefined
  #pagesOut = 0

  constructor(client: EventStoreDBClient, order: FollowCall, outbox: Outbox) {
    this.#order = order
    this.#outbox = outbox
    this.#matcher = matcherOf(order.filter)
    this.#ownMark = order.exceptSystem === undefined ? undefined : JSON.stringify(order.exceptSystem)
    this.#running = readMessages(client, followRequest(order.after, order.filter), 'any', {
      opened: (call) => {
        this.#call = call
      },
      message: (message) => this.#take(message),
      end: () => this.#fail({ code: 1, details: 'the server ended the subscription' }),
      failed: (error) => this.#fail(error),
    })
  }

  /** The reader took a page. */
  more(): void {
    this.#pagesOut -= 1
    this.#flush()
    this.#call?.resume()
  }

  stop(): void {
    this.#running.stop()
  }

  #take(message: ReadMessage): 'go on' | 'stop' {
    switch (message.kind) {
      case 'event':
        return this.#takeEvent(message.event)
      case 'checkpoint':
      case 'caughtUp':
        this.#send()
        this.#answer(message)
        return 'go on'
      default:
        return 'go on'
    }
  }

  #takeEvent(event: StoredEvent): 'go on' | 'stop' {
    const wanted = this.#isNew(event) && this.#isWanted(event)
    if (wanted) {
      const problem = beyondNumbers(event)
      if (problem !== undefined) {
        this.#send()
        this.#answer({ kind: 'failed', failure: { kind: 'unsupported', detail: problem } })
        return 'stop'
      }
      this.#page.add(event)
    }
    this.#passed = { commit: event.commit, prepare: event.prepare }
    if (this.#page.full) this.#flush()
    else this.#outbox.beforeFlush(this.#flush)
    return 'go on'
  }

  /** A resumption from a checkpoint may bring some events again. */
  #isNew({ commit, prepare }: StoredEvent): boolean {
    const { delivered } = this.#order
    if (delivered === undefined) return true
    return commit > delivered.commit || (commit === delivered.commit && prepare > delivered.prepare)
  }

  /** Types that begin with `$` are the server's: links, deletions, metadata. */
  #isWanted({ stream, type, metadata }: StoredEvent): boolean {
    if (type.startsWith('$') || nameRefusal(stream) !== undefined) return false
    const matcher = this.#matcher
    if (matcher !== undefined) {
      if (!matcher.stream(stream) || !matcher.type(type)) return false
      if (this.#order.filter.correlationId !== undefined) {
        const { $correlationId } = parseObject(metadata) ?? {}
        if (!matcher.correlation(typeof $correlationId === 'string' ? $correlationId : undefined))
          return false
      }
    }
    if (this.#ownMark === undefined || !metadata.includes(this.#ownMark)) return true
    const { system } = parseObject(metadata) ?? {}
    return system !== this.#order.exceptSystem
  }

  /**
   * Sends what is gathered, if the reader keeps up. If not, the page grows first: the server drops a subscriber after
   * a few dozen events that nobody took, so a reader who is busy for a moment must not be felt there.
   */
  readonly #flush = (): void => {
    if (this.#pagesOut < followWindow) this.#send()
    else if (this.#page.full && this.#call?.isPaused() === false) {
      this.#call.pause()
      this.#answer({ kind: 'heldBack' })
    }
  }

  #send(): void {
    const last = this.#passed
    if (last === undefined) return
    this.#passed = undefined
    if (this.#page.events === 0) {
      this.#answer({ kind: 'checkpoint', at: last })
      return
    }
    this.#answer({ kind: 'events', events: this.#page.take(), last })
    this.#pagesOut += 1
  }

  #fail(error: unknown): void {
    this.#send()
    this.#answer({ kind: 'failed', failure: failureOfError(error) })
  }

  #answer(answer: Answer): void {
    this.#outbox.answer(this.#order.ticket, answer)
  }
}
