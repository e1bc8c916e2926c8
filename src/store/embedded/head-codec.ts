import type { Head, Place } from './place.ts'

const placeBytes = 12
const headBytes = 20

export function encodePlace(block: number, index: number): Buffer {
  const bytes = Buffer.allocUnsafe(placeBytes)
  bytes.writeDoubleLE(block, 0)
  bytes.writeUInt32LE(index, 8)
  return bytes
}

export function decodePlace(bytes: Buffer): Place {
  return { block: bytes.readDoubleLE(0), index: bytes.readUInt32LE(8) }
}

export function encodeHead(revision: number, block: number, index: number): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes)
  bytes.writeDoubleLE(block, 0)
  bytes.writeUInt32LE(index, 8)
  bytes.writeDoubleLE(revision, 12)
  return bytes
}

export function decodeHead(bytes: Buffer): Head {
  return {
    block: bytes.readDoubleLE(0),
    index: bytes.readUInt32LE(8),
    revision: bytes.readDoubleLE(12),
  }
}
