import type { Append } from '../event-store.ts'
import { textOf, writeNumbers, writeText } from '../record/append-record.ts'
import { ByteWriter, mostBytesOf } from '../record/byte-writer.ts'
import { recordNames } from '../record/name-table.ts'
import { putUint16, putUint32, putUint48, putVarint, varintBytes } from '../record/put-number.ts'
import {
  asciiAt,
  blockVersion,
  bytesOfBlock,
  eventsAt,
  eventsOfBlock,
  headerBytes,
  namesLengthAt,
  namesOffsetAt,
  recordsAt,
  tableEntryBytes,
  tableOffsetAt,
  timeAt,
} from './block.ts'

const usualBlockBytes = 16 * 1024

/** Builds one block after the other in the same memory. */
export class BlockWriter {
  readonly #writer = new ByteWriter(usualBlockBytes)
  readonly #names = recordNames()
  /** For each record where it begins, its text and where that begins, and the number of its first event. */
  readonly #starts = new Uint32Array(eventsOfBlock)
  readonly #texts: string[] = []
  readonly #textStarts = new Uint32Array(eventsOfBlock)
  readonly #firstEvents = new Uint16Array(eventsOfBlock)
  #records = 0
  #events = 0
  #time = 0
  /** All texts: written together when the block is closed. */
  #text = ''
  #ascii = 0
  /** Where the texts end, once the block is finished. */
  #textsEnd: number | undefined

  constructor() {
    this.clear()
  }

  /** Begins a new block. */
  clear(): void {
    this.#writer.endAt(0)
    this.#writer.reserve(headerBytes)
    this.#writer.endAt(headerBytes)
    this.#names.systems.clear()
    this.#names.commandTypes.clear()
    this.#names.eventTypes.clear()
    this.#texts.length = 0
    this.#text = ''
    this.#records = 0
    this.#events = 0
    this.#textsEnd = undefined
  }

  get events(): number {
    return this.#events
  }

  get records(): number {
    return this.#records
  }

  /** The system that all of it comes from, where it is one. */
  get onlySystem(): string | undefined {
    const { names } = this.#names.systems
    return names.length === 1 ? names[0] : undefined
  }

  /** Must an append of so many events go to the next block? An append is never torn, so a large one stands alone. */
  isFullFor(events: number): boolean {
    return this.#records > 0 && (this.#events + events > eventsOfBlock || this.#writer.length >= bytesOfBlock)
  }

  /** @returns why it is refused; then the block is as it was. */
  add(append: Append, events: number, recordedAt: number): Error | undefined {
    const text = textOf(append)
    if (typeof text !== 'string') return text
    const writer = this.#writer
    const start = writer.length
    if (this.#records === 0) this.#time = recordedAt
    const delta = recordedAt - this.#time
    writer.reserve(varintBytes)
    writer.endAt(putVarint(writer.bytes, start, delta < 0 ? -delta * 2 - 1 : delta * 2))
    writeNumbers(writer, append, events, this.#names)
    this.#text += text
    this.#texts.push(text)
    this.#starts[this.#records] = start
    this.#firstEvents[this.#records] = this.#events
    this.#records++
    this.#events += events
    return undefined
  }

  /**
   * Writes the texts; nothing is added after that.
   * @returns the numbers of the records whose texts would not be read as they are: then the block is of no use.
   */
  close(): readonly number[] {
    const writer = this.#writer
    const start = writer.length
    this.#ascii = writeText(writer, this.#text) === 'ascii' ? 1 : 0
    if (this.#ascii === 0) return this.#closeEach(start)
    let at = start
    for (let record = 0; record < this.#records; record++) {
      this.#textStarts[record] = at
      at += this.#texts[record]!.length
    }
    return []
  }

  #closeEach(start: number): readonly number[] {
    const writer = this.#writer
    const unreadable: number[] = []
    writer.endAt(start)
    for (let record = 0; record < this.#records; record++) {
      this.#textStarts[record] = writer.length
      if (writeText(writer, this.#texts[record]!) === 'unreadable') unreadable.push(record)
    }
    return unreadable
  }

  /**
   * @param first the position of its first event.
   * @param links for each record the block and the index of its stream's append before it; the block is `noPrevious`
   *   for the first of a stream.
   * @returns the bytes of the block, valid until the next one is begun.
   */
  finish(first: number, links: Float64Array): Buffer {
    const writer = this.#writer
    const records = this.#records
    const { systems, commandTypes, eventTypes } = this.#names
    const text = JSON.stringify([systems.names, commandTypes.names, eventTypes.names])
    writer.reserve(records * tableEntryBytes + mostBytesOf(text))
    const { bytes } = writer
    const table = writer.length
    this.#textsEnd = table
    let at = table
    for (let record = 0; record < records; record++) {
      const previous = links[record * 2]!
      at = putUint32(bytes, at, this.#starts[record]!)
      at = putUint32(bytes, at, this.#textStarts[record]!)
      at = putUint16(bytes, at, this.#firstEvents[record]!)
      at = putUint48(bytes, at, previous === noPrevious ? 0 : first - previous)
      at = putUint16(bytes, at, links[record * 2 + 1]!)
    }
    const length = bytes.write(text, at)
    putUint32(bytes, 0, blockVersion)
    bytes[asciiAt] = this.#ascii
    putUint32(bytes, recordsAt, records)
    putUint32(bytes, eventsAt, this.#events)
    bytes.writeDoubleLE(this.#time, timeAt)
    putUint32(bytes, tableOffsetAt, table)
    putUint32(bytes, namesOffsetAt, at)
    putUint32(bytes, namesLengthAt, length)
    writer.endAt(at + length)
    return bytes.subarray(0, writer.length)
  }

  /** Where it did not get its place: makes it wait for another one. */
  unfinish(): void {
    if (this.#textsEnd === undefined) return
    this.#writer.endAt(this.#textsEnd)
    this.#textsEnd = undefined
  }
}

/** The block of the append before the first one of a stream. */
export const noPrevious = 0
