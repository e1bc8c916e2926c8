/** Numbers names that come again and again (types, systems), so that records hold a byte instead of a text. */
export class NameTable {
  readonly #names: string[] = []
  readonly #numbers = new Map<string, number>()
  #lastName: string | undefined
  #lastNumber = 0

  constructor(names: readonly string[] = []) {
    for (const name of names) this.numberOf(name)
  }

  get names(): readonly string[] {
    return this.#names
  }

  numberOf(name: string): number {
    // Most often it is the very same string as the time before.
    if (name === this.#lastName) return this.#lastNumber
    let number = this.#numbers.get(name)
    if (number === undefined) {
      number = this.#names.length
      this.#numbers.set(name, number)
      this.#names.push(name)
    }
    this.#lastName = name
    this.#lastNumber = number
    return number
  }

  has(name: string): boolean {
    return this.#numbers.has(name)
  }

  /** The number of a name that may not be there. */
  existing(name: string): number | undefined {
    return this.#numbers.get(name)
  }

  nameOf(number: number): string {
    return this.#names[number]!
  }

  clear(): void {
    this.#names.length = 0
    this.#numbers.clear()
    this.#lastName = undefined
  }
}

/** The names that records refer to by number. */
export interface RecordNames {
  readonly systems: NameTable
  readonly commandTypes: NameTable
  readonly eventTypes: NameTable
}

export function recordNames(
  systems: readonly string[] = [],
  commandTypes: readonly string[] = [],
  eventTypes: readonly string[] = [],
): RecordNames {
  return {
    systems: new NameTable(systems),
    commandTypes: new NameTable(commandTypes),
    eventTypes: new NameTable(eventTypes),
  }
}
