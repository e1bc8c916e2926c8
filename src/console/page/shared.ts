import { useEffect, useState } from 'preact/hooks'

/** A value that several components see; setting it draws them anew. */
export class Shared<Value> {
  #value: Value
  readonly #listeners = new Set<(value: Value) => void>()

  constructor(value: Value) {
    this.#value = value
  }

  get value(): Value {
    return this.#value
  }

  set(value: Value): void {
    if (value === this.#value) return
    this.#value = value
    for (const listener of this.#listeners) listener(value)
  }

  listen(listener: (value: Value) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}

export function useShared<Value>(shared: Shared<Value>): Value {
  const [value, setValue] = useState(shared.value)
  useEffect(() => {
    setValue(() => shared.value)
    return shared.listen((fresh) => setValue(() => fresh))
  }, [shared])
  return value
}
