/**
 * A queue with three offsets, counted from the first entry ever: entries `committed..consumed` are decided and not
 * yet answered, `consumed..next` wait for their decision. Rewinding `consumed` is how a restart decides again; no
 * entry is lost by it, because an entry leaves only when `committed` passes it.
 */
export class Mailbox<Entry> {
  #ring: (Entry | undefined)[] = []
  /** Where the next entry will stand. */
  #next = 0
  #consumed = 0
  #committed = 0

  /** How many entries are in it, decided or not. */
  get size(): number {
    return this.#next - this.#committed
  }

  get undecided(): number {
    return this.#next - this.#consumed
  }

  get unanswered(): number {
    return this.#consumed - this.#committed
  }

  get offsets(): { readonly next: number; readonly consumed: number; readonly committed: number } {
    return { next: this.#next, consumed: this.#consumed, committed: this.#committed }
  }

  push(entry: Entry): void {
    if (this.size === this.#ring.length) this.#grow()
    this.#ring[this.#next & (this.#ring.length - 1)] = entry
    this.#next++
  }

  /** The first entry that waits for its decision. */
  get nextUndecided(): Entry | undefined {
    return this.#consumed === this.#next ? undefined : this.#at(this.#consumed)
  }

  /** The first entry that waits for its answer. */
  get nextUnanswered(): Entry | undefined {
    return this.#committed === this.#consumed ? undefined : this.#at(this.#committed)
  }

  /** `nextUndecided` is decided. */
  consume(): void {
    if (this.#consumed === this.#next) throw new Error('The mailbox has nothing to consume.')
    this.#consumed++
  }

  /** `nextUnanswered` is answered and leaves. */
  commit(): void {
    if (this.#committed === this.#consumed) throw new Error('The mailbox has nothing to commit.')
    this.#ring[this.#committed & (this.#ring.length - 1)] = undefined
    this.#committed++
    // An idle aggregate keeps no room from its busiest hour.
    if (this.#committed === this.#next && this.#ring.length > 64) this.#ring = []
  }

  /** Every entry that is not answered waits for its decision again. */
  rewind(): void {
    this.#consumed = this.#committed
  }

  /** The entry number `nth` (from 0) of all that are in it, oldest first. */
  at(nth: number): Entry {
    return this.#at(this.#committed + nth)
  }

  /** Calls `visit` for each entry, oldest first. */
  forEach(visit: (entry: Entry) => void): void {
    for (let offset = this.#committed; offset < this.#next; offset++) visit(this.#at(offset))
  }

  /** Takes out the undecided entries that `keep` refuses; the others keep their order. */
  retain(keep: (entry: Entry) => boolean): void {
    const mask = this.#ring.length - 1
    let kept = this.#consumed
    for (let offset = this.#consumed; offset < this.#next; offset++) {
      const entry = this.#at(offset)
      if (keep(entry)) this.#ring[kept++ & mask] = entry
    }
    for (let offset = kept; offset < this.#next; offset++) this.#ring[offset & mask] = undefined
    this.#next = kept
  }

  #at(offset: number): Entry {
    return this.#ring[offset & (this.#ring.length - 1)] as Entry
  }

  #grow(): void {
    const grown: (Entry | undefined)[] = new Array(Math.max(4, this.#ring.length * 2)).fill(undefined)
    for (let offset = this.#committed; offset < this.#next; offset++) {
      grown[offset & (grown.length - 1)] = this.#at(offset)
    }
    this.#ring = grown
  }
}
