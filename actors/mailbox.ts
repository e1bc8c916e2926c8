/** What stands in a mailbox; in one at a time. The link belongs to the mailbox. */
export interface Queued<Entry> {
  behind: Entry | undefined
}

/**
 * A queue with three offsets, counted from the first entry ever: entries `committed..consumed` are decided and not
 * yet answered, `consumed..next` wait for their decision. Rewinding `consumed` is how a restart decides again; no
 * entry is lost by it, because an entry leaves only when `committed` passes it.
 *
 * The entries hold the queue themselves, in a ring: behind the newest stands the oldest. A ring of the mailbox's own
 * would be memory to fetch at each step of a command, and room to keep for each aggregate at rest. And V8 keeps a list
 * of all that is old and refers to something young, as a mailbox to its entries: the fewer links, the better.
 */
export class Mailbox<Entry extends Queued<Entry>> {
  #newest: Entry | undefined
  /** The first that is undecided. */
  #undecided: Entry | undefined
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
    const newest = this.#newest
    if (newest === undefined) entry.behind = entry
    else {
      entry.behind = newest.behind
      newest.behind = entry
    }
    this.#newest = entry
    this.#undecided ??= entry
    this.#next++
  }

  /** The first entry that waits for its decision. */
  get nextUndecided(): Entry | undefined {
    return this.#undecided
  }

  /** The first entry that waits for its answer. */
  get nextUnanswered(): Entry | undefined {
    return this.#committed === this.#consumed ? undefined : this.#newest?.behind
  }

  /** `nextUndecided` is decided. */
  consume(): void {
    const entry = this.#undecided
    if (entry === undefined) throw new Error('The mailbox has nothing to consume.')
    this.#undecided = entry === this.#newest ? undefined : entry.behind
    this.#consumed++
  }

  /** `nextUnanswered` is answered and leaves. */
  commit(): void {
    const newest = this.#newest
    const entry = newest?.behind
    if (newest === undefined || entry === undefined || this.#committed === this.#consumed) {
      throw new Error('The mailbox has nothing to commit.')
    }
    this.#committed++
    if (entry === newest) this.#newest = undefined
    else newest.behind = entry.behind
    // Whoever holds an answered entry must not hold all that came after it.
    entry.behind = undefined
  }

  /** Every entry that is not answered waits for its decision again. */
  rewind(): void {
    this.#undecided = this.#newest?.behind
    this.#consumed = this.#committed
  }

  /** Calls `visit` for each entry, oldest first. */
  forEach(visit: (entry: Entry) => void): void {
    let entry = this.#newest?.behind
    for (let left = this.size; left > 0 && entry !== undefined; left--) {
      visit(entry)
      entry = entry.behind
    }
  }

  /** Takes out the undecided entries that `keep` refuses; the others keep their order. */
  retain(keep: (entry: Entry) => boolean): void {
    const entries: Entry[] = []
    this.forEach((entry) => void entries.push(entry))
    const decided = this.unanswered
    this.#newest = undefined
    this.#next = this.#committed
    this.rewind()
    for (const [nth, entry] of entries.entries()) {
      if (nth < decided || keep(entry)) this.push(entry)
      else entry.behind = undefined
    }
    for (let nth = 0; nth < decided; nth++) this.consume()
  }
}
