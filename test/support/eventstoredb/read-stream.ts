import type { Clock } from '../../../src/runtime.ts'
import type { AnswerStream } from './answer-stream.ts'
import type { EventLog, StreamHistory } from './event-log.ts'
import type { LogRecord } from './log-record.ts'
import type { ReadFrom, ReadRequest } from './read-request.ts'
import { type RpcError, streamDeleted, thrownByHandler, unknownResult } from './rpc-error.ts'
import { firstVisible, isSoftDeleted, metadataOf } from './stream-metadata.ts'
import { streams } from './stubs.ts'
import { eventAnswer, streamNotFound, type UuidForm } from './wire.ts'

type Answers = AnswerStream<streams.ReadReq, streams.ReadResp>

const readError = (): RpcError => unknownResult('Unexpected ReadStreamResult: Error')
const noRevision = 2n ** 64n - 1n
const pageSize = 32
const tooLarge = 2n ** 63n

/** Whether somebody ended the stream for ever: itself or the stream whose metadata it holds. */
export function isTombstoned(log: EventLog, stream: string): boolean {
  const ended = (name: string): boolean => log.history(name)?.tombstoneCommitted ?? false
  return ended(stream) || (stream.startsWith('$$') && ended(stream.slice(2)))
}

function firstRevision(from: ReadFrom, request: ReadRequest, history: StreamHistory): number {
  const last = history.committed - 1
  if (from === 'start') return 0
  if (from === 'end') return last
  return request.direction === 'forwards' ? Number(from.at) : Math.min(Number(from.at), last)
}

function* events(
  history: StreamHistory,
  visible: number,
  request: ReadRequest,
  count: number,
): Generator<LogRecord> {
  const step = request.direction === 'forwards' ? 1 : -1
  let revision = firstRevision(request.from, request, history)
  if (request.direction === 'forwards') revision = Math.max(revision, visible)
  for (let i = 0; i < count; i++, revision += step) {
    if (revision < visible || revision >= history.committed) return
    yield history.events[revision]!
  }
}

function refusal(log: EventLog, stream: string, request: ReadRequest): RpcError | undefined {
  if (request.from !== 'start' && request.from !== 'end') {
    if (request.from.at === noRevision) return readError()
    if (request.from.at >= tooLarge) return thrownByHandler()
  }
  if (request.amount === 0) return readError()
  if (request.direction === 'forwards' && request.from === 'end') return readError()
  if (isTombstoned(log, stream)) return streamDeleted(stream)
  return undefined
}

/** Reads one stream, in either direction. */
export async function readStream(
  log: EventLog,
  clock: Clock,
  stream: string,
  request: ReadRequest & { readonly uuidForm: UuidForm },
  answers: Answers,
): Promise<void> {
  const error = refusal(log, stream, request)
  if (error !== undefined) return answers.fail(error)
  const history = log.history(stream)
  const metadata = metadataOf(log, stream)
  if (history === undefined || history.committed === 0 || isSoftDeleted(metadata)) {
    answers.write(streamNotFound(stream))
    return answers.end()
  }
  const visible = firstVisible(history, metadata, clock)
  const last = history.committed - 1
  const read = [...events(history, visible, request, Number(request.amount))]
  if (request.positions === 'told' && request.direction === 'forwards') {
    const asked = firstRevision(request.from, request, history)
    const page = Math.min(Number(request.amount), pageSize)
    const found = read[0]?.revision
    // Told only where the first page that the server looks at holds no event.
    if (found === undefined || found >= asked + page)
      answers.write(new streams.ReadResp().setFirstStreamPosition(String(found ?? last + 1)))
  }
  for (const record of read) {
    if (answers.write(eventAnswer(log, record, request)) === 'wait') await answers.drained()
    if (!answers.isOpen) return
  }
  if (request.positions === 'told') {
    answers.write(new streams.ReadResp().setLastStreamPosition(String(last)))
  }
  answers.end()
}
