import type { sendUnaryData } from '@grpc/grpc-js'
import { type AppendUnderFault, appendUnder } from './append-fault.ts'
import { expectationNumber, readExpectation } from './expected-revision.ts'
import type { WriteAnswer } from './log-writer.ts'
import { refusalError } from './refusal-error.ts'
import { deleteConflict, streamDeleted, thrownByHandler } from './rpc-error.ts'
import type { ServerContext, UnaryCall } from './server-context.ts'
import { streams } from './stubs.ts'
import { streamName } from './wire.ts'

/** Delete (soft) and Tombstone (for ever) ask and answer in the same words. */
interface DeletionKind<Answer> {
  readonly answer: (position: string) => Answer
  readonly write: 'softDelete' | 'tombstone'
}

const soft: DeletionKind<streams.DeleteResp> = {
  write: 'softDelete',
  answer: (position) =>
    new streams.DeleteResp().setPosition(
      new streams.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position),
    ),
}

const forEver: DeletionKind<streams.TombstoneResp> = {
  write: 'tombstone',
  answer: (position) =>
    new streams.TombstoneResp().setPosition(
      new streams.TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position),
    ),
}

function deletion<Answer>(kind: DeletionKind<Answer>) {
  return (
    server: ServerContext,
    call: UnaryCall<streams.DeleteReq | streams.TombstoneReq, Answer>,
    answer: sendUnaryData<Answer>,
  ): void => {
    const refused = server.refuseCaller(call.metadata)
    if (refused !== undefined) {
      answer(refused)
      return
    }
    const options = call.request.getOptions()
    const identifier = options?.getStreamIdentifier()
    const expectation = options === undefined ? undefined : readExpectation(options)
    if (identifier === undefined || expectation === undefined) {
      answer(thrownByHandler())
      return
    }
    const stream = streamName(identifier)
    const steps: AppendUnderFault = {
      carryOut: (written) => server.writer[kind.write](stream, expectation.expected, written),
      answer: (written: WriteAnswer) => {
        if (written.kind === 'success') answer(null, kind.answer(String(written.position)))
        else if (written.kind === 'deleted') answer(streamDeleted(stream))
        else if (written.kind === 'timeout') answer(refusalError('timeout', server.port))
        else answer(deleteConflict(stream, expectationNumber(expectation), written.current))
      },
      endCall: (code) => answer({ code, details: 'the double ended the call' }),
      refuse: (refusal) => answer(refusalError(refusal, server.port)),
    }
    const fault = server.take('delete', stream)
    if (fault === undefined) steps.carryOut(steps.answer)
    else appendUnder(fault, steps, server.log, server.runtime)
  }
}

export const deleteStream = deletion(soft)
export const tombstoneStream = deletion(forEver)
