import { Metadata, status } from '@grpc/grpc-js'
import type { RpcError } from '../rpc-error.ts'

const about = (stream: string, group: string): string => `Subscription group ${group} on stream ${stream}`

function groupError(
  code: status,
  exception: string,
  stream: string,
  group: string,
  details: string,
  more: Readonly<Record<string, string>> = {},
): RpcError {
  const metadata = new Metadata()
  const trailers = { exception, 'stream-name': stream, 'group-name': group, ...more }
  for (const [key, value] of Object.entries(trailers)) if (value !== '') metadata.set(key, value)
  return { code, details, metadata }
}

export function groupExists(stream: string, group: string): RpcError {
  const details = `${about(stream, group)} exists.`
  return groupError(status.ALREADY_EXISTS, 'persistent-subscription-exists', stream, group, details)
}

export function groupDoesNotExist(stream: string, group: string): RpcError {
  const details = `${about(stream, group)} does not exist.`
  return groupError(status.NOT_FOUND, 'persistent-subscription-does-not-exist', stream, group, details)
}

export function groupDropped(stream: string, group: string): RpcError {
  const details = `${about(stream, group)} was dropped.`
  return groupError(status.CANCELLED, 'persistent-subscription-dropped', stream, group, details)
}

export function groupFailed(stream: string, group: string, reason: string): RpcError {
  const details = `${about(stream, group)} failed: '${reason}'`
  return groupError(status.INTERNAL, 'persistent-subscription-failed', stream, group, details, { reason })
}

export function maximumSubscribersReached(stream: string, group: string): RpcError {
  const details = `Maximum subscriptions reached for subscription group ${group} on stream ${stream}.`
  return groupError(status.FAILED_PRECONDITION, 'maximum-subscribers-reached', stream, group, details)
}
