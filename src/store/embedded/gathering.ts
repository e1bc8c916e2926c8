import { unreadableText } from '../append-limits.ts'
import { BlockWriter } from './block-writer.ts'
import type { WaitingAppend } from './waiting-append.ts'

/** A block that waits for its place in the log, with the appends that it holds. */
export interface WaitingBlock {
  readonly block: BlockWriter
  readonly appends: WaitingAppend[]
  characters: number
}

/**
 * One transaction holds the event loop while it is written (its commit does not), so it is bounded; and a larger one
 * would not be faster (measured).
 */
const eventsOfTransaction = 4_096
const charactersOfTransaction = 8_000_000

const blocksKept = 64

/**
 * Gathers appends while a transaction is under way, encoded already: the processor works while the disk does. What is
 * not known yet, each block's place in the log and what each append follows, is filled in by the transaction.
 */
export class Gathering {
  #waiting: WaitingBlock[] = []
  #last: WaitingBlock | undefined
  readonly #spare: WaitingBlock[] = []

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** How many wait. */
  get events(): number {
    let events = 0
    for (const { block } of this.#waiting) events += block.events
    return events
  }

  /**
   * @param characters the UTF-16 units of its payloads.
   * @returns why it cannot be written; then it does not wait.
   */
  add(waiting: WaitingAppend, characters: number): Error | undefined {
    const { append, events, batch } = waiting
    let last = this.#last
    if (last === undefined || last.block.isFullFor(events)) {
      last = this.#spare.pop() ?? { block: new BlockWriter(), appends: [], characters: 0 }
      const refusal = last.block.add(append, events, batch.recordedAt)
      if (refusal !== undefined) {
        this.#spare.push(last)
        return refusal
      }
      if (this.#last !== undefined) close(this.#last)
      this.#waiting.push(last)
      this.#last = last
    } else {
      const refusal = last.block.add(append, events, batch.recordedAt)
      if (refusal !== undefined) return refusal
    }
    last.appends.push(waiting)
    last.characters += characters
    return undefined
  }

  /** Those that come first, as many as one transaction takes. */
  take(): readonly WaitingBlock[] {
    let events = 0
    let characters = 0
    let count = 0
    for (const waiting of this.#waiting) {
      events += waiting.block.events
      characters += waiting.characters
      if (count > 0 && (events > eventsOfTransaction || characters > charactersOfTransaction)) break
      count++
    }
    const taken = this.#waiting
    this.#waiting = taken.splice(count)
    if (this.#waiting.length === 0 && this.#last !== undefined) {
      close(this.#last)
      this.#last = undefined
    }
    return taken
  }

  /** Gives back what was taken, to be used again. */
  done(blocks: readonly WaitingBlock[]): void {
    for (const waiting of blocks) {
      if (this.#spare.length >= blocksKept || waiting.characters > charactersOfBlockKept) continue
      waiting.block.clear()
      waiting.appends.length = 0
      waiting.characters = 0
      this.#spare.push(waiting)
    }
  }
}

/** A block that once held large events is not kept with its memory. */
const charactersOfBlockKept = 256 * 1024

/** Nothing is added to the block any more. Appends whose texts turn out to be unreadable are left out, and told so. */
function close({ block, appends }: WaitingBlock): void {
  const unreadable = new Set(block.close())
  if (unreadable.size === 0) return
  const all = appends.splice(0)
  block.clear()
  for (const [number, waiting] of all.entries()) {
    const { append, events, batch, index } = waiting
    if (unreadable.has(number)) {
      queueMicrotask(() => batch.settle(index, { status: 'refused', error: unreadableText(append) }))
    } else {
      block.add(append, events, batch.recordedAt)
      appends.push(waiting)
    }
  }
  block.close()
}
