/*
 * Numbers as bytes. Functions over plain bytes, and not methods of what holds them: a record has a dozen numbers, and so
 * their place stays in a register. There must be room; each returns where the next one begins.
 */

/** The most bytes that `putVarint` takes. */
export const varintBytes = 8

/** An integer from 0 to 2^53-1 in one to eight bytes, the small ones in one. */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  if (value > 127) return putLongVarint(bytes, at, value)
  bytes[at] = value
  return at + 1
}

/** Two of them, looked at together: a record has a dozen, and nearly all of them take one byte. */
export function putTwoVarints(bytes: Uint8Array, at: number, first: number, second: number): number {
  if (first > 127 || second > 127) return putVarint(bytes, putVarint(bytes, at, first), second)
  bytes[at] = first
  bytes[at + 1] = second
  return at + 2
}

/** Four of them, as `putTwoVarints`. */
export function putFourVarints(
  bytes: Uint8Array,
  at: number,
  first: number,
  second: number,
  third: number,
  fourth: number,
): number {
  if (first > 127 || second > 127 || third > 127 || fourth > 127) {
    return putTwoVarints(bytes, putTwoVarints(bytes, at, first, second), third, fourth)
  }
  bytes[at] = first
  bytes[at + 1] = second
  bytes[at + 2] = third
  bytes[at + 3] = fourth
  return at + 4
}

function putLongVarint(bytes: Uint8Array, start: number, value: number): number {
  let at = start
  let rest = value
  while (rest > 0x7fffffff) {
    bytes[at++] = (rest % 128) | 128
    rest = Math.floor(rest / 128)
  }
  while (rest > 127) {
    bytes[at++] = (rest & 127) | 128
    rest >>>= 7
  }
  bytes[at++] = rest
  return at
}

export function putUint16(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = value & 255
  bytes[at + 1] = value >>> 8
  return at + 2
}

export function putUint32(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = value & 255
  bytes[at + 1] = (value >>> 8) & 255
  bytes[at + 2] = (value >>> 16) & 255
  bytes[at + 3] = value >>> 24
  return at + 4
}

export function putUint48(bytes: Uint8Array, at: number, value: number): number {
  return putUint16(bytes, putUint32(bytes, at, value % twoTo32), Math.floor(value / twoTo32))
}

const twoTo32 = 2 ** 32
