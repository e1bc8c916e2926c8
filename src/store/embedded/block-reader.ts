import type { EventMatcher } from '../event-matcher.ts'
import type { Page } from '../page.ts'
import { type RecordNames, recordNames } from '../record/name-table.ts'
import { type RecordRange, RecordReader } from '../record/record-reader.ts'
import {
  asciiAt,
  blockVersion,
  eventsAt,
  firstEventInEntry,
  linkIndexInEntry,
  linkInEntry,
  namesLengthAt,
  namesOffsetAt,
  recordsAt,
  tableEntryBytes,
  tableOffsetAt,
  textInEntry,
  timeAt,
} from './block.ts'
import type { Place } from './place.ts'

/** Blocks hold mostly the same names; parsing them once is enough. */
const namesKept = 64
const knownNames = new Map<string, RecordNames>()

/** Reads blocks, one at a time; `record` is opened at one of its records. */
export class BlockReader {
  readonly record = new RecordReader()
  #bytes: Buffer = Buffer.alloc(0)
  #first = 0
  #names: RecordNames | undefined
  #index = 0
  /** How much younger the current record is than the block, zigzag. */
  #delta = 0

  /**
   * @param first the position of its first event.
   * @throws Error where the block is of a version that this program does not know.
   */
  open(first: number, bytes: Buffer): this {
    if (bytes[0] !== blockVersion) {
      throw new Error(
        `The block at position ${first} has the version ${bytes[0]}; this release of Reenact reads version ${blockVersion}.`,
      )
    }
    this.#bytes = bytes
    this.#first = first
    this.#names = undefined
    return this
  }

  get size(): number {
    return this.#bytes.length
  }

  get first(): number {
    return this.#first
  }

  get records(): number {
    return this.#bytes.readUInt32LE(recordsAt)
  }

  get events(): number {
    return this.#bytes.readUInt32LE(eventsAt)
  }

  /** The position of the next block. */
  get next(): number {
    return this.#first + this.events
  }

  get names(): RecordNames {
    this.#names ??= this.#readNames()
    return this.#names
  }

  /** Opens `record` at the record with this number. */
  at(index: number): this {
    this.#index = index
    const bytes = this.#bytes
    let at = bytes.readUInt32LE(this.#entryAt(index))
    let delta = 0
    let byte: number
    let scale = 1
    do {
      byte = bytes[at++]!
      delta += (byte & 127) * scale
      scale *= 128
    } while (byte >= 128)
    this.#delta = delta
    const entry = this.#entryAt(index)
    const last = index + 1 === this.records
    const textEnd = bytes.readUInt32LE(last ? tableOffsetAt : entry + tableEntryBytes + textInEntry)
    const encoding = bytes[asciiAt] === 1 ? 'ascii' : 'utf8'
    this.record.open(bytes, at, bytes.readUInt32LE(entry + textInEntry), textEnd, encoding)
    return this
  }

  /** The number of the current record. */
  get index(): number {
    return this.#index
  }

  /** Where the stream's append before the current record stands; `undefined` for the first of the stream. */
  get previous(): Place | undefined {
    if (this.record.expectedRevision < 0) return undefined
    const entry = this.#entryAt(this.#index)
    return {
      block: this.#first - this.#bytes.readUIntLE(entry + linkInEntry, 6),
      index: this.#bytes.readUInt16LE(entry + linkIndexInEntry),
    }
  }

  /** The position of the first event of the current record. */
  get position(): number {
    return this.#first + this.#bytes.readUInt16LE(this.#entryAt(this.#index) + firstEventInEntry)
  }

  collect(range: RecordRange, matcher: EventMatcher | undefined, page: Page): void {
    const time = this.#bytes.readDoubleLE(timeAt)
    const recordedAt = this.#delta % 2 === 0 ? time + this.#delta / 2 : time - (this.#delta + 1) / 2
    this.record.collect(range, this.position, recordedAt, this.names, matcher, page)
  }

  #entryAt(index: number): number {
    return this.#bytes.readUInt32LE(tableOffsetAt) + index * tableEntryBytes
  }

  #readNames(): RecordNames {
    const start = this.#bytes.readUInt32LE(namesOffsetAt)
    const text = this.#bytes.toString('utf8', start, start + this.#bytes.readUInt32LE(namesLengthAt))
    let names = knownNames.get(text)
    if (names === undefined) {
      const [systems, commandTypes, eventTypes] = JSON.parse(text) as [string[], string[], string[]]
      names = recordNames(systems, commandTypes, eventTypes)
      if (knownNames.size >= namesKept) knownNames.clear()
      knownNames.set(text, names)
    }
    return names
  }
}
