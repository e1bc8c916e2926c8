import type { Failure, FailureKind } from '../failure.ts'

/** The parts of an error of gRPC that say what happened. */
interface CallError {
  readonly code?: unknown
  readonly details?: unknown
  readonly metadata?: { get(key: string): readonly unknown[] }
}

const ofDetail: Readonly<Record<string, FailureKind>> = {
  'event_store.client.AccessDenied': 'denied',
  'event_store.client.StreamDeleted': 'deleted',
  'event_store.client.MaximumAppendSizeExceeded': 'tooLarge',
  'event_store.client.Timeout': 'undecided',
}

const ofException: Readonly<Record<string, FailureKind>> = {
  'access-denied': 'denied',
  'stream-deleted': 'deleted',
  'maximum-append-size-exceeded': 'tooLarge',
  'not-leader': 'notLeader',
}

/** gRPC's own codes. 13 is what a reset connection shows, 1 what a server that goes down does. */
const ofCode: Readonly<Record<number, FailureKind>> = {
  1: 'down',
  4: 'undecided',
  7: 'denied',
  8: 'undecided',
  10: 'undecided',
  12: 'unsupported',
  13: 'down',
  14: 'down',
  16: 'denied',
}

/** Codes that a TLS handshake fails with; gRPC shows them in the text of a 14. */
const handshake =
  /certificate|self[- ]signed|unable to verify|altname|EPROTO|wrong version number|SSL routines/i

/** What the server said to one append of many. @param type of the detail, without its domain. */
export function failureOfStatus(type: string, message: string): Failure {
  return { kind: ofDetail[type] ?? ofText(message) ?? 'other', detail: message }
}

/** What ended a call, or kept it from being opened. */
export function failureOfError(error: unknown): Failure {
  const { code, details, metadata } = error as CallError
  const message = error instanceof Error ? error.message : String(error)
  const detail = typeof details === 'string' && details !== '' ? details : message
  return { kind: kindOf(code, detail, String(metadata?.get('exception')[0] ?? '')), detail }
}

function kindOf(code: unknown, detail: string, exception: string): FailureKind {
  const named = ofException[exception] ?? ofText(detail)
  if (named !== undefined) return named
  // No code: the client did not get as far as a call, it found no node.
  if (typeof code !== 'number') return 'down'
  if (code === 14 && handshake.test(detail)) return 'untrusted'
  return ofCode[code] ?? 'other'
}

/** The server puts these into the text alone. */
function ofText(text: string): FailureKind | undefined {
  if (/not ready/i.test(text)) return 'notReady'
  if (/too slow/i.test(text)) return 'tooSlow'
  if (/too busy|forwarding timeout/i.test(text)) return 'undecided'
  return undefined
}
