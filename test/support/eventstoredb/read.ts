import { AnswerStream } from './answer-stream.ts'
import type { Fault, Operation } from './faults.ts'
import { readAll } from './read-all.ts'
import { type ReadRequest, readRequest } from './read-request.ts'
import { readStream } from './read-stream.ts'
import { refusalError } from './refusal-error.ts'
import type { ReadCall, ServerContext } from './server-context.ts'
import type { streams } from './stubs.ts'
import { subscribeToAll } from './subscribe-all.ts'
import { subscribeToStream } from './subscribe-stream.ts'
import type { UuidForm } from './wire.ts'

type Answers = AnswerStream<streams.ReadReq, streams.ReadResp>

/** Ends the call once so many messages went out: the part of a fault that only the answers can show. */
class CutAnswers extends AnswerStream<streams.ReadReq, streams.ReadResp> {
  readonly #code: number
  #left: number

  constructor(server: ServerContext, call: ReadCall, code: number, left: number) {
    super(call, server.runtime.clock)
    this.#code = code
    this.#left = left
  }

  override write(answer: streams.ReadResp): 'go on' | 'wait' {
    const room = super.write(answer)
    if (--this.#left <= 0) this.fail({ code: this.#code, details: 'the double ended the call' })
    return room
  }
}

function serve(server: ServerContext, request: ReadRequest, answers: Answers): void {
  const { uuidForm, target } = request
  // The server never ends a read that does not say how it wants its ids.
  if (uuidForm === 'not given') return
  const { log, runtime } = server
  const full: ReadRequest & { readonly uuidForm: UuidForm } = { ...request, uuidForm }
  if (request.amount === 'subscription') {
    if (target.kind === 'all') void subscribeToAll(server, full, answers)
    else void subscribeToStream(server, target.stream, full, answers)
  } else if (target.kind === 'all') void readAll(log, full, answers)
  else void readStream(log, runtime.clock, target.stream, full, answers)
}

function serveUnder(fault: Fault, server: ServerContext, request: ReadRequest, answers: Answers): void {
  const later = (ms: number): void =>
    void server.runtime.clock.after(ms, () => serve(server, request, answers), 'background')
  switch (fault.kind) {
    case 'refuse':
      answers.fail(refusalError(fault.with, server.port))
      return
    case 'answerLate':
    case 'carryOutLate':
    case 'commitLate':
      later(fault.ms)
      return
    case 'stayMute':
    case 'dropAnswer':
      return
    case 'endCall':
      if (fault.after === 'nothing') answers.fail({ code: fault.code, details: 'the double ended the call' })
      else serve(server, request, answers)
  }
}

/** Read: streams and $all, once or for ever. */
export function read(server: ServerContext, call: ReadCall): void {
  const request = readRequest(call.request)
  const refused = server.refuseCaller(call.metadata)
  const plain = new AnswerStream(call, server.runtime.clock)
  if (refused !== undefined) {
    plain.fail(refused)
    return
  }
  if ('code' in request) {
    plain.fail(request)
    return
  }
  const operation: Operation = request.amount === 'subscription' ? 'subscribe' : 'read'
  const fault = server.take(operation, request.target.kind === 'all' ? '$all' : request.target.stream)
  const answers =
    fault?.kind === 'endCall' && typeof fault.after === 'number'
      ? new CutAnswers(server, call, fault.code, fault.after)
      : plain
  answers.handOnTogether()
  server.track(operation, (error) => answers.fail(error), answers)
  if (fault === undefined) serve(server, request, answers)
  else serveUnder(fault, server, request, answers)
}
