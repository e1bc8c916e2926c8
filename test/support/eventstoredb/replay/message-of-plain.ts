import type jspb from 'google-protobuf'
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js'
import { persistent, shared, streams } from '../stubs.ts'
import { bytesOf } from './bytes.ts'
import type { PlainMessage, PlainValue } from './recording.ts'

type MessageClass = new () => jspb.Message

const { Empty, StreamIdentifier, UUID } = shared
const { ReadReq, AppendReq, BatchAppendReq, DeleteReq, TombstoneReq } = streams

const identified = { streamIdentifier: StreamIdentifier }
const expecting = { ...identified, any: Empty, noStream: Empty, streamExists: Empty }

const ends = { start: Empty, end: Empty, noFilter: Empty }

const namedGroup = (request: MessageClass, options: MessageClass) =>
  [
    [request, { options }],
    [options, { ...identified, all: Empty }],
  ] as const

const settingsOf = (create: typeof persistent.CreateReq | typeof persistent.UpdateReq) =>
  [
    [create, { options: create.Options }],
    [
      create.Options,
      { ...identified, settings: create.Settings, all: create.AllOptions, stream: create.StreamOptions },
    ],
    [create.StreamOptions, { ...identified, start: Empty, end: Empty }],
  ] as const

/** Of which class the message in each field is: the generated stubs do not tell. */
const fields = new Map<MessageClass, Readonly<Record<string, MessageClass>>>([
  [ReadReq, { options: ReadReq.Options }],
  [
    ReadReq.Options,
    {
      stream: ReadReq.Options.StreamOptions,
      all: ReadReq.Options.AllOptions,
      subscription: ReadReq.Options.SubscriptionOptions,
      filter: ReadReq.Options.FilterOptions,
      noFilter: Empty,
      uuidOption: ReadReq.Options.UUIDOption,
      controlOption: ReadReq.Options.ControlOption,
    },
  ],
  [ReadReq.Options.StreamOptions, { ...identified, start: Empty, end: Empty }],
  [ReadReq.Options.AllOptions, { position: ReadReq.Options.Position, start: Empty, end: Empty }],
  [
    ReadReq.Options.FilterOptions,
    {
      streamIdentifier: ReadReq.Options.FilterOptions.Expression,
      eventType: ReadReq.Options.FilterOptions.Expression,
      count: Empty,
    },
  ],
  [ReadReq.Options.UUIDOption, { string: Empty, structured: Empty }],
  [AppendReq, { options: AppendReq.Options, proposedMessage: AppendReq.ProposedMessage }],
  [AppendReq.Options, expecting],
  [AppendReq.ProposedMessage, { id: UUID }],
  [
    BatchAppendReq,
    {
      correlationId: UUID,
      options: BatchAppendReq.Options,
      proposedMessagesList: BatchAppendReq.ProposedMessage,
    },
  ],
  [BatchAppendReq.Options, { ...expecting, deadline: timestamp.Timestamp }],
  [BatchAppendReq.ProposedMessage, { id: UUID }],
  [DeleteReq, { options: DeleteReq.Options }],
  [DeleteReq.Options, expecting],
  [TombstoneReq, { options: TombstoneReq.Options }],
  [TombstoneReq.Options, expecting],
  ...settingsOf(persistent.CreateReq),
  ...settingsOf(persistent.UpdateReq),
  [persistent.CreateReq.AllOptions, { ...ends, filter: persistent.CreateReq.AllOptions.FilterOptions }],
  [
    persistent.CreateReq.AllOptions.FilterOptions,
    {
      streamIdentifier: persistent.CreateReq.AllOptions.FilterOptions.Expression,
      eventType: persistent.CreateReq.AllOptions.FilterOptions.Expression,
      count: Empty,
    },
  ],
  [persistent.UpdateReq.AllOptions, ends],
  [
    persistent.ReadReq,
    { options: persistent.ReadReq.Options, ack: persistent.ReadReq.Ack, nack: persistent.ReadReq.Nack },
  ],
  [
    persistent.ReadReq.Options,
    { ...identified, all: Empty, uuidOption: persistent.ReadReq.Options.UUIDOption },
  ],
  [persistent.ReadReq.Options.UUIDOption, { string: Empty, structured: Empty }],
  [persistent.ReadReq.Ack, { idsList: UUID }],
  [persistent.ReadReq.Nack, { idsList: UUID }],
  ...namedGroup(persistent.DeleteReq, persistent.DeleteReq.Options),
  ...namedGroup(persistent.GetInfoReq, persistent.GetInfoReq.Options),
  [persistent.ReplayParkedReq, { options: persistent.ReplayParkedReq.Options }],
  [persistent.ReplayParkedReq.Options, { ...identified, all: Empty, noLimit: Empty }],
  [persistent.ListReq, { options: persistent.ListReq.Options }],
  [
    persistent.ListReq.Options,
    { listAllSubscriptions: Empty, listForStream: persistent.ListReq.StreamOption },
  ],
  [persistent.ListReq.StreamOption, { stream: StreamIdentifier, all: Empty }],
])

const bytesFields = new Set(['streamName', 'data', 'customMetadata'])

function member(
  message: jspb.Message,
  prefix: 'get' | 'set',
  key: string,
): (...values: unknown[]) => unknown {
  const found: unknown = Reflect.get(message, `${prefix}${key.charAt(0).toUpperCase()}${key.slice(1)}`)
  if (typeof found !== 'function') throw new Error(`A request has no field '${key}'.`)
  return (...values) => Reflect.apply(found, message, values) as unknown
}

function uuidOf(shown: PlainValue): shared.UUID {
  if (typeof shown === 'string') return shown === '' ? new UUID() : new UUID().setString(shown)
  const hex = String((shown as PlainMessage).structured).replaceAll('-', '')
  const bits = (part: string): string => BigInt.asIntN(64, BigInt(`0x${part}`)).toString()
  return new UUID().setStructured(
    new UUID.Structured()
      .setMostSignificantBits(bits(hex.slice(0, 16)))
      .setLeastSignificantBits(bits(hex.slice(16))),
  )
}

function fieldOf(kind: MessageClass, key: string, shown: PlainValue): unknown {
  const nested = fields.get(kind)?.[key]
  if (nested === UUID) {
    return Array.isArray(shown) ? shown.map((each: PlainValue) => uuidOf(each)) : uuidOf(shown)
  }
  if (nested !== undefined) {
    return Array.isArray(shown)
      ? shown.map((each: PlainValue) => messageOf(nested, each as PlainMessage))
      : messageOf(nested, shown as PlainMessage)
  }
  return bytesFields.has(key) ? bytesOf(shown) : shown
}

/** The message that a recording shows. */
export function messageOf<Message extends jspb.Message>(
  kind: new () => Message,
  plain: PlainMessage,
): Message {
  const message = new kind()
  for (const [key, shown] of Object.entries(plain)) {
    if (key.endsWith('Map')) {
      const map = member(message, 'get', key)() as jspb.Map<string, string>
      for (const [name, value] of Object.entries(shown as PlainMessage)) map.set(name, String(value))
    } else if (shown !== undefined) member(message, 'set', key)(fieldOf(kind, key, shown))
  }
  return message
}
