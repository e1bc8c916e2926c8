import type { AnswerStream } from './answer-stream.ts'
import type { EventLog } from './event-log.ts'
import type { LogRecord } from './log-record.ts'
import type { ReadRequest } from './read-request.ts'
import { type RpcError, thrownByHandler, unknownResult } from './rpc-error.ts'
import type { streams } from './stubs.ts'
import { eventAnswer, type UuidForm } from './wire.ts'

type Answers = AnswerStream<streams.ReadReq, streams.ReadResp>

/** A position of a request: `end` where it lies behind all that there is, `none` where no record begins there. */
function indexOf(log: EventLog, at: bigint): number | 'end' | 'none' {
  if (at > BigInt(log.committedEnd)) return 'end'
  const position = Number(at)
  const index = log.indexAt(position)
  const begins = log.records[index]?.position === position
  const ends = log.records[index - 1]?.end === position || position === log.committedEnd || position === 0
  return begins || ends ? index : 'none'
}

/** Where the read begins: the index of the first record, or behind the first one backwards. */
function beginning(log: EventLog, request: ReadRequest): number | RpcError {
  const { from } = request
  const error = unknownResult('Unexpected ReadAllResult: Error')
  if (from === 'start') return 0
  if (from === 'end') return log.committedCount
  if (from.at < from.prepare) return thrownByHandler()
  const index = indexOf(log, from.at)
  if (index === 'none') return error
  if (index === 'end') return request.direction === 'forwards' ? log.committedCount : error
  return index
}

const matches = (request: ReadRequest, record: LogRecord): boolean =>
  record.kind !== 'system' && (request.filter?.matches(record) ?? true)

/** Reads the whole log, in either direction. The server never ends a read of no events. */
export async function readAll(
  log: EventLog,
  request: ReadRequest & { readonly uuidForm: UuidForm },
  answers: Answers,
): Promise<void> {
  if (request.amount === 0) return
  const begin = beginning(log, request)
  if (typeof begin !== 'number') return answers.fail(begin)
  const step = request.direction === 'forwards' ? 1 : -1
  const committed = log.committedCount
  let left = Number(request.amount)
  for (
    let index = step === 1 ? begin : begin - 1;
    index >= 0 && index < committed && left > 0;
    index += step
  ) {
    const record = log.records[index]!
    if (!matches(request, record)) continue
    left--
    if (answers.write(eventAnswer(log, record, request)) === 'wait') await answers.drained()
    if (!answers.isOpen) return
  }
  answers.end()
}
