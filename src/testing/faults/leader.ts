import type { Append, EventStore, Verdict } from '../../store/event-store.ts'
import type { RepeatAnswer } from './fault.ts'

/** An append that the leader holds and has not committed. */
interface Uncommitted {
  readonly append: Append
  readonly repeats: RepeatAnswer
}

/** `instant`: when the append was given to the store that wrote it. */
export type OnWritten = (
  append: Append,
  verdict: Verdict & { readonly status: 'written' },
  instant: number,
) => void

export type Arrival =
  | { readonly kind: 'answered'; readonly verdict: Verdict }
  /** A repeat of what is held uncommitted. */
  | { readonly kind: 'droppedRepeat'; readonly repeats: RepeatAnswer }
  /** Another append is held uncommitted in its slot. */
  | { readonly kind: 'conflictWithUncommitted'; readonly verdict: Verdict }

/** Where appends arrive: the real store, and before it those that are taken but not committed. */
export class Leader {
  readonly #store: EventStore
  readonly #uncommitted = new Map<string, Uncommitted>()
  readonly #instant: () => number
  readonly #onWritten: OnWritten

  /** @param onWritten told of each append that is written, also of repeats. */
  constructor(store: EventStore, instant: () => number, onWritten: OnWritten) {
    this.#store = store
    this.#instant = instant
    this.#onWritten = onWritten
  }

  holdsUncommitted(stream: string): boolean {
    return this.#uncommitted.has(stream)
  }

  arrive(append: Append, answer: (arrival: Arrival) => void): void {
    const held = this.#uncommitted.get(append.stream)
    if (held === undefined) {
      this.#write(append, (verdict) => answer({ kind: 'answered', verdict }))
    } else if (held.append.id === append.id) {
      answer({ kind: 'droppedRepeat', repeats: held.repeats })
    } else {
      const revision = held.append.expectedRevision + eventCount(held.append)
      answer({ kind: 'conflictWithUncommitted', verdict: { status: 'conflict', revision } })
    }
  }

  /**
   * Takes the append without committing it.
   * @returns false where it does not fit: its revision is not the head, or the leader holds another one.
   */
  async hold(append: Append, repeats: RepeatAnswer): Promise<boolean> {
    if (this.#uncommitted.has(append.stream)) return false
    // Held first and checked then, so that nothing slips in between.
    this.#uncommitted.set(append.stream, { append, repeats })
    if (await this.#store.checkHead(append.stream, append.expectedRevision)) return true
    this.#uncommitted.delete(append.stream)
    return false
  }

  commit(append: Append, answer: (verdict: Verdict) => void): void {
    // The store may answer in its own time; until then the slot stays taken.
    this.#write(append, (verdict) => {
      this.#uncommitted.delete(append.stream)
      answer(verdict)
    })
  }

  /** The leader falls: what it held is gone. */
  lose(append: Append): void {
    this.#uncommitted.delete(append.stream)
  }

  #write(append: Append, answer: (verdict: Verdict) => void): void {
    // Before the append, so that whoever reads it reads it later.
    const instant = this.#instant()
    this.#store.append([append], (_index, verdict) => {
      if (verdict.status === 'written') this.#onWritten(append, verdict, instant)
      answer(verdict)
    })
  }
}

function eventCount(append: Append): number {
  return append.commands.reduce((count, command) => count + command.events.length, 0)
}
