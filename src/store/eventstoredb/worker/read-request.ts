import shared from '@eventstore/db-client/generated/shared_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import type { Direction, EventFilter } from '../../event-store.ts'
import type { LogPosition } from '../protocol.ts'
import { snapshotCategory } from '../reserved-names.ts'

// CommonJS modules whose names Node cannot see from outside.
const { Empty, StreamIdentifier } = shared
const { ReadReq } = streams

/** How much the server looks through before it says how far it has come: one search, and one message, of many. */
const searchWindow = 500
const searchesForACheckpoint = 4

function request(direction: Direction) {
  const options = new ReadReq.Options()
  options.setReadDirection(direction === 'forwards' ? 0 : 1)
  options.setResolveLinks(false)
  options.setNoFilter(new Empty())
  const uuid = new ReadReq.Options.UUIDOption()
  uuid.setString(new Empty())
  options.setUuidOption(uuid)
  const req = new ReadReq()
  req.setOptions(options)
  return { req, options }
}

export function readStreamRequest(
  stream: string,
  from: number | 'start' | 'end',
  direction: Direction,
  count: number,
): Uint8Array {
  const { req, options } = request(direction)
  const identifier = new StreamIdentifier()
  identifier.setStreamName(Buffer.from(stream))
  const ofStream = new ReadReq.Options.StreamOptions()
  ofStream.setStreamIdentifier(identifier)
  if (from === 'start') ofStream.setStart(new Empty())
  else if (from === 'end') ofStream.setEnd(new Empty())
  else ofStream.setRevision(String(from))
  options.setStream(ofStream)
  options.setCount(String(count))
  return req.serializeBinary()
}

/** The last event of $all, whatever it is. */
export function readEndRequest(): Uint8Array {
  const { req, options } = request('backwards')
  const ofAll = new ReadReq.Options.AllOptions()
  ofAll.setEnd(new Empty())
  options.setAll(ofAll)
  options.setCount('1')
  return req.serializeBinary()
}

export function followRequest(after: LogPosition | 'start', filter: EventFilter): Uint8Array {
  const { req, options } = request('forwards')
  const ofAll = new ReadReq.Options.AllOptions()
  if (after === 'start') ofAll.setStart(new Empty())
  else {
    const position = new ReadReq.Options.Position()
    position.setCommitPosition(String(after.commit))
    position.setPreparePosition(String(after.prepare))
    ofAll.setPosition(position)
  }
  options.setAll(ofAll)
  options.setSubscription(new ReadReq.Options.SubscriptionOptions())
  options.setFilter(filterOptions(filter))
  return req.serializeBinary()
}

/**
 * What the server can leave out by itself: it takes one condition, on stream names or on event types. The rest is
 * looked at when the event is here.
 */
function filterOptions({ categories, eventTypes }: EventFilter) {
  const options = new ReadReq.Options.FilterOptions()
  const expression = new ReadReq.Options.FilterOptions.Expression()
  if (categories?.length === 0 || eventTypes?.length === 0) {
    expression.setRegex(nothing)
    options.setEventType(expression)
  } else if (categories !== undefined) {
    expression.setPrefixList(categories.map((category) => `${category}-`))
    options.setStreamIdentifier(expression)
  } else if (eventTypes !== undefined) {
    expression.setRegex(`^(?:${eventTypes.map(escaped).join('|')})$`)
    options.setEventType(expression)
  } else {
    expression.setRegex(`^(?!\\$|${escaped(snapshotCategory)}-)`)
    options.setStreamIdentifier(expression)
  }
  options.setMax(searchWindow)
  options.setCheckpointintervalmultiplier(searchesForACheckpoint)
  return options
}

/** Fits no text at all. */
const nothing = '(?!)'

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|#\s]/g, '\\$&')
}
