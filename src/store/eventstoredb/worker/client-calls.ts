import type { EventStoreDBClient } from '@eventstore/db-client'
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js'
import stubs from '@eventstore/db-client/generated/streams_grpc_pb.js'

/**
 * What the client has under its public face, open to those who extend it: its channel (with discovery, TLS,
 * credentials and keepalive), without what it does on top of it. Its own appends and reads are not used, because
 * - its table of pending appends is shared by the whole process, a late answer throws, and some appends never settle;
 * - its first append is overtaken by the ones after it;
 * - it stringifies, encodes and measures each event several times: two thirds of the time of an append.
 * All of that ends with it; what remains of the client is contained by the thread.
 */
interface ChannelOwner {
  GRPCStreamCreator<Opened>(
    stub: typeof StreamsClient,
    name: string,
    create: (stub: StreamsClient) => Opened,
  ): () => Promise<Opened>
  callArguments(
    options: { readonly requiresLeader: boolean },
    callOptions: { readonly deadline: number },
  ): [Metadata, CallOptions]
}

type Metadata = NonNullable<Parameters<StreamsClient['read']>[1]>
type CallOptions = NonNullable<Parameters<StreamsClient['read']>[2]>

/** The call that carries all appends of a connection, and the channel under it. */
export interface AppendCall {
  readonly call: ReturnType<typeof append>
  /** Closes the channel: disposing of a client ends its calls alone. */
  closeChannel(): void
}
/** A read, or a subscription: raw messages in, one after the other. */
export type ReadCall = ReturnType<typeof read>

const asIs = (bytes: Buffer): Buffer => bytes

function append(stub: StreamsClient, metadata: Metadata, options: CallOptions) {
  return stub.makeBidiStreamRequest(stubs.StreamsService.batchAppend.path, asIs, asIs, metadata, options)
}

function read(stub: StreamsClient, request: Buffer, metadata: Metadata, options: CallOptions) {
  return stub.makeServerStreamRequest(stubs.StreamsService.read.path, asIs, asIs, request, metadata, options)
}

/** Deadlines are ours, kept by the main thread: one of gRPC would end the call for all that it carries. */
const noDeadline = { deadline: Number.POSITIVE_INFINITY }

/** @throws whatever the client says while it looks for a node. */
export async function openAppendCall(client: EventStoreDBClient): Promise<AppendCall> {
  const owner = client as unknown as ChannelOwner
  const metadata = owner.callArguments({ requiresLeader: false }, noDeadline)
  let channel: StreamsClient | undefined
  const open = owner.GRPCStreamCreator(stubs.StreamsClient, 'append', (stub) => {
    channel = stub
    return append(stub, ...metadata)
  })
  return { call: await open(), closeChannel: () => channel?.close() }
}

/** @throws whatever the client says while it looks for a node. */
export function openReadCall(
  client: EventStoreDBClient,
  request: Uint8Array,
  leader: 'required' | 'any',
): Promise<ReadCall> {
  const owner = client as unknown as ChannelOwner
  const call = owner.callArguments({ requiresLeader: leader === 'required' }, noDeadline)
  return owner.GRPCStreamCreator(stubs.StreamsClient, 'read', (stub) =>
    read(stub, Buffer.from(request), ...call),
  )()
}
