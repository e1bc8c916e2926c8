/** Something with a deadline. The links belong to the list that it is in. */
export interface Deadline {
  /** `undefined`: in no list. */
  earlier: Deadline | undefined
  later: Deadline | undefined
  /** The time is up; the deadline is out of its list. */
  expire(): void
}

/**
 * Deadlines in the order in which they were added: a ring behind a head that never leaves. Any of them is taken out
 * without knowing the list, and a list is added to another one at once, however long it is.
 */
export class DeadlineList implements Deadline {
  earlier: Deadline = this
  later: Deadline = this

  get first(): Deadline | undefined {
    return this.later === this ? undefined : this.later
  }

  append(deadline: Deadline): void {
    const last = this.earlier
    deadline.earlier = last
    deadline.later = this
    last.later = deadline
    this.earlier = deadline
  }

  /** Takes all that are in the other list, which is empty afterwards. */
  appendAll(others: DeadlineList): void {
    const { first, earlier: last } = others
    if (first === undefined) return
    first.earlier = this.earlier
    this.earlier.later = first
    last.later = this
    this.earlier = last
    others.earlier = others
    others.later = others
  }

  expire(): void {}
}

/** Takes a deadline out of the list that it is in. */
export function unlink(deadline: Deadline): void {
  const { earlier, later } = deadline as { earlier: Deadline; later: Deadline }
  earlier.later = later
  later.earlier = earlier
  deadline.earlier = undefined
  deadline.later = undefined
}
