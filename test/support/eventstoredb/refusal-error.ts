import { status } from '@grpc/grpc-js'
import type { Refusal } from './faults.ts'
import {
  accessDenied,
  notAuthenticated,
  notLeader,
  type RpcError,
  serverIsNotReady,
  serverIsTooBusy,
  unknownResult,
} from './rpc-error.ts'

/** A refusal as every call but BatchAppend says it: the call ends with it. */
export function refusalError(refusal: Refusal, port: number): RpcError {
  switch (refusal) {
    case 'accessDenied':
      return accessDenied()
    case 'notAuthenticated':
      return notAuthenticated()
    case 'notReady':
      return serverIsNotReady()
    case 'tooBusy':
      return serverIsTooBusy()
    case 'notLeader':
      return notLeader('127.0.0.1', port)
    case 'timeout':
      return { code: status.ABORTED, details: 'Operation timed out: Commit phase timeout' }
    case 'unknown':
    case 'conflict':
      return unknownResult('Unexpected result: Unknown')
  }
}
