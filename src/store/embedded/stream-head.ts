import type { Head } from './place.ts'

/**
 * Where one stream ends, as this process knows it. One object for each stream and for as long as it is known, so that
 * an append looks the stream up once: the transaction at hand notes in it what it is about to write, and what was noted
 * counts once the transaction is committed.
 */
export class StreamHead implements Head {
  readonly stream: string
  /** -1: nobody has written the stream. */
  revision: number
  block: number
  index: number
  /** The generation of heads that it was last written in; see `heads.ts`. */
  generation = 0
  #transaction = 0
  #nextRevision = -1
  #nextBlock = 0
  #nextIndex = 0

  constructor(stream: string, head: Head) {
    this.stream = stream
    this.revision = head.revision
    this.block = head.block
    this.index = head.index
  }

  /** Is it written by the transaction with this number? */
  isWrittenBy(transaction: number): boolean {
    return this.#transaction === transaction
  }

  /** As the transaction with this number sees it. */
  revisionIn(transaction: number): number {
    return this.#transaction === transaction ? this.#nextRevision : this.revision
  }

  blockIn(transaction: number): number {
    return this.#transaction === transaction ? this.#nextBlock : this.block
  }

  indexIn(transaction: number): number {
    return this.#transaction === transaction ? this.#nextIndex : this.index
  }

  note(transaction: number, revision: number, block: number, index: number): void {
    this.#transaction = transaction
    this.#nextRevision = revision
    this.#nextBlock = block
    this.#nextIndex = index
  }

  /** The transaction that noted it was committed. */
  commit(): void {
    this.set(this.#nextRevision, this.#nextBlock, this.#nextIndex)
  }

  set(revision: number, block: number, index: number): void {
    this.revision = revision
    this.block = block
    this.index = index
  }
}
