import type { Append } from '../event-store.ts'
import { writeAppend } from '../record/append-record.ts'
import { ByteWriter } from '../record/byte-writer.ts'
import { recordNames } from '../record/name-table.ts'
import {
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

const timeBytes = 8
const usualBlockBytes = 16 * 1024

/** Builds one block after the other in the same memory. */
export class BlockWriter {
  readonly #writer = new ByteWriter(usualBlockBytes)
  readonly #names = recordNames()
  readonly #starts: number[] = []
  readonly #firstEvents: number[] = []
  readonly #previousBlocks: number[] = []
  readonly #previousIndexes: number[] = []
  #events = 0
  #time = 0
  /** Where the records end, once the block is finished. */
  #recordsEnd: number | undefined

  constructor() {
    this.clear()
  }

  /** Begins a new block. */
  clear(): void {
    this.#writer.truncate(0)
    this.#writer.skip(headerBytes)
    this.#names.systems.clear()
    this.#names.commandTypes.clear()
    this.#names.eventTypes.clear()
    this.#starts.length = 0
    this.#firstEvents.length = 0
    this.#previousBlocks.length = 0
    this.#previousIndexes.length = 0
    this.#events = 0
    this.#recordsEnd = undefined
  }

  get events(): number {
    return this.#events
  }

  get records(): number {
    return this.#starts.length
  }

  /** The system that all of it comes from, where it is one. */
  get onlySystem(): string | undefined {
    const { names } = this.#names.systems
    return names.length === 1 ? names[0] : undefined
  }

  /** Must an append of so many events go to the next block? An append is never torn, so a large one stands alone. */
  isFullFor(events: number): boolean {
    return (
      this.#starts.length > 0 &&
      (this.#events + events > eventsOfBlock || this.#writer.length >= bytesOfBlock)
    )
  }

  /** @returns why it is refused; then the block is as it was. */
  add(append: Append, events: number, recordedAt: number): Error | undefined {
    const writer = this.#writer
    const start = writer.length
    if (this.#starts.length === 0) this.#time = recordedAt
    const delta = recordedAt - this.#time
    writer.reserve(timeBytes)
    writer.varint(delta < 0 ? -delta * 2 - 1 : delta * 2)
    const refusal = writeAppend(writer, append, events, this.#names)
    if (refusal !== undefined) {
      writer.truncate(start)
      return refusal
    }
    this.#starts.push(start)
    this.#firstEvents.push(this.#events)
    this.#events += events
    return undefined
  }

  /** Links the next record that is not linked yet to its stream's append before it, if there is one. */
  link(previousBlock: number, previousIndex: number): void {
    this.#previousBlocks.push(previousBlock)
    this.#previousIndexes.push(previousIndex)
  }

  /**
   * @param first the position of its first event.
   * @returns the bytes of the block, valid until the next one is begun.
   */
  finish(first: number): Buffer {
    const writer = this.#writer
    const table = writer.length
    this.#recordsEnd = table
    writer.reserve(this.#starts.length * tableEntryBytes)
    for (let index = 0; index < this.#starts.length; index++) {
      const previous = this.#previousBlocks[index]!
      writer.uint32(this.#starts[index]!)
      writer.uint16(this.#firstEvents[index]!)
      writer.uint48(previous === noPrevious ? 0 : first - previous)
      writer.uint16(this.#previousIndexes[index]!)
    }
    const names = writer.length
    const { systems, commandTypes, eventTypes } = this.#names
    const length = writer.text(JSON.stringify([systems.names, commandTypes.names, eventTypes.names]))
    writer.setUint32(blockVersion, 0)
    writer.setUint32(this.#starts.length, recordsAt)
    writer.setUint32(this.#events, eventsAt)
    writer.setFloat64(this.#time, timeAt)
    writer.setUint32(table, tableOffsetAt)
    writer.setUint32(names, namesOffsetAt)
    writer.setUint32(length, namesLengthAt)
    return writer.bytes.subarray(0, writer.length)
  }

  /** Where it did not get its place: makes it wait for another one, without links. */
  unfinish(): void {
    if (this.#recordsEnd === undefined) return
    this.#writer.truncate(this.#recordsEnd)
    this.#recordsEnd = undefined
    this.#previousBlocks.length = 0
    this.#previousIndexes.length = 0
  }
}

/** The block of the append before the first one of a stream. */
export const noPrevious = 0
