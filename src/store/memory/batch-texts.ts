import { youngArray } from '../../young.ts'
import { charactersIn, eventsIn, refusalOf, unreadableText } from '../append-limits.ts'
import type { Append } from '../event-store.ts'
import { textOf, writeText } from '../record/append-record.ts'
import type { ByteWriter } from '../record/byte-writer.ts'
import type { TextPlace } from './segment.ts'

/** UTF-16 units of one piece: enough that the call which writes it does not show. */
const charactersOfPiece = 32 * 1024

/**
 * The texts of the appends of a batch, a piece of it after the other. Where all of a piece is ASCII it is written by one
 * call, because the call costs more than the bytes of a small append; else each append is written on its own.
 */
export class BatchTexts implements TextPlace {
  /** Of the append that was found last: where its text stands. */
  start = 0
  end = 0
  readonly #batch: readonly Append[]
  readonly #maxBytes: number
  readonly #texts: (string | Error)[]
  #piece: 'together' | 'each' = 'each'

  constructor(batch: readonly Append[], maxBytes: number) {
    this.#batch = batch
    this.#maxBytes = maxBytes
    this.#texts = youngArray(batch.length)
  }

  /** Begins a piece. @returns the number of the first append behind it. */
  begin(first: number, arena: ByteWriter): number {
    let piece = ''
    let next = first
    for (; next < this.#batch.length && piece.length < charactersOfPiece; next++) {
      const text = this.#textWithinLimits(this.#batch[next]!)
      this.#texts[next] = text
      if (typeof text === 'string') piece += text
    }
    const start = arena.length
    this.#piece = writeText(arena, piece) === 'ascii' ? 'together' : 'each'
    if (this.#piece === 'each') arena.endAt(start)
    this.end = start
    return next
  }

  /**
   * Finds the text of an append of the piece, one after the other.
   * @returns why the append is refused; then there is none.
   */
  find(index: number, arena: ByteWriter): Error | undefined {
    const text = this.#texts[index]!
    if (typeof text !== 'string') return text
    if (this.#piece === 'together') {
      this.start = this.end
      this.end += text.length
      return undefined
    }
    this.start = arena.length
    if (writeText(arena, text) === 'unreadable') return unreadableText(this.#batch[index]!)
    this.end = arena.length
    return undefined
  }

  /** Is the text that was found last written as ASCII, for certain? */
  get encoding(): 'ascii' | 'utf8' {
    return this.#piece === 'together' ? 'ascii' : 'utf8'
  }

  #textWithinLimits(append: Append): string | Error {
    return refusalOf(append, eventsIn(append), charactersIn(append), this.#maxBytes) ?? textOf(append)
  }
}
