import type { Expectation } from './expected-revision.ts'
import { any, empty, shared, status } from './stubs.ts'
import { streamIdentifier } from './wire.ts'

/** How BatchAppend says an error: inside of an answer, never by ending the call. */
type Detail = { serializeBinary(): Uint8Array }

const codes = {
  OK: 0,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
} as const

function error(code: keyof typeof codes, message: string, detail: Detail, type = message): status.Status {
  const typeName = type === 'Empty' ? 'google.protobuf.Empty' : `event_store.client.${type}`
  const details = new any.Any()
  details.setTypeUrl(`type.googleapis.com/${typeName}`)
  details.setValue(detail.serializeBinary())
  return new status.Status().setCode(codes[code]).setMessage(message).setDetails(details)
}

export function wrongExpectedVersion({ expected, text }: Expectation, current: number): status.Status {
  const detail = new shared.WrongExpectedVersion()
  if (current < 0) detail.setCurrentNoStream(new empty.Empty())
  else detail.setCurrentStreamRevision(String(current))
  if (expected === 'any') detail.setExpectedAny(new empty.Empty())
  else if (expected === 'stream_exists') detail.setExpectedStreamExists(new empty.Empty())
  else if (expected === 'no_stream') detail.setExpectedNoStream(new empty.Empty())
  else detail.setExpectedStreamPosition(text)
  return error('ALREADY_EXISTS', 'WrongExpectedVersion', detail)
}

export function streamDeletedStatus(stream: string): status.Status {
  const detail = new shared.StreamDeleted().setStreamIdentifier(streamIdentifier(stream))
  return error('NOT_FOUND', 'StreamDeleted', detail)
}

export function timeoutStatus(): status.Status {
  return error('DEADLINE_EXCEEDED', 'Timeout', new shared.Timeout())
}

export function unknownStatus(): status.Status {
  return error('UNKNOWN', 'Unknown', new shared.Unknown())
}

export function accessDeniedStatus(): status.Status {
  return error('PERMISSION_DENIED', 'AccessDenied', new shared.AccessDenied())
}

export function appendTooLarge(limit: number): status.Status {
  const detail = new shared.MaximumAppendSizeExceeded().setMaxappendsize(limit)
  return error('INVALID_ARGUMENT', 'MaximumAppendSizeExceeded', detail)
}

export function badRequest(message: string): status.Status {
  return error('INVALID_ARGUMENT', 'BadRequest', new shared.BadRequest().setMessage(message))
}

/** `Server Is Not Ready`, `Server Is Busy`. */
export function notHandled(message: string): status.Status {
  return error('OK', message, new empty.Empty(), 'Empty')
}
