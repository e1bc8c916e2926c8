/** What stands in a mailbox; in one at a time. The link belongs to the mailbox. */
export interface Queued<Entry> {
  behind: Entry | undefined
}

/**
 * A queue with three offsets, counted from the first entry ever: entries `committed..consumed` are decided and not
 * yet answered, `consumed..next` wait for their decision. Rewinding `consumed` is how a restart decides again; no
 * entry is lost by it, because an entry leaves only when `committed` passes it.
 *
 * The entries hold the queue themselves: a ring of its own would be memory to fetch at each step of a command, and
 * room to keep for each aggregate at rest.
 */
export class Mailbox<Entry extends Queued<Entry>> {
  /** The first entry of all, the first that is undecided, the last. */
  #oldest: Entry | undefined
  #undecided: Entry | undefined
  #newest: Entry | undefined
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
    if (this.#newest === undefined) this.#oldest = entry
    else this.#newest.behind = entry
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
    return this.#committed === this.#consumed ? undefined : this.#oldest
  }

  /** `nextUndecided` is decided. */
  consume(): void {
    const entry = this.#undecided
    if (entry === undefined) throw new Error('The mailbox has nothing to consume.')
    this.#undecided = entry.behind
    this.#consumed++
  }

  /** `nextUnanswered` is answered and leaves. */
  commit(): void {
    const entry = this.#oldest
    if (entry === undefined || this.#committed === this.#consumed) {
      throw new Error('The mailbox has nothing to commit.')
    }
    this.#oldest = entry.behind
    if (this.#oldest === undefined) this.#newest = undefined
    // Whoever holds an answered entry must not hold all that came after it.
    entry.behind = undefined
    this.#committed++
  }

  /** Every entry that is not answered waits for its decision again. */
  rewind(): void {
    this.#undecided = this.#oldest
    this.#consumed = this.#committed
  }

  /** Calls `visit` for each entry, oldest first. */
  forEach(visit: (entry: Entry) => void): void {
    for (let entry = this.#oldest; entry !== undefined; entry = entry.behind) visit(entry)
  }

  /** Takes out the undecided entries that `keep` refuses; the others keep their order. */
  retain(keep: (entry: Entry) => boolean): void {
    const entries: Entry[] = []
    this.forEach((entry) => void entries.push(entry))
    const decided = this.unanswered
    this.#oldest = undefined
    this.#undecided = undefined
    this.#newest = undefined
    this.#next = this.#committed
    for (const [nth, entry] of entries.entries()) {
      entry.behind = undefined
      if (nth < decided || keep(entry)) this.push(entry)
    }
    this.#consumed = this.#committed
    this.#undecided = this.#oldest
    for (let nth = 0; nth < decided; nth++) this.consume()
  }
}
