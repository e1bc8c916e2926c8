import { addStored, type Field, type StoredEvent } from '../wire-event.ts'

/** Enough that a message between the threads does not show; little enough that large events stay in bounds. */
const pageEvents = 512
const pageCharacters = 1_000_000

/** Gathers the events of one page. */
export class PageBuffer {
  fields: Field[] = []
  events = 0
  #characters = 0

  add(event: StoredEvent): void {
    addStored(this.fields, event)
    this.events += 1
    this.#characters += event.data.length + event.metadata.length
  }

  get full(): boolean {
    return this.events >= pageEvents || this.#characters >= pageCharacters
  }

  /** What was gathered; it is empty afterwards. */
  take(): Field[] {
    const { fields } = this
    this.fields = []
    this.events = 0
    this.#characters = 0
    return fields
  }
}

/** Why an event cannot be shown, if so: JavaScript counts exactly to 2^53. */
export function beyondNumbers({ stream, revision, commit, prepare }: StoredEvent): string | undefined {
  if ([revision, commit, prepare].every(Number.isSafeInteger)) return undefined
  return `an event of ${stream} has the revision ${revision} and the position ${commit}/${prepare}, beyond what JavaScript can count`
}
