import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import persistentGrpc from '@eventstore/db-client/generated/persistent_grpc_pb.js'
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js'
import type { Client, MethodDefinition } from '@grpc/grpc-js'
import { Metadata } from '@grpc/grpc-js'
import type jspb from 'google-protobuf'
import { persistent, shared, streams } from '../stubs.ts'
import { type LiveCall, ReplayedCall } from './replayed-call.ts'

type Method = MethodDefinition<jspb.Message, jspb.Message>
type MessageClass = new () => jspb.Message

const services: Readonly<Record<string, object>> = {
  Streams: streamsGrpc.StreamsService,
  ServerFeatures: featuresGrpc.ServerFeaturesService,
  Gossip: gossipGrpc.GossipService,
  PersistentSubscriptions: persistentGrpc.PersistentSubscriptionsService,
}

const requestClasses: Readonly<Record<string, MessageClass>> = {
  'Streams.Read': streams.ReadReq,
  'Streams.Append': streams.AppendReq,
  'Streams.BatchAppend': streams.BatchAppendReq,
  'Streams.Delete': streams.DeleteReq,
  'Streams.Tombstone': streams.TombstoneReq,
  'PersistentSubscriptions.Create': persistent.CreateReq,
  'PersistentSubscriptions.Update': persistent.UpdateReq,
  'PersistentSubscriptions.Delete': persistent.DeleteReq,
  'PersistentSubscriptions.Read': persistent.ReadReq,
  'PersistentSubscriptions.GetInfo': persistent.GetInfoReq,
  'PersistentSubscriptions.ReplayParked': persistent.ReplayParkedReq,
  'PersistentSubscriptions.List': persistent.ListReq,
}

export interface CallOptions {
  /** What the call does while there is no server. */
  readonly whenDown: 'wait' | 'fail'
  readonly headers: Readonly<Record<string, string>>
}

/** One of the server's calls, by the name that the recordings give it: `Streams.Read`. */
export interface Rpc {
  readonly requestClass: MessageClass
  readonly requests: 'one' | 'many'
  /** Opens the call; where it takes one request, with it. */
  open(client: Client, request: jspb.Message, options: CallOptions): ReplayedCall
}

function open(client: Client, method: Method, request: jspb.Message, options: CallOptions): ReplayedCall {
  const { path, requestSerialize, responseDeserialize } = method
  const metadata = new Metadata({ waitForReady: options.whenDown === 'wait' })
  for (const [name, value] of Object.entries(options.headers)) metadata.set(name, value)
  const started = [path, requestSerialize, responseDeserialize] as const
  if (method.requestStream && method.responseStream) {
    return new ReplayedCall(client.makeBidiStreamRequest(...started, metadata))
  }
  if (method.responseStream) {
    return new ReplayedCall(client.makeServerStreamRequest(...started, request, metadata))
  }
  let replayed: ReplayedCall | undefined
  const answer = (_error: unknown, response?: jspb.Message): void => {
    if (response !== undefined) replayed?.receive(response)
  }
  const call: object = method.requestStream
    ? client.makeClientStreamRequest(...started, metadata, answer)
    : client.makeUnaryRequest(...started, request, metadata, answer)
  replayed = new ReplayedCall(call as LiveCall)
  return replayed
}

export function rpcOf(name: string): Rpc {
  const [service = '', method = ''] = name.split('.')
  const key = method.charAt(0).toLowerCase() + method.slice(1)
  const definition: unknown = Reflect.get(services[service] ?? {}, key)
  if (definition === undefined) throw new Error(`The server has no call '${name}'.`)
  const found = definition as Method
  return {
    requestClass: requestClasses[name] ?? shared.Empty,
    requests: found.requestStream ? 'many' : 'one',
    open: (client, request, options) => open(client, found, request, options),
  }
}
