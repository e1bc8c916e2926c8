import type { JsonObject, RecordedEvent } from '../event/recorded-event.ts'

/**
 * How much one page of a read holds: enough that its promise does not show, little enough that a page of a stream
 * of large events stays in bounds.
 */
const pageEvents = 512
const pageCharacters = 1_000_000

/** Until its payload is parsed. */
export const unparsed: JsonObject = {}

type Unparsed = { -readonly [Key in keyof RecordedEvent]: RecordedEvent[Key] }

/** Gathers the events of one page. */
export class Page {
  readonly #events: RecordedEvent[] = []
  /** Events that were added with payloads that nobody has asked for yet. */
  readonly #added: Unparsed[] = []
  readonly #payloads: string[] = []
  #characters = 0

  /** @throws SyntaxError where a payload is no JSON. */
  get events(): readonly RecordedEvent[] {
    if (this.#payloads.length > 0) this.#parse()
    return this.#events
  }

  get length(): number {
    return this.#events.length
  }

  /** @param payload the JSON text of its `data`, which is `unparsed`. */
  add(event: RecordedEvent, payload: string): void {
    this.#events.push(event)
    this.#added.push(event)
    this.#payloads.push(payload)
    this.#characters += payload.length
  }

  addAll(page: Page): void {
    for (const event of page.events) this.#events.push(event)
    this.#characters += page.#characters
  }

  reverse(): void {
    this.#events.reverse()
  }

  /** Turns round those that were added since there were `length`. */
  reverseSince(length: number): void {
    for (const event of this.#events.splice(length).reverse()) this.#events.push(event)
  }

  get characters(): number {
    return this.#characters
  }

  get full(): boolean {
    return this.#events.length >= pageEvents || this.#characters >= pageCharacters
  }

  #parse(): void {
    const parsed = parseAll(this.#payloads)
    for (let index = 0; index < parsed.length; index++) this.#added[index]!.data = parsed[index]!
    this.#added.length = 0
    this.#payloads.length = 0
  }
}

/** All in one call: for a small payload the call costs more than the parsing. */
function parseAll(texts: readonly string[]): readonly JsonObject[] {
  const parsed = JSON.parse(`[${texts.join(',')}]`) as JsonObject[]
  if (parsed.length === texts.length) return parsed
  // Texts that are not JSON, but become JSON side by side: one of them throws.
  return texts.map((text) => JSON.parse(text) as JsonObject)
}
