import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import persistentGrpc from '@eventstore/db-client/generated/persistent_grpc_pb.js'
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js'
import {
  type Metadata,
  Server,
  ServerCredentials,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { type Runtime, systemRuntime } from '../../../src/runtime.ts'
import { batchAppend } from './batch-append.ts'
import { type ClusterMember, clusterInfo } from './cluster-info.ts'
import { Connections } from './connections.ts'
import { deleteStream, tombstoneStream } from './delete.ts'
import { EventLog } from './event-log.ts'
import { type Fault, type FaultRule, Faults, type Operation } from './faults.ts'
import type { LogRecord } from './log-record.ts'
import { LogWriter } from './log-writer.ts'
import { type Groups, persistentService } from './persistent/persistent-service.ts'
import { read } from './read.ts'
import { refusalError } from './refusal-error.ts'
import { notAuthenticated, type RpcError } from './rpc-error.ts'
import type { AppendCall, BatchAppendCall, OpenCall, ReadCall, ServerContext } from './server-context.ts'
import { supportedMethods } from './server-features.ts'
import type { streams } from './stubs.ts'
import { runSystemProjections } from './system-projections.ts'
import { serializeAppendResp, unaryAppend } from './unary-append.ts'

export interface DoubleOptions {
  /** Default: a free port. */
  readonly port?: number
  /** Time and ids. Default: the real ones. */
  readonly runtime?: Runtime
  /** The most bytes of event data of one append. Default: 1 MiB, as the server's. */
  readonly maxAppendBytes?: number
  /** How long a write may wait for its commit before it is answered `Timeout`. Default: 2000, as the server's. */
  readonly commitTimeoutMs?: number
  /** How long a live subscriber may leave its events untaken before it is dropped. Default: 1000. */
  readonly subscriberPatienceMs?: number
  /**
   * Whoever gives other credentials than these is refused. Default: everybody is let in. Only with `tls`: the client
   * sends none without.
   */
  readonly user?: { readonly name: string; readonly password: string }
  /** Streams whose names begin with one of these may not be written. Default: none. */
  readonly readOnlyStreams?: readonly string[]
  /** Serves TLS with this key and certificate (PEM). Default: no TLS. */
  readonly tls?: { readonly key: Buffer; readonly certificate: Buffer }
  /** Whether `$by_category` and `$by_event_type` run. Default: `none`. */
  readonly projections?: 'none' | 'system'
  /** The nodes that the gossip names. Default: this server, as the leader. */
  readonly members?: readonly ClusterMember[]
}

interface TrackedCall {
  readonly operation: Operation
  readonly fail: (error: RpcError) => void
}

/** The largest message that the server takes: 17 MiB. */
const maxMessageBytes = 17 * 1024 * 1024

/**
 * An EventStoreDB in this process, as far as the unmodified client and this repository's adapter meet it: right where
 * it answers as the recordings of the real server do. It can be told to fail in every way that was seen of the real one.
 */
export class EventStoreDouble {
  readonly faults = new Faults()
  readonly #options: DoubleOptions
  readonly #runtime: Runtime
  readonly #counts = new Map<Operation, number>()
  readonly #calls = new Set<TrackedCall>()
  readonly #instanceId: string
  #log: EventLog
  #groups: Groups = new Map()
  #running: { readonly server: Server; readonly connections: Connections } | undefined
  #port: number

  private constructor(options: DoubleOptions) {
    this.#options = options
    this.#runtime = options.runtime ?? systemRuntime
    this.#port = options.port ?? 0
    this.#log = this.#freshLog()
    this.#instanceId = this.#runtime.uuid()
  }

  static async start(options: DoubleOptions = {}): Promise<EventStoreDouble> {
    const double = new EventStoreDouble(options)
    await double.start()
    return double
  }

  #freshLog(): EventLog {
    const log = new EventLog(this.#runtime.clock)
    if (this.#options.projections === 'system') runSystemProjections(log, this.#runtime)
    return log
  }

  get port(): number {
    return this.#port
  }

  /** As the client and `eventStoreDB` take it. */
  get connectionString(): string {
    return `esdb://127.0.0.1:${this.#port}?tls=${this.#options.tls === undefined ? 'false' : 'true'}`
  }

  /** What is stored and committed of a stream, whatever its metadata hides. */
  events(stream: string): readonly LogRecord[] {
    const history = this.#log.history(stream)
    return history?.events.slice(0, history.committed) ?? []
  }

  /** How many operations came in since the double was made. */
  count(operation: Operation): number {
    return this.#counts.get(operation) ?? 0
  }

  addFault(rule: FaultRule): void {
    this.faults.add(rule)
  }

  /** From now on nothing is committed: appends time out, and readers see nothing of them. */
  holdCommits(): void {
    this.#log.holdCommits()
  }

  /** Commits all that was held. */
  releaseCommits(): void {
    this.#log.releaseCommits()
  }

  /** What is not committed vanishes. Commits go on. */
  loseUncommitted(): void {
    this.#log.loseUncommitted()
    this.#log.releaseCommits()
  }

  /** Ends every open call of this kind with a status code. */
  endCalls(operation: Operation, code: number): void {
    for (const call of [...this.#calls]) {
      if (call.operation === operation) call.fail({ code, details: 'the double ended the call' })
    }
  }

  /** Cuts every connection and answers nobody until `start`. What was not committed is lost, as at a kill. */
  async stop(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    this.#log.loseUncommitted()
    await running?.connections.cut()
    running?.server.forceShutdown()
    this.#calls.clear()
  }

  /** Starts again on the same port. What was remembered in memory alone is forgotten, and without `data` all is. */
  async start(data: 'kept' | 'lost' = 'kept'): Promise<void> {
    if (this.#running !== undefined) return
    if (data === 'lost') {
      this.#log = this.#freshLog()
      this.#groups = new Map()
    }
    this.#log.releaseCommits()
    const server = new Server({
      'grpc.max_receive_message_length': maxMessageBytes,
      'grpc.max_send_message_length': -1,
    })
    const connections = new Connections(server.createConnectionInjector(this.#credentials()))
    this.#port = await connections.listen(this.#port)
    this.#addServices(server)
    this.#running = { server, connections }
  }

  async restart(data: 'kept' | 'lost' = 'kept'): Promise<void> {
    await this.stop()
    await this.start(data)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #credentials(): ServerCredentials {
    const { tls } = this.#options
    if (tls === undefined) return ServerCredentials.createInsecure()
    return ServerCredentials.createSsl(null, [{ private_key: tls.key, cert_chain: tls.certificate }])
  }

  #addServices(server: Server): void {
    const context = this.#context()
    const streamsService: UntypedServiceImplementation = {
      read: (call: ReadCall) => read(context, call),
      append: (call: AppendCall, answer: sendUnaryData<streams.AppendResp>) =>
        unaryAppend(context, call, answer),
      delete: deleteStream.bind(undefined, context),
      tombstone: tombstoneStream.bind(undefined, context),
      batchAppend: (call: BatchAppendCall) => {
        const refused = context.refuseCaller(call.metadata)
        if (refused === undefined) batchAppend(context, call)
        else call.emit('error', refused)
      },
    }
    const { append } = streamsGrpc.StreamsService
    server.addService(
      { ...streamsGrpc.StreamsService, append: { ...append, responseSerialize: serializeAppendResp } },
      streamsService,
    )
    server.addService(featuresGrpc.ServerFeaturesService, {
      getSupportedMethods: this.#answering('features', supportedMethods),
    })
    server.addService(persistentGrpc.PersistentSubscriptionsService, persistentService(context, this.#groups))
    server.addService(gossipGrpc.GossipService, {
      read: this.#answering('gossip', () => clusterInfo(this.#members(), this.#runtime.clock)),
    })
  }

  #members(): readonly ClusterMember[] {
    const self: ClusterMember = {
      host: '127.0.0.1',
      port: this.#port,
      state: 'Leader',
      life: 'alive',
      instanceId: this.#instanceId,
    }
    return this.#options.members ?? [self]
  }

  /** A call that is answered with what the server knows by itself. */
  #answering<Answer>(operation: Operation, make: () => Answer) {
    return (_call: unknown, answer: sendUnaryData<Answer>): void => {
      const fault = this.#take(operation, '')
      if (fault === undefined) {
        answer(null, make())
        return
      }
      switch (fault.kind) {
        case 'refuse':
          answer(refusalError(fault.with, this.#port))
          return
        case 'endCall':
          answer({ code: fault.code, details: 'the double ended the call' })
          return
        case 'answerLate':
          return void this.#runtime.clock.after(fault.ms, () => answer(null, make()), 'background')
        default:
      }
    }
  }

  #take(operation: Operation, stream: string): Fault | undefined {
    this.#counts.set(operation, this.count(operation) + 1)
    return this.faults.take(operation, stream)
  }

  #context(): ServerContext {
    const log = this.#log
    const commitTimeoutMs = this.#options.commitTimeoutMs ?? 2000
    return {
      runtime: this.#runtime,
      log,
      writer: new LogWriter(log, this.#runtime, commitTimeoutMs),
      commitTimeoutMs,
      maxAppendBytes: this.#options.maxAppendBytes ?? 1024 * 1024,
      port: this.#port,
      subscriberPatienceMs: this.#options.subscriberPatienceMs ?? 1000,
      take: (operation, stream) => this.#take(operation, stream),
      refuseCaller: (metadata) => this.#refuseCaller(metadata),
      deniedWriter: (stream) =>
        this.#options.readOnlyStreams?.some((prefix) => stream.startsWith(prefix)) ?? false,
      die: () => void this.stop(),
      track: (operation, fail, call) => this.#track(operation, fail, call),
    }
  }

  #refuseCaller(metadata: Metadata): RpcError | undefined {
    const { user } = this.#options
    if (user === undefined) return undefined
    const wanted = `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`
    return String(metadata.get('authorization')[0] ?? '') === wanted ? undefined : notAuthenticated()
  }

  #track(operation: Operation, fail: (error: RpcError) => void, call: OpenCall): void {
    const tracked = { operation, fail }
    this.#calls.add(tracked)
    call.onOver(() => void this.#calls.delete(tracked))
  }
}
