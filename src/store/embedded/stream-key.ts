import { createHash } from 'node:crypto'

/** lmdb's keys end at 1,978 bytes, and long keys make for flat pages. */
const longestPlainName = 240
/** No UTF-8 text begins with it, so that a digest is never taken for a name. */
const digestMark = 0xff
const markBytes = 4
const revisionBytes = 8

/** The key of a stream: its name, or the digest of a long one. */
export function streamKey(stream: string): Buffer {
  const length = Buffer.byteLength(stream)
  if (length > longestPlainName) {
    return Buffer.concat([Buffer.of(digestMark), createHash('sha256').update(stream).digest()])
  }
  const key = Buffer.allocUnsafe(1 + length)
  // The digit in front gives the empty name a key, too.
  key[0] = 0
  key.write(stream, 1)
  return key
}

/** The key of the mark number `mark` of a stream. */
export function markKey(stream: string, mark: number): Buffer {
  const number = Buffer.allocUnsafe(markBytes)
  number.writeUInt32BE(mark)
  return Buffer.concat([number, streamKey(stream)])
}

/** The key of the snapshot of a stream at a revision. Those of one stream stand together in the order of revisions. */
export function snapshotKey(stream: string, revision: number): Buffer {
  const key = streamKey(stream)
  const bytes = Buffer.allocUnsafe(2 + key.length + revisionBytes)
  bytes.writeUInt16BE(key.length)
  key.copy(bytes, 2)
  bytes.writeBigUInt64BE(BigInt(revision), 2 + key.length)
  return bytes
}

export function snapshotRevision(key: Buffer): number {
  return Number(key.readBigUInt64BE(key.length - revisionBytes))
}
