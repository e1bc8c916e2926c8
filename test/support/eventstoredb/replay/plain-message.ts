import jspb from 'google-protobuf'
import { shared } from '../stubs.ts'
import { plainBytes, plainName } from './bytes.ts'
import type { PlainMessage, PlainValue } from './recording.ts'

/**
 * Messages as the recordings show them: what the generated `toObject` gives, without members that are not set, with
 * ids as text and bytes as JSON where they hold some.
 */
type Accessor = (() => unknown) | undefined
type MessageClass = new () => jspb.Message

const keysByClass = new Map<unknown, readonly string[]>()
const bytesFields = new Set(['streamName', 'data', 'customMetadata', 'value'])

function keysOf(message: jspb.Message): readonly string[] {
  let keys = keysByClass.get(message.constructor)
  if (keys === undefined) {
    keys = Object.keys(new (message.constructor as MessageClass)().toObject())
    keysByClass.set(message.constructor, keys)
  }
  return keys
}

function accessor(message: jspb.Message, prefix: string, key: string, suffix = ''): Accessor {
  const name = `${prefix}${key.charAt(0).toUpperCase()}${key.slice(1)}${suffix}`
  const found: unknown = Reflect.get(message, name)
  return typeof found === 'function' ? () => Reflect.apply(found, message, []) as unknown : undefined
}

function plainUuid(id: shared.UUID): PlainValue {
  if (!id.hasStructured()) return id.getString()
  const hex = (bits: string): string => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0')
  const structured = id.getStructured()!
  const all = hex(structured.getMostSignificantBits()) + hex(structured.getLeastSignificantBits())
  return { structured: all.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') }
}

const packed: Readonly<Record<string, (bytes: Uint8Array) => jspb.Message>> = {
  WrongExpectedVersion: (bytes) => shared.WrongExpectedVersion.deserializeBinary(bytes),
  StreamDeleted: (bytes) => shared.StreamDeleted.deserializeBinary(bytes),
  AccessDenied: (bytes) => shared.AccessDenied.deserializeBinary(bytes),
  Timeout: (bytes) => shared.Timeout.deserializeBinary(bytes),
  Unknown: (bytes) => shared.Unknown.deserializeBinary(bytes),
  MaximumAppendSizeExceeded: (bytes) => shared.MaximumAppendSizeExceeded.deserializeBinary(bytes),
  BadRequest: (bytes) => shared.BadRequest.deserializeBinary(bytes),
}

interface AnyMessage {
  getTypeUrl(): string
  getValue_asU8(): Uint8Array
}

const isAny = (message: unknown): message is AnyMessage =>
  typeof Reflect.get(message as object, 'getTypeUrl') === 'function'

function plainAny(message: AnyMessage): PlainMessage {
  const typeUrl = message.getTypeUrl()
  const unpack = packed[typeUrl.split('.').at(-1) ?? '']
  return { typeUrl, value: unpack === undefined ? {} : plainMessage(unpack(message.getValue_asU8())) }
}

function plainField(key: string, value: unknown): PlainValue {
  if (value instanceof shared.UUID) return plainUuid(value)
  if (value instanceof jspb.Message) return isAny(value) ? plainAny(value) : plainMessage(value)
  if (Array.isArray(value)) return value.map((each: unknown) => plainField(key, each))
  return value as PlainValue
}

export function plainMessage(message: jspb.Message): PlainMessage {
  const plain: Record<string, PlainValue> = {}
  for (const key of keysOf(message)) {
    const has = accessor(message, 'has', key)
    if (has !== undefined && has() !== true) continue
    const asBytes = bytesFields.has(key) ? accessor(message, 'get', key, '_asU8') : undefined
    if (asBytes !== undefined) {
      const bytes = Buffer.from(asBytes() as Uint8Array)
      plain[key] = key === 'streamName' ? plainName(bytes) : plainBytes(bytes)
      continue
    }
    const value = accessor(message, 'get', key)?.()
    plain[key] =
      value instanceof jspb.Map
        ? Object.fromEntries([...value.entries()].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
        : plainField(key, value)
  }
  return plain
}
