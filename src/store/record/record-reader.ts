import { eventIdOf, eventIdPrefix, eventIdWith } from '../../event/event-id.ts'
import { position } from '../../event/position.ts'
import type { CommandOrigin, JsonObject, RecordedEvent } from '../../event/recorded-event.ts'
import type { EventMatcher } from '../event-matcher.ts'
import { type Page, unparsed } from '../page.ts'
import { causationIsCommand, correlationIsCommand, hasMetadata, severalSystems } from './append-record.ts'
import type { RecordNames } from './name-table.ts'

/** Which events of a record, counted within it from 0, both inclusive. */
export interface RecordRange {
  readonly first: number
  readonly last: number
}

export const wholeRecord: RecordRange = { first: 0, last: Number.POSITIVE_INFINITY }

/**
 * Reads records, one after the other: `open` reads what stands before the commands, and only what is asked for
 * after that is decoded. One reader serves for many records, because making an object for each would show.
 */
export class RecordReader {
  system = 0
  events = 0
  expectedRevision = -1
  systems: 'one' | 'several' = 'one'
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  #textStart = 0
  #textEnd = 0
  #ascii = false
  #commands = 0
  #streamLength = 0
  #idLength = 0
  #wholeText = ''
  #taken = 0

  /**
   * @param numbersAt where its numbers begin.
   * @param textStart where its text begins, `textEnd` where it ends.
   */
  open(bytes: Buffer, numbersAt: number, textStart: number, textEnd: number, text: 'ascii' | 'utf8'): this {
    this.#bytes = bytes
    this.#ascii = text === 'ascii'
    this.#textStart = textStart
    this.#textEnd = textEnd
    this.#at = numbersAt
    this.systems = (this.#varint() & severalSystems) === severalSystems ? 'several' : 'one'
    this.system = this.#varint()
    this.events = this.#varint()
    this.#commands = this.#varint()
    this.expectedRevision = this.#varint() - 1
    this.#streamLength = this.#varint()
    this.#idLength = this.#varint()
    return this
  }

  /** Does all of it come from this system? `undefined`: from none. */
  isBy(system: number | undefined): boolean {
    return this.system === system && this.systems === 'one'
  }

  get stream(): string {
    return this.#text(0, this.#streamLength)
  }

  get appendId(): string {
    return this.#text(this.#streamLength, this.#streamLength + this.#idLength)
  }

  /** Adds those of its events that are wanted and fit. May be called once after `open`. */
  collect(
    { first, last }: RecordRange,
    firstPosition: number,
    recordedAt: number,
    names: RecordNames,
    matcher: EventMatcher | undefined,
    page: Page,
  ): void {
    const text = this.#text(0, Number.POSITIVE_INFINITY)
    const stream = text.slice(0, this.#streamLength)
    if (matcher !== undefined && !matcher.stream(stream)) return
    this.#taken = this.#streamLength + this.#idLength
    this.#wholeText = text
    const appendId = text.slice(this.#streamLength, this.#taken)
    const idPrefix = this.events > 1 ? eventIdPrefix(appendId) : ''
    let offset = 0
    for (let command = 0; command < this.#commands; command++) {
      const flags = this.#varint()
      const commandType = names.commandTypes.nameOf(this.#varint())
      const count = this.#varint()
      const schemaVersion = this.#varint()
      const commandId = this.#take(this.#varint())
      const correlationId = (flags & correlationIsCommand) !== 0 ? commandId : this.#take(this.#varint())
      const causationId = (flags & causationIsCommand) !== 0 ? commandId : this.#take(this.#varint())
      const metadata = (flags & hasMetadata) !== 0 ? this.#take(this.#varint()) : undefined
      const system = names.systems.nameOf(this.systems === 'several' ? this.#varint() : this.system)
      const wanted =
        offset + count > first &&
        offset <= last &&
        (matcher === undefined || matcher.correlation(correlationId))
      let origin: CommandOrigin | undefined
      for (let index = 0; index < count; index++, offset++) {
        const type = names.eventTypes.nameOf(this.#varint())
        const json = this.#take(this.#varint())
        if (!wanted || offset < first || offset > last) continue
        if (matcher !== undefined && !matcher.type(type)) continue
        origin ??= originOf(commandId, commandType, count, system, correlationId, causationId, metadata)
        const event: RecordedEvent = {
          stream,
          revision: this.expectedRevision + 1 + offset,
          position: position(firstPosition + offset),
          id: offset === 0 ? eventIdOf(appendId, 0) : eventIdWith(idPrefix, offset),
          type,
          data: unparsed,
          schemaVersion,
          index,
          origin,
          recordedAt,
        }
        page.add(event, json)
      }
    }
  }

  #text(from: number, to: number): string {
    if (!this.#ascii) return this.#bytes.toString('utf8', this.#textStart, this.#textEnd).slice(from, to)
    const end = Math.min(this.#textStart + to, this.#textEnd)
    return this.#bytes.toString('latin1', this.#textStart + from, end)
  }

  /** The next so many units of the text. */
  #take(length: number): string {
    const start = this.#taken
    this.#taken = start + length
    return this.#wholeText.slice(start, this.#taken)
  }

  #varint(): number {
    const bytes = this.#bytes
    let byte = bytes[this.#at++]!
    if (byte < 128) return byte
    let value = byte & 127
    for (let scale = 128; ; scale *= 128) {
      if (this.#at >= bytes.length) throw new Error('A stored record is damaged: it runs beyond its block')
      byte = bytes[this.#at++]!
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
}

/** Two literals, for spreading the metadata where there is some costs as much as all the rest of the origin. */
function originOf(
  commandId: string,
  commandType: string,
  count: number,
  system: string,
  correlationId: string,
  causationId: string,
  metadata: string | undefined,
): CommandOrigin {
  if (metadata === undefined) return { commandId, commandType, count, system, correlationId, causationId }
  const parsed = JSON.parse(metadata) as JsonObject
  return { commandId, commandType, count, system, correlationId, causationId, metadata: parsed }
}
