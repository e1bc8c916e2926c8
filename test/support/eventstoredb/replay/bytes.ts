import { createHash } from 'node:crypto'
import type { PlainMessage, PlainValue } from './recording.ts'

/** Longer bytes are recorded as their length, their hash and their beginning. */
const longest = 600

const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16)

function asText(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? text : undefined
}

/** The name of a stream as a recording shows it. */
export function plainName(bytes: Buffer): PlainValue {
  const text = asText(bytes)
  if (text === undefined) return { base64: bytes.toString('base64') }
  return text.length <= longest ? text : { chars: text.length, sha256: hash(bytes), head: text.slice(0, 40) }
}

/** Data and metadata as a recording shows them. */
export function plainBytes(bytes: Buffer): PlainValue {
  if (bytes.length === 0) return ''
  if (bytes.length > longest) {
    return { bytes: bytes.length, sha256: hash(bytes), head: bytes.subarray(0, 32).toString('latin1') }
  }
  const text = asText(bytes)
  if (text !== undefined) {
    try {
      JSON.parse(text)
      return { json: text }
    } catch {
      // Not JSON: shown as it is.
    }
  }
  return { base64: bytes.toString('base64') }
}

/** The scenarios fill long values with one character; the hash says whether this is how. */
function refill(shown: PlainMessage, length: number): Buffer {
  const head = String(shown.head)
  const filler = head.at(-1) ?? ''
  for (const tail of ['', '"}']) {
    const bytes = Buffer.from(head.padEnd(length - tail.length, filler) + tail, 'latin1')
    if (hash(bytes) === shown.sha256) return bytes
  }
  throw new Error(`The recording cut a value of ${length} bytes that begins with '${head}'.`)
}

/** The bytes of what a recording shows. */
export function bytesOf(shown: PlainValue | undefined): Buffer {
  if (shown === undefined || shown === '') return Buffer.alloc(0)
  if (typeof shown === 'string') return Buffer.from(shown)
  const value = shown as PlainMessage
  if ('json' in value) return Buffer.from(String(value.json))
  if ('base64' in value) return Buffer.from(String(value.base64), 'base64')
  return refill(value, Number(value.bytes ?? value.chars))
}
