import type {
  Metadata,
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
} from '@grpc/grpc-js'
import type { Runtime } from '../../../src/runtime.ts'
import type { EventLog } from './event-log.ts'
import type { Fault, Operation } from './faults.ts'
import type { LogWriter } from './log-writer.ts'
import type { RpcError } from './rpc-error.ts'
import type { streams } from './stubs.ts'

export type BatchAppendCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>
export type AppendCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>
export type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>
export type UnaryCall<Request, Answer> = ServerUnaryCall<Request, Answer>

/** Something whose end is heard of. */
export interface OpenCall {
  onOver(task: () => void): void
}

/** What the services of one running server share. */
export interface ServerContext {
  readonly runtime: Runtime
  readonly log: EventLog
  readonly writer: LogWriter
  readonly maxAppendBytes: number
  readonly commitTimeoutMs: number
  readonly port: number
  /** How long a live subscriber may leave its answers untaken before it counts as too slow. */
  readonly subscriberPatienceMs: number
  /** The fault that meets this operation, if any; counts the operation. */
  take(operation: Operation, stream: string): Fault | undefined
  /** The error for a caller whose credentials are wrong, if they are. */
  refuseCaller(metadata: Metadata): RpcError | undefined
  /** Whether nobody may write to this stream. */
  deniedWriter(stream: string): boolean
  /** Ends the server, as a fault inside of it does. */
  die(): void
  /** Registers an open call, so that it can be ended from outside. */
  track(operation: Operation, fail: (error: RpcError) => void, call: OpenCall): void
}
