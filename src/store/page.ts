import type { RecordedEvent } from '../event/recorded-event.ts'

/**
 * How much one page of a read holds: enough that its promise does not show, little enough that a page of a stream
 * of large events stays in bounds.
 */
const pageEvents = 512
const pageCharacters = 1_000_000

/** Gathers the events of one page. */
export class Page {
  readonly events: RecordedEvent[] = []
  #characters = 0

  /** @param characters the length of its stored payload. */
  add(event: RecordedEvent, characters: number): void {
    this.events.push(event)
    this.#characters += characters
  }

  addAll(page: Page): void {
    for (const event of page.events) this.events.push(event)
    this.#characters += page.#characters
  }

  /** Turns round those that were added since there were `length`. */
  reverseSince(length: number): void {
    for (const event of this.events.splice(length).reverse()) this.events.push(event)
  }

  get characters(): number {
    return this.#characters
  }

  get full(): boolean {
    return this.events.length >= pageEvents || this.#characters >= pageCharacters
  }
}
