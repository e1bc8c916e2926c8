import type { EventStoreDBClient } from '@eventstore/db-client'
import type { Answer, Call } from '../protocol.ts'
import { snapshotCategory } from '../reserved-names.ts'
import { openReadCall, type ReadCall } from './client-calls.ts'
import { failureOfError } from './failure-of.ts'
import { beyondNumbers, PageBuffer } from './page-buffer.ts'
import { decodeRead, type ReadMessage } from './read-message.ts'
import { readEndRequest, readStreamRequest } from './read-request.ts'

/** What a soft delete puts into the metadata of a stream: all before this revision, so all, is gone. */
const softDeleted = '9223372036854775807'

/** A call that is under way and can be ended. */
export interface Running {
  stop(): void
}

type ReadPage = Extract<Call, { readonly kind: 'readPage' }>

/**
 * Reads one page. A page is a call of its own: nothing is left open between pages, so a reader who stops in the
 * middle leaks nothing, and a page that fails is simply asked for again.
 */
export function readPage(
  client: EventStoreDBClient,
  call: ReadPage,
  answer: (answer: Answer) => void,
): Running {
  const page = new PageBuffer()
  let missing = false
  let asking: Running | undefined
  const request = readStreamRequest(call.stream, call.from, call.direction, call.count)
  const reading = readMessages(client, request, 'any', {
    message(message) {
      if (message.kind === 'missing') missing = true
      if (message.kind !== 'event') return 'go on'
      const problem = beyondNumbers(message.event)
      if (problem !== undefined) {
        answer({ kind: 'failed', failure: { kind: 'unsupported', detail: problem } })
        return 'stop'
      }
      page.add(message.event)
      if (!page.full || page.events === call.count) return 'go on'
      answer({ kind: 'page', events: page.take(), reached: 'cut' })
      return 'stop'
    },
    end() {
      if (missing) asking = answerMissing(client, call.stream, answer)
      else answer({ kind: 'page', reached: page.events < call.count ? 'end' : 'cut', events: page.take() })
    },
    failed: (error) => answer({ kind: 'failed', failure: failureOfError(error) }),
  })
  return {
    stop() {
      reading.stop()
      asking?.stop()
    },
  }
}

/**
 * A stream that was deleted softly reads like one that never was, and an append that expects it to be empty goes on
 * at the old revision. Only its metadata tell.
 */
function answerMissing(
  client: EventStoreDBClient,
  stream: string,
  answer: (answer: Answer) => void,
): Running | undefined {
  const missing: Answer = { kind: 'page', events: [], reached: 'nothing' }
  const deleted: Answer = { kind: 'failed', failure: { kind: 'deleted', detail: 'it was deleted softly' } }
  // Snapshots may be thrown away; of the server's own streams nobody asks.
  if (stream.startsWith('$$') || stream.startsWith(`${snapshotCategory}-`)) {
    answer(missing)
    return undefined
  }
  let reply: Answer = missing
  return readMessages(client, readStreamRequest(`$$${stream}`, 'end', 'backwards', 1), 'any', {
    message(message) {
      // The number is beyond what JSON.parse can tell from its neighbours, so the text is looked at.
      if (message.kind === 'event' && message.event.data.includes(softDeleted)) reply = deleted
      return 'go on'
    },
    end: () => answer(reply),
    // Who may not read the metadata of a stream cannot be told more.
    failed: () => answer(missing),
  })
}

/** The last position of the log. */
export function readEnd(client: EventStoreDBClient, answer: (answer: Answer) => void): Running {
  let at: Answer = { kind: 'end', at: 'start' }
  return readMessages(client, readEndRequest(), 'any', {
    message(message) {
      if (message.kind === 'event') {
        const { commit, prepare } = message.event
        at = { kind: 'end', at: { commit, prepare } }
      }
      return 'go on'
    },
    end: () => answer(at),
    failed: (error) => answer({ kind: 'failed', failure: failureOfError(error) }),
  })
}

/** A read that finds nothing, for the sake of its answer. */
export function askForLife(
  client: EventStoreDBClient,
  stream: string,
  leader: 'required' | 'any',
  answer: (answer: Answer) => void,
): Running {
  return readMessages(client, readStreamRequest(stream, 'start', 'forwards', 1), leader, {
    message: () => 'go on',
    end: () => answer({ kind: 'alive' }),
    failed: (error) => answer({ kind: 'failed', failure: failureOfError(error) }),
  })
}

export interface Reading {
  message(message: ReadMessage): 'go on' | 'stop'
  end(): void
  failed(error: unknown): void
  /** The call is open; until `failed` or `end` it can be paused. */
  opened?(call: ReadCall): void
}

/** Runs one read. After `stop`, from outside or from `message`, the call is cancelled and nothing more is said. */
export function readMessages(
  client: EventStoreDBClient,
  request: Uint8Array,
  leader: 'required' | 'any',
  reading: Reading,
): Running {
  let state: 'running' | 'stopped' = 'running'
  let call: ReadCall | undefined
  const stop = (): void => {
    state = 'stopped'
    call?.cancel()
  }
  const finish = (tell: () => void): void => {
    if (state === 'stopped') return
    state = 'stopped'
    tell()
  }
  openReadCall(client, request, leader).then(
    (opened) => {
      call = opened
      opened.on('error', (error: unknown) => finish(() => reading.failed(error)))
      if (state === 'stopped') {
        opened.cancel()
        return
      }
      opened.on('data', (bytes: Buffer) => {
        if (state === 'running' && reading.message(decodeRead(bytes)) === 'stop') stop()
      })
      opened.on('end', () => finish(() => reading.end()))
      reading.opened?.(opened)
    },
    (error: unknown) => finish(() => reading.failed(error)),
  )
  return { stop }
}
