/** Bytes that grow at their end. Reused for record after record, so that writing allocates nothing. */
export class ByteWriter {
  readonly #allocate: (capacity: number) => Buffer
  #bytes: Buffer
  #length = 0

  /** @param allocate makes its memory, whatever stands in there. */
  constructor(capacity = 64 * 1024, allocate: (capacity: number) => Buffer = Buffer.allocUnsafeSlow) {
    this.#allocate = allocate
    this.#bytes = allocate(capacity)
  }

  /** What was written, valid until more room is made. */
  get bytes(): Buffer {
    return this.#bytes
  }

  get length(): number {
    return this.#length
  }

  /** What was put into `bytes` ends here; there must be room. Shorter than before: forgets what stands behind it. */
  endAt(length: number): void {
    this.#length = length
  }

  /** Makes room for so many bytes more. */
  reserve(count: number): void {
    const needed = this.#length + count
    if (needed > this.#bytes.length) this.#grow(needed)
  }

  #grow(needed: number): void {
    const grown = this.#allocate(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}

/** The most bytes that the text takes as UTF-8: three for each UTF-16 unit. For long ones it pays to ask. */
export function mostBytesOf(text: string): number {
  return text.length > 65_536 ? Buffer.byteLength(text) : text.length * 3
}
