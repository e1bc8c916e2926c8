/** Writes numbers and text into a buffer that grows. Reused for record after record, so that writing allocates nothing. */
export class ByteWriter {
  #bytes: Buffer
  #length = 0

  constructor(capacity = 64 * 1024) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity)
  }

  /** What was written, valid until the next write. */
  get bytes(): Buffer {
    return this.#bytes
  }

  get length(): number {
    return this.#length
  }

  /** Forgets what stands from `length` on. */
  truncate(length: number): void {
    this.#length = length
  }

  /** Makes room for so many bytes more. */
  reserve(count: number): void {
    const needed = this.#length + count
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }

  /** An integer from 0 to 2^53-1 in one to eight bytes, the small ones in one. Room must be reserved. */
  varint(value: number): void {
    const bytes = this.#bytes
    let rest = value
    while (rest > 0x7fffffff) {
      bytes[this.#length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    while (rest > 127) {
      bytes[this.#length++] = (rest & 127) | 128
      rest >>>= 7
    }
    bytes[this.#length++] = rest
  }

  /** Room must be reserved. */
  uint32(value: number): void {
    this.#length = this.#bytes.writeUInt32LE(value, this.#length)
  }

  /** Room must be reserved. */
  uint16(value: number): void {
    this.#length = this.#bytes.writeUInt16LE(value, this.#length)
  }

  /** Room must be reserved. */
  uint48(value: number): void {
    this.#length = this.#bytes.writeUIntLE(value, this.#length, 6)
  }

  setUint32(value: number, at: number): void {
    this.#bytes.writeUInt32LE(value, at)
  }

  setFloat64(value: number, at: number): void {
    this.#bytes.writeDoubleLE(value, at)
  }

  /** Leaves so many bytes to be set later. */
  skip(count: number): void {
    this.reserve(count)
    this.#length += count
  }

  /** Writes UTF-8. @returns the number of bytes. */
  text(text: string): number {
    // Three bytes for each UTF-16 unit are the most that UTF-8 takes; for long texts it pays to ask.
    this.reserve(text.length > 65_536 ? Buffer.byteLength(text) : text.length * 3)
    const count = this.#bytes.write(text, this.#length, 'utf8')
    this.#length += count
    return count
  }
}
