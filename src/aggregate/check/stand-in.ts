/** A pure function that asks more often than this loops on what it is told. */
const patience = 10_000

/**
 * Stand-ins for what is not known when a definition is checked. Each answers every question with another one, so
 * that a pure function can be called once to see what it makes.
 */
export class StandIns {
  #asked = 0

  /** @param known what is known of it: these keys answer with their values, and only these are listed and spread. */
  make(known: Readonly<Record<string, unknown>> = {}): never {
    const target = Object.assign(() => undefined, known)
    return new Proxy(target, {
      get: (_, key) => this.#answer(known, key),
      apply: () => this.make(),
      construct: () => this.make(),
      has: () => true,
      ownKeys: () => Object.keys(known),
      getPrototypeOf: () => Object.prototype,
      set: () => true,
      defineProperty: () => true,
      deleteProperty: () => true,
    }) as never
  }

  #answer(known: Readonly<Record<string, unknown>>, key: string | symbol): unknown {
    if (++this.#asked > patience) throw new RangeError('it loops on a stand-in')
    if (typeof key === 'string' && key in known) return known[key]
    if (key === Symbol.toPrimitive) return (hint: string) => (hint === 'string' ? 'stand-in' : 1)
    if (key === Symbol.iterator) return nothing
    // A Promise would ask for `then` and wait for ever.
    if (key === 'then' || typeof key === 'symbol') return undefined
    return this.make()
  }
}

function* nothing(): Generator<never> {
  // Nothing is known of what is in it.
}
