import { Metadata, type StatusObject, status } from '@grpc/grpc-js'

export type RpcError = Partial<StatusObject> & { readonly code: status }

const withTrailers = (
  code: status,
  details: string,
  trailers: Readonly<Record<string, string>>,
): RpcError => {
  const metadata = new Metadata()
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value)
  return { code, details, metadata }
}

/** What the server answers where something broke inside of it. */
export function thrownByHandler(): RpcError {
  return { code: status.UNKNOWN, details: 'Exception was thrown by handler.' }
}

export function unknownResult(what: string): RpcError {
  return { code: status.UNKNOWN, details: what }
}

export function invalidArgument(details: string): RpcError {
  return { code: status.INVALID_ARGUMENT, details }
}

export function streamDeleted(stream: string): RpcError {
  return withTrailers(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  })
}

export function deleteConflict(stream: string, expected: string, actual: number): RpcError {
  return withTrailers(
    status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': expected,
      'actual-version': String(actual),
    },
  )
}

export function maximumAppendSizeExceeded(limit: number): RpcError {
  return withTrailers(status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  })
}

export function missingRequiredProperty(name: string): RpcError {
  return withTrailers(status.INVALID_ARGUMENT, `Required Metadata Property '${name}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  })
}

export function accessDenied(): RpcError {
  return withTrailers(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' })
}

export function notAuthenticated(): RpcError {
  return { code: status.UNAUTHENTICATED, details: 'Not Authenticated' }
}

export function notLeader(host: string, port: number): RpcError {
  return withTrailers(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  })
}

export function serverIsNotReady(): RpcError {
  return { code: status.UNAVAILABLE, details: 'Server Is Not Ready' }
}

export function serverIsTooBusy(): RpcError {
  return { code: status.UNAVAILABLE, details: 'Server Is Too Busy' }
}

export function consumerTooSlow(): RpcError {
  return {
    code: status.ABORTED,
    details:
      'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
  }
}
