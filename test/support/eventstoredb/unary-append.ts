import type { sendUnaryData } from '@grpc/grpc-js'
import { type AppendUnderFault, appendUnder } from './append-fault.ts'
import { type Expectation, readExpectation } from './expected-revision.ts'
import { emptyGuid } from './guid.ts'
import type { ProposedEvent } from './log-record.ts'
import type { WriteAnswer } from './log-writer.ts'
import { refusalError } from './refusal-error.ts'
import {
  invalidArgument,
  maximumAppendSizeExceeded,
  missingRequiredProperty,
  type RpcError,
  streamDeleted,
  thrownByHandler,
} from './rpc-error.ts'
import type { AppendCall, ServerContext } from './server-context.ts'
import { shared, streams } from './stubs.ts'
import { proposedEvent, readUuid, streamName } from './wire.ts'

/**
 * The older fields say `no stream` as 2^64 - 1, and the generated stubs hold them as numbers: the largest one that
 * they can write is written, and `serializeAppendResp` makes it what it stands for.
 */
const largestNumber = 2 ** 64 - 2048
const largestOnTheWire = Buffer.from([0x80, 0xf0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])
const noStreamOnTheWire = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])

export function serializeAppendResp(answer: streams.AppendResp): Buffer {
  const bytes = Buffer.from(answer.serializeBinary())
  const at = bytes.indexOf(largestOnTheWire)
  if (at >= 0) noStreamOnTheWire.copy(bytes, at)
  return bytes
}

function wrongExpectedVersion({ expected, text }: Expectation, current: number): streams.AppendResp {
  const answer = new streams.AppendResp.WrongExpectedVersion()
  if (current < 0) answer.setNoStream2060(new shared.Empty()).setCurrentNoStream(new shared.Empty())
  else answer.setCurrentRevision2060(current).setCurrentRevision(String(current))
  switch (expected) {
    case 'any':
      answer.setAny2060(new shared.Empty()).setExpectedAny(new shared.Empty())
      break
    case 'stream_exists':
      answer.setStreamExists2060(new shared.Empty()).setExpectedStreamExists(new shared.Empty())
      break
    case 'no_stream':
      answer.setExpectedRevision2060(largestNumber).setExpectedNoStream(new shared.Empty())
      break
    default:
      answer.setExpectedRevision2060(expected).setExpectedRevision(text)
  }
  return new streams.AppendResp().setWrongExpectedVersion(answer)
}

function success(answer: WriteAnswer & { readonly kind: 'success' }): streams.AppendResp {
  const message = new streams.AppendResp.Success()
  if (answer.revision === 'no stream') message.setNoStream(new shared.Empty())
  else message.setCurrentRevision(String(answer.revision))
  if (answer.position === 'none') message.setNoPosition(new shared.Empty())
  else {
    const position = String(answer.position)
    message.setPosition(
      new streams.AppendResp.Position().setCommitPosition(position).setPreparePosition(position),
    )
  }
  return new streams.AppendResp().setSuccess(message)
}

interface Append {
  readonly stream: string
  readonly expectation: Expectation
  readonly events: readonly ProposedEvent[]
}

function eventOf(message: streams.AppendReq.ProposedMessage): ProposedEvent | RpcError {
  const type = message.getMetadataMap().get('type')
  const content = message.getMetadataMap().get('content-type')
  if (type === undefined) return missingRequiredProperty('type')
  if (content === undefined) return missingRequiredProperty('content-type')
  const id = readUuid(message.getId())
  if (id === emptyGuid || type === '') return thrownByHandler()
  return proposedEvent(message, id, type, content)
}

/** What the messages of one call ask for, or the error that ends the call. */
function readAppend(requests: readonly streams.AppendReq[], maxAppendBytes: number): Append | RpcError {
  const [first, ...rest] = requests
  const options = first?.getOptions()
  const identifier = options?.getStreamIdentifier()
  if (options === undefined || identifier === undefined) return thrownByHandler()
  const expectation = readExpectation(options)
  if (expectation === undefined) {
    return invalidArgument(
      "'None' is not a valid EventStore.Client.Streams.AppendReq+Types+Options+ExpectedStreamRevisionOneofCase",
    )
  }
  const events: ProposedEvent[] = []
  let bytes = 0
  for (const request of rest) {
    const event = eventOf(request.getProposedMessage()!)
    if ('code' in event) return event
    bytes += event.data.length
    if (bytes > maxAppendBytes) return maximumAppendSizeExceeded(maxAppendBytes)
    events.push(event)
  }
  const stream = streamName(identifier)
  return stream === '' ? thrownByHandler() : { stream, expectation, events }
}

/** Append: the older call, one for each append. The client takes it when it is given credentials for the call. */
export function unaryAppend(
  server: ServerContext,
  call: AppendCall,
  answer: sendUnaryData<streams.AppendResp>,
): void {
  const requests: streams.AppendReq[] = []
  call.on('data', (request: streams.AppendReq) => void requests.push(request))
  call.on('end', () => {
    const refused = server.refuseCaller(call.metadata)
    const append = refused ?? readWithoutThrowing(requests, server.maxAppendBytes)
    if ('code' in append) answer(append)
    else carryOut(server, append, answer)
  })
}

function readWithoutThrowing(requests: readonly streams.AppendReq[], limit: number): Append | RpcError {
  try {
    return readAppend(requests, limit)
  } catch {
    return thrownByHandler()
  }
}

function carryOut(server: ServerContext, append: Append, answer: sendUnaryData<streams.AppendResp>): void {
  const { stream, expectation, events } = append
  const steps: AppendUnderFault = {
    carryOut: (written) => server.writer.append(stream, expectation.expected, events, written),
    answer: (written) => {
      if (written.kind === 'success') answer(null, success(written))
      else if (written.kind === 'conflict') answer(null, wrongExpectedVersion(expectation, written.current))
      else if (written.kind === 'deleted') answer(streamDeleted(stream))
      else answer(refusalError('timeout', server.port))
    },
    endCall: (code) => answer({ code, details: 'the double ended the call' }),
    refuse: (refusal) => {
      if (refusal === 'conflict') answer(null, wrongExpectedVersion(expectation, 0))
      else answer(refusalError(refusal, server.port))
    },
  }
  const fault = server.take('append', stream)
  if (server.deniedWriter(stream)) steps.refuse('accessDenied')
  else if (fault === undefined) steps.carryOut(steps.answer)
  else appendUnder(fault, steps, server.log, server.runtime)
}
