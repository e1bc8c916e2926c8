import type { Head, Place } from './place.ts'

const placeBytes = 12
const headBytes = 20

export function encodePlace({ block, index }: Place): Buffer {
  const bytes = Buffer.allocUnsafe(placeBytes)
  bytes.writeDoubleLE(block, 0)
  bytes.writeUInt32LE(index, 8)
  return bytes
}

export function decodePlace(bytes: Buffer): Place {
  return { block: bytes.readDoubleLE(0), index: bytes.readUInt32LE(8) }
}

export function encodeHead(head: Head): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes)
  bytes.writeDoubleLE(head.block, 0)
  bytes.writeUInt32LE(head.index, 8)
  bytes.writeDoubleLE(head.revision, 12)
  return bytes
}

export function decodeHead(bytes: Buffer): Head {
  return { ...decodePlace(bytes), revision: bytes.readDoubleLE(12) }
}
