import { AccessDenied, StoreUnavailable, StreamDeleted } from '../../errors.ts'

/**
 * What went wrong, told apart by what follows from it, for Reenact and for an operator:
 * - `down`: no connection, or it was lost. `notReady`: an election, or the node is starting. `notLeader`: the node
 *   we are connected to is not the leader any more.
 * - `undecided`: the server gave up on the call by itself, as without a quorum and under overload. Whether an append
 *   was written is open.
 * - `mute`: no answer within our own deadline. `crashed`: the thread of the client ended.
 * - `denied`: wrong user or password, or no right to do this. `untrusted`: TLS fails, or one side speaks it alone.
 * - `tooLarge`: beyond the server's limit for one append; nothing is written. `deleted`: the stream was deleted.
 * - `tooSlow`: the server dropped a subscription whose reader was slow.
 * - `unsupported`: the server, its client or a value in it is beyond what this adapter can work with.
 * - `other`: anything else the server said.
 */
export type FailureKind =
  | 'down'
  | 'notReady'
  | 'notLeader'
  | 'undecided'
  | 'mute'
  | 'crashed'
  | 'denied'
  | 'untrusted'
  | 'tooLarge'
  | 'deleted'
  | 'tooSlow'
  | 'unsupported'
  | 'other'

/** A plain message, so that it crosses threads. `detail` is free of secrets. */
export interface Failure {
  readonly kind: FailureKind
  readonly detail: string
}

const connectionFailures: ReadonlySet<FailureKind> = new Set([
  'down',
  'notReady',
  'notLeader',
  'crashed',
  'untrusted',
  'unsupported',
])

/** Whether nothing more is to be expected of this connection, so that a new one is made. */
export function endsConnection({ kind }: Failure): boolean {
  return connectionFailures.has(kind)
}

/** Whether trying again can only fail the same way until somebody changes something. */
export function isFinal({ kind }: Failure): boolean {
  return kind === 'denied' || kind === 'deleted' || kind === 'tooLarge' || kind === 'unsupported'
}

/** A thread that ended by itself; one that could not even load has no client to load. */
export function failureOfCrash(reason: string): Failure {
  return { kind: /cannot find (package|module)/i.test(reason) ? 'unsupported' : 'crashed', detail: reason }
}

/** For each kind: what happened, and what an operator can do. */
const advice: Readonly<Record<FailureKind, readonly [what: string, todo: string]>> = {
  down: ['cannot be reached', 'Check that it runs and that host and port are right.'],
  notReady: [
    'is not ready (it starts, or elects a leader)',
    'It recovers by itself; if it does not, see whether a majority of its nodes is up.',
  ],
  notLeader: ['has another leader now', 'Reenact connects to the new one by itself.'],
  undecided: [
    'gave up on the call',
    'Either it has no quorum (see whether a majority of its nodes is up) or it is overloaded (see its disk and queues).',
  ],
  mute: [
    'does not answer',
    'See whether it is frozen or overloaded, and whether the network between lets packets through.',
  ],
  crashed: ['was lost when its client failed', 'A new client is started by itself.'],
  denied: ['denies access', ''],
  untrusted: [
    'cannot be talked to securely',
    'It is no outage: give the right tlsCAFile, or tls=false for a server without TLS (see docs/eventstoredb.md).',
  ],
  tooLarge: ['refuses so large an append', 'Lower maxAppendBytes, or raise the limit of the server.'],
  deleted: ['says that the stream was deleted', ''],
  tooSlow: ['dropped a subscription whose reader was too slow', 'It is resumed by itself.'],
  unsupported: [
    'cannot be worked with',
    'Use EventStoreDB 23.10 or later, and install @eventstore/db-client 6.2.1 beside reenact.',
  ],
  other: ['refused the call', 'See its log.'],
}

/** In one sentence, for a log. */
export function describeFailure({ kind, detail }: Failure): string {
  const [what] = advice[kind]
  return detail === '' ? what : `${what}: ${detail}`
}

/**
 * @param description the store, without secrets. @param stream the stream that was asked for, if it was one.
 * @returns the error that callers see.
 */
export function errorOf(failure: Failure, description: string, stream?: string): Error {
  const what = `EventStoreDB (${description}) ${describeFailure(failure)}.`
  if (failure.kind === 'denied') return new AccessDenied(what)
  if (failure.kind === 'deleted') return new StreamDeleted(stream ?? '', new Error(what))
  return new StoreUnavailable(what, advice[failure.kind][1])
}
