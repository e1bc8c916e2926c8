/** How far the log goes, written with every transaction. */
export interface LogEnd {
  /** The position of the next event. */
  readonly next: number
  /**
   * The stored heads are right for every stream that was not written at or after this position; for the others the
   * log itself says where they are.
   */
  readonly headsUpTo: number
}

export const emptyLog: LogEnd = { next: 1, headsUpTo: 1 }

export function encodeLogEnd({ next, headsUpTo }: LogEnd): Buffer {
  const bytes = Buffer.allocUnsafe(16)
  bytes.writeDoubleLE(next, 0)
  bytes.writeDoubleLE(headsUpTo, 8)
  return bytes
}

export function decodeLogEnd(bytes: Buffer): LogEnd {
  return { next: bytes.readDoubleLE(0), headsUpTo: bytes.readDoubleLE(8) }
}
