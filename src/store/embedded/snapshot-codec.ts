import type { StoredSnapshot } from '../event-store.ts'

/** The id of the event, its length before it, and the body; the revision is in the key. */
export function encodeSnapshot({ eventId, body }: StoredSnapshot): Buffer {
  const id = Buffer.from(eventId, 'utf8')
  const bytes = Buffer.allocUnsafe(4 + id.length + Buffer.byteLength(body))
  bytes.writeUInt32LE(id.length)
  id.copy(bytes, 4)
  bytes.write(body, 4 + id.length, 'utf8')
  return bytes
}

export function decodeSnapshot(revision: number, bytes: Buffer): StoredSnapshot {
  const bodyStart = 4 + bytes.readUInt32LE(0)
  return {
    revision,
    eventId: bytes.toString('utf8', 4, bodyStart),
    body: bytes.toString('utf8', bodyStart, bytes.length),
  }
}
