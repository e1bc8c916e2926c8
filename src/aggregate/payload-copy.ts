/**
 * A shallow copy of a message or payload without its `type`.
 *
 * Without `__proto__` too, which JSON.parse makes of hostile input and which would become the prototype of the copy.
 *
 * A loop, because `{ ...rest }` beside `type` is the slowest thing that a decision did (650 ns against 30).
 */
export function payloadCopy(from: object): Record<string, unknown> {
  const source = from as Record<string, unknown>
  const copy: Record<string, unknown> = {}
  for (const key in source) {
    if (key !== 'type' && key !== '__proto__') copy[key] = source[key]
  }
  return copy
}
