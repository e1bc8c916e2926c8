/** How far the log goes, written with every transaction. */
export interface LogEnd {
  /** The position of the next event. It only ever grows, so it also tells whether anybody has written since. */
  readonly next: number
  /**
   * The stored heads are right for every stream that was not written at or after this position; for the others the
   * log itself says where they are.
   */
  readonly headsUpTo: number
}

export const emptyLog: LogEnd = { next: 1, headsUpTo: 1 }

/** The bytes of the record of which `next` is the version. */
export function encodeHeadsUpTo(headsUpTo: number): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeDoubleLE(headsUpTo, 0)
  return bytes
}

export function decodeHeadsUpTo(bytes: Buffer): number {
  return bytes.readDoubleLE(0)
}
