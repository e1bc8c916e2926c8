import { type EventFilter, readFilter } from './event-filter.ts'
import { invalidArgument, type RpcError, thrownByHandler } from './rpc-error.ts'
import type { streams } from './stubs.ts'
import { streamName, type UuidForm } from './wire.ts'

/** Where a read begins: a revision of a stream, or a position of the log (`prepare` only of $all). */
export type ReadFrom = 'start' | 'end' | { readonly at: bigint; readonly prepare: bigint }

/** What a client asks of the Read call, or the error that the server answers to it. */
export interface ReadRequest {
  readonly target: { readonly kind: 'stream'; readonly stream: string } | { readonly kind: 'all' }
  readonly from: ReadFrom
  readonly direction: 'forwards' | 'backwards'
  /** How many events to read, or to go on for ever. */
  readonly amount: number | 'subscription'
  readonly filter: EventFilter | undefined
  readonly links: 'followed' | 'shown'
  readonly uuidForm: UuidForm | 'not given'
  /** Newer clients hear the first and the last position of the stream as well. */
  readonly positions: 'told' | 'not told'
}

const optionCase = 'EventStore.Client.Streams.ReadReq+Types+Options'

function fromOfStream(options: streams.ReadReq.Options.StreamOptions): ReadFrom | undefined {
  if (options.hasStart()) return 'start'
  if (options.hasEnd()) return 'end'
  if (options.hasRevision()) return { at: BigInt(options.getRevision()), prepare: 0n }
  return undefined
}

function fromOfAll(options: streams.ReadReq.Options.AllOptions): ReadFrom | undefined {
  if (options.hasStart()) return 'start'
  if (options.hasEnd()) return 'end'
  const position = options.getPosition()
  if (position === undefined) return undefined
  return { at: BigInt(position.getCommitPosition()), prepare: BigInt(position.getPreparePosition()) }
}

function combinationError(options: streams.ReadReq.Options): RpcError | undefined {
  const target = options.hasStream() ? 'Stream' : 'All'
  const count = options.hasCount() ? 'Count' : options.hasSubscription() ? 'Subscription' : 'None'
  const direction = options.getReadDirection() === 0 ? 'Forwards' : 'Backwards'
  const filter = options.hasFilter() ? 'Filter' : options.hasNoFilter() ? 'NoFilter' : 'None'
  const valid = count !== 'None' && filter !== 'None' && !(target === 'Stream' && filter === 'Filter')
  return valid
    ? undefined
    : invalidArgument(`The combination of (${target}, ${count}, ${direction}, ${filter}) is invalid.`)
}

export function readRequest(request: streams.ReadReq): ReadRequest | RpcError {
  const options = request.getOptions()
  if (options === undefined) return thrownByHandler()
  if (!options.hasStream() && !options.hasAll()) {
    return invalidArgument(`'None' is not a valid ${optionCase}+StreamOptionOneofCase`)
  }
  const stream = options.getStream()
  const from = stream === undefined ? fromOfAll(options.getAll()!) : fromOfStream(stream)
  if (from === undefined) return thrownByHandler()
  const wrong = combinationError(options)
  if (wrong !== undefined) return wrong
  const filterOptions = options.getFilter()
  const filter = filterOptions === undefined ? undefined : readFilter(filterOptions)
  if (filter !== undefined && 'code' in filter) return filter
  const identifier = stream?.getStreamIdentifier()
  if (stream !== undefined && (identifier === undefined || streamName(identifier) === '')) {
    return thrownByHandler()
  }
  const uuidOption = options.getUuidOption()
  return {
    target: identifier === undefined ? { kind: 'all' } : { kind: 'stream', stream: streamName(identifier) },
    from,
    direction: options.getReadDirection() === 0 ? 'forwards' : 'backwards',
    amount: options.hasSubscription() ? 'subscription' : Number(options.getCount()),
    filter,
    links: options.getResolveLinks() ? 'followed' : 'shown',
    uuidForm: uuidOption === undefined ? 'not given' : uuidOption.hasStructured() ? 'structured' : 'text',
    positions: options.getControlOption()?.getCompatibility() === 1 ? 'told' : 'not told',
  }
}
