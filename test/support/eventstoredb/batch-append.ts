import type { Timer } from '../../../src/runtime.ts'
import { AnswerStream } from './answer-stream.ts'
import { type AppendUnderFault, appendUnder } from './append-fault.ts'
import {
  accessDeniedStatus,
  appendTooLarge,
  badRequest,
  notHandled,
  streamDeletedStatus,
  timeoutStatus,
  unknownStatus,
  wrongExpectedVersion,
} from './batch-status.ts'
import { type Expectation, exactly, namedExpectation } from './expected-revision.ts'
import type { Refusal } from './faults.ts'
import { emptyGuid } from './guid.ts'
import type { ProposedEvent } from './log-record.ts'
import type { WriteAnswer } from './log-writer.ts'
import { notLeader, thrownByHandler } from './rpc-error.ts'
import type { BatchAppendCall, ServerContext } from './server-context.ts'
import { empty, shared, type status, streams } from './stubs.ts'
import { proposedEvent, readUuid, streamIdentifier, streamName, uuid } from './wire.ts'

/** An append whose parts are still coming. */
interface PendingAppend {
  readonly stream: string
  readonly expectation: Expectation
  readonly events: ProposedEvent[]
  readonly timer: Timer
  bytes: number
}

function expectationOf(options: streams.BatchAppendReq.Options): Expectation {
  const expectation = options.hasStreamPosition()
    ? exactly(options.getStreamPosition())
    : namedExpectation(options)
  if (expectation !== undefined) return expectation
  throw new Error(
    'Status(StatusCode="InvalidArgument", Detail="\'None\' is not a valid EventStore.Client.Streams.BatchAppendReq+Types+Options+ExpectedStreamPositionOneofCase")',
  )
}

function eventOf(message: streams.BatchAppendReq.ProposedMessage): ProposedEvent {
  const id = readUuid(message.getId())
  const type = message.getMetadataMap().get('type')
  const content = message.getMetadataMap().get('content-type')
  if (type === undefined || content === undefined) {
    throw new Error('The given key was not present in the dictionary.')
  }
  if (id === emptyGuid) throw new Error("Empty eventId provided. (Parameter 'eventId')")
  if (type === '') throw new Error("Empty eventType provided. (Parameter 'eventType')")
  return proposedEvent(message, id, type, content)
}

/** One BatchAppend call: many appends to many streams, each answered by its correlation id. */
class BatchAppend {
  readonly #server: ServerContext
  readonly #answers: AnswerStream<streams.BatchAppendReq, streams.BatchAppendResp>
  readonly #pending = new Map<string, PendingAppend>()
  /** Appends that are being written; less than none once parts of others timed out. */
  #underWay = 0
  #requests: 'coming' | 'ended' = 'coming'

  constructor(server: ServerContext, call: BatchAppendCall) {
    this.#server = server
    this.#answers = new AnswerStream(call, server.runtime.clock)
    this.#answers.handOnTogether()
    this.#answers.onOver(() => this.#forget())
    call.on('data', (request: streams.BatchAppendReq) => this.#receive(request))
    call.on('end', () => {
      this.#requests = 'ended'
    })
    server.track('append', (error) => this.#answers.fail(error), this.#answers)
  }

  #forget(): void {
    for (const pending of this.#pending.values()) pending.timer.cancel()
    this.#pending.clear()
  }

  #receive(request: streams.BatchAppendReq): void {
    try {
      const correlation = readUuid(request.getCorrelationId())
      const options = request.getOptions()
      if (options !== undefined && this.#open(correlation, options) === 'past its deadline') {
        this.#answer(request, options.getStreamIdentifier(), timeoutStatus())
        return
      }
      const pending = this.#pending.get(correlation)
      if (pending !== undefined) this.#add(correlation, pending, request)
    } catch (error) {
      const identifier = request.getOptions()
      if (identifier === undefined) {
        this.#answers.fail(thrownByHandler())
        return
      }
      this.#answer(request, identifier.getStreamIdentifier(), badRequest((error as Error).message))
    }
  }

  #open(correlation: string, options: streams.BatchAppendReq.Options): 'open' | 'past its deadline' {
    const identifier = options.getStreamIdentifier()
    if (identifier === undefined) throw new Error('Object reference not set to an instance of an object.')
    const deadline = options.getDeadline()
    const { commitTimeoutMs } = this.#server
    const left =
      deadline === undefined
        ? commitTimeoutMs
        : deadline.toDate().getTime() - this.#server.runtime.clock.now()
    if (left <= 0) return 'past its deadline'
    if (this.#pending.has(correlation)) return 'open'
    const expectation = expectationOf(options)
    const stream = streamName(identifier)
    if (stream === '') throw new Error("Value cannot be null. (Parameter 'value')")
    const timer = this.#server.runtime.clock.after(
      Math.min(left, commitTimeoutMs),
      () => this.#giveUp(correlation),
      'background',
    )
    this.#pending.set(correlation, { stream, expectation, events: [], timer, bytes: 0 })
    return 'open'
  }

  /** The last part of an append did not come in time. */
  #giveUp(correlation: string): void {
    const pending = this.#pending.get(correlation)
    if (pending === undefined) return
    this.#pending.delete(correlation)
    this.#send(
      new streams.BatchAppendResp()
        .setCorrelationId(uuid(correlation, 'structured'))
        .setStreamIdentifier(streamIdentifier(pending.stream))
        .setError(timeoutStatus()),
    )
  }

  #add(correlation: string, pending: PendingAppend, request: streams.BatchAppendReq): void {
    for (const message of request.getProposedMessagesList()) {
      const event = eventOf(message)
      pending.events.push(event)
      pending.bytes += event.data.length
    }
    const limit = this.#server.maxAppendBytes
    if (pending.bytes > limit) {
      this.#close(correlation, pending)
      this.#answer(request, streamIdentifier(pending.stream), appendTooLarge(limit))
      return
    }
    if (!request.getIsFinal()) return
    this.#close(correlation, pending)
    if (correlation === emptyGuid) {
      throw new Error("correlationId (Parameter 'correlationId should be non-empty GUID.')")
    }
    this.#underWay++
    this.#write(request, pending)
  }

  #close(correlation: string, pending: PendingAppend): void {
    pending.timer.cancel()
    this.#pending.delete(correlation)
  }

  #write(request: streams.BatchAppendReq, pending: PendingAppend): void {
    const { stream, expectation, events } = pending
    const identifier = streamIdentifier(stream)
    const append: AppendUnderFault = {
      carryOut: (answer) => this.#server.writer.append(stream, expectation.expected, events, answer),
      answer: (answer) => this.#answerWrite(request, pending, answer),
      endCall: (code) => this.#answers.fail({ code, details: 'the double ended the call' }),
      refuse: (refusal) => {
        if (refusal === 'notLeader') return this.#answers.fail(notLeader('127.0.0.1', this.#server.port))
        this.#answer(request, identifier, refusalStatus(refusal, expectation))
      },
    }
    if (stream === '$$') {
      this.#dieOf(append)
      return
    }
    const denied = this.#server.deniedWriter(stream)
    const fault = this.#server.take('append', stream)
    if (denied) append.refuse('accessDenied')
    else if (fault === undefined) append.carryOut(append.answer)
    else appendUnder(fault, append, this.#server.log, this.#server.runtime)
  }

  /** An event in the stream `$$` breaks the server's writer: nothing is committed any more, and soon the process ends. */
  #dieOf(append: AppendUnderFault): void {
    const { runtime, commitTimeoutMs, log } = this.#server
    append.carryOut((answer) => {
      append.answer(answer)
      log.holdCommits()
      runtime.clock.after(4 * commitTimeoutMs, () => this.#server.die(), 'background')
    })
  }

  #answerWrite(
    request: streams.BatchAppendReq,
    { stream, expectation }: PendingAppend,
    answer: WriteAnswer,
  ): void {
    const identifier = streamIdentifier(stream)
    switch (answer.kind) {
      case 'success':
        this.#send(
          new streams.BatchAppendResp()
            .setCorrelationId(request.getCorrelationId())
            .setStreamIdentifier(identifier)
            .setSuccess(success(answer)),
        )
        return
      case 'conflict':
        this.#answer(request, identifier, wrongExpectedVersion(expectation, answer.current))
        return
      case 'deleted':
        this.#answer(request, identifier, streamDeletedStatus(stream))
        return
      case 'timeout':
        this.#answer(request, identifier, timeoutStatus())
        return
    }
  }

  #answer(
    request: streams.BatchAppendReq,
    identifier: shared.StreamIdentifier | undefined,
    error: status.Status,
  ): void {
    const answer = new streams.BatchAppendResp().setCorrelationId(request.getCorrelationId()).setError(error)
    this.#send(identifier === undefined ? answer : answer.setStreamIdentifier(identifier))
  }

  #send(answer: streams.BatchAppendResp): void {
    this.#answers.write(answer)
    this.#underWay--
    if (this.#requests === 'ended' && this.#underWay >= 0) this.#answers.end()
  }
}

function success(answer: WriteAnswer & { readonly kind: 'success' }): streams.BatchAppendResp.Success {
  const message = new streams.BatchAppendResp.Success()
  if (answer.revision === 'no stream') message.setNoStream(new empty.Empty())
  else message.setCurrentRevision(String(answer.revision))
  if (answer.position === 'none') return message.setNoPosition(new empty.Empty())
  const position = String(answer.position)
  return message.setPosition(
    new shared.AllStreamPosition().setCommitPosition(position).setPreparePosition(position),
  )
}

function refusalStatus(refusal: Exclude<Refusal, 'notLeader'>, expectation: Expectation): status.Status {
  switch (refusal) {
    case 'accessDenied':
    case 'notAuthenticated':
      return accessDeniedStatus()
    case 'notReady':
      return notHandled('Server Is Not Ready')
    case 'tooBusy':
      return notHandled('Server Is Busy')
    case 'timeout':
      return timeoutStatus()
    case 'unknown':
      return unknownStatus()
    case 'conflict':
      return wrongExpectedVersion(
        expectation,
        typeof expectation.expected === 'number' ? expectation.expected + 1 : 0,
      )
  }
}

export function batchAppend(server: ServerContext, call: BatchAppendCall): void {
  new BatchAppend(server, call)
}
