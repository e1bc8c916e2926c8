import { EventStoreDBClient } from '@eventstore/db-client'
import type { Failure } from '../failure.ts'
import type { Call, Orders, WorkerSettings } from '../protocol.ts'
import { connectionStream } from '../reserved-names.ts'
import type { Field } from '../wire-event.ts'
import { decodeAnswer } from './append-answer.ts'
import { appendAt, encodeAppend } from './append-message.ts'
import { type AppendCall, openAppendCall } from './client-calls.ts'
import { failureOfError } from './failure-of.ts'
import { Follow } from './follow.ts'
import type { Outbox } from './outbox.ts'
import { probe } from './probe.ts'
import { askForLife, type Running, readEnd, readPage } from './read-page.ts'

/** The ticket of the append that opens a connection. Those of the main thread begin at 1. */
const openingTicket = 0

/** One connection after the other, with what runs on it. The main thread decides when to make a new one. */
export class Session {
  readonly #settings: WorkerSettings
  readonly #outbox: Outbox
  readonly #running = new Map<number, Running>()
  #client: EventStoreDBClient | undefined
  #appends: AppendCall | undefined

  constructor(settings: WorkerSettings, outbox: Outbox) {
    this.#settings = settings
    this.#outbox = outbox
  }

  take({ appends, calls }: Orders): void {
    this.#append(appends)
    for (const call of calls) this.#run(call)
  }

  /** Ends the connection and all that runs on it. */
  end(): void {
    for (const running of this.#running.values()) running.stop()
    this.#running.clear()
    this.#appends?.call.cancel()
    this.#appends?.closeChannel()
    this.#appends = undefined
    this.#client = undefined
  }

  #append(fields: readonly Field[]): void {
    // Without a call there was a note that the connection is lost, and nothing of this counts as sent.
    if (this.#appends === undefined) return
    const deadline = Math.ceil((Date.now() + this.#settings.serverDeadlineMs) / 1000)
    for (let at = 0; at < fields.length; ) {
      const append = appendAt(fields, at)
      for (const message of encodeAppend(append, fields, deadline)) this.#appends.call.write(message)
      at = append.end
    }
  }

  #run(call: Call): void {
    if (call.kind === 'connect') {
      void this.#connect()
      return
    }
    const { ticket } = call
    if (call.kind === 'stop') {
      this.#running.get(ticket)?.stop()
      this.#running.delete(ticket)
      return
    }
    if (call.kind === 'more') {
      const follow = this.#running.get(ticket)
      if (follow instanceof Follow) follow.more()
      return
    }
    const client = this.#client
    if (client !== undefined) this.#running.set(ticket, this.#start(client, call))
  }

  #start(client: EventStoreDBClient, call: Exclude<Call, { kind: 'connect' | 'stop' | 'more' }>): Running {
    if (call.kind === 'follow') return new Follow(client, call, this.#outbox)
    const answer = (reply: Parameters<Outbox['answer']>[1]): void => {
      this.#running.delete(call.ticket)
      this.#outbox.answer(call.ticket, reply)
    }
    switch (call.kind) {
      case 'readPage':
        return readPage(client, call, answer)
      case 'readEnd':
        return readEnd(client, answer)
      case 'ask':
        return askForLife(client, connectionStream, call.leader, answer)
    }
  }

  /**
   * A new client each time: one that failed to find a node, or that was answered an internal error when it asked for
   * the features of the server, keeps that for good.
   */
  async #connect(): Promise<void> {
    this.end()
    const result = await this.#open()
    if (result === 'connected') this.#outbox.note({ kind: 'connected' })
    else {
      const unclear = result.kind === 'down' || result.kind === 'untrusted'
      const failure = unclear ? await probe(this.#settings.connection, result) : result
      this.#outbox.note({ kind: 'notConnected', failure })
    }
  }

  /**
   * Opens the call for appends and proves with an append of no events that the store takes writes: it is answered
   * when a majority of the nodes has it, creates nothing, and an access that is denied shows here.
   */
  async #open(): Promise<'connected' | Failure> {
    let client: EventStoreDBClient
    let appends: AppendCall
    try {
      client = EventStoreDBClient.connectionString(this.#settings.connection.forClient)
      this.#client = client
      appends = await openAppendCall(client)
    } catch (error) {
      return failureOfError(error)
    }
    const { call } = appends
    this.#outbox.note({ kind: 'asked' })
    return new Promise((resolve) => {
      const lose = (failure: Failure): void => {
        resolve(failure)
        appends.closeChannel()
        if (this.#appends !== appends) return
        this.#appends = undefined
        this.#outbox.note({ kind: 'disconnected', failure })
      }
      call.on('data', (bytes: Buffer) => {
        const answer = decodeAnswer(bytes)
        if (answer.ticket !== openingTicket) this.#outbox.verdict(answer)
        // A conflict is as good as a success: the answer came from a leader, whatever is in that stream.
        else if (answer.status === 'failed') lose(answer.failure)
        else if (this.#client !== client) lose({ kind: 'down', detail: 'it was ended meanwhile' })
        else {
          this.#appends = appends
          resolve('connected')
        }
      })
      call.on('error', (error: unknown) => lose(failureOfError(error)))
      call.on('end', () =>
        lose({ kind: 'down', detail: 'the server ended the call that carries the appends' }),
      )
      const fields: Field[] = [openingTicket, connectionStream, -1, 0]
      const deadline = Math.ceil((Date.now() + this.#settings.serverDeadlineMs) / 1000)
      for (const message of encodeAppend(appendAt(fields, 0), fields, deadline)) call.write(message)
    })
  }
}
