/**
 * What JSON makes of a value: gives it back as it is, leaves out keys that are `undefined` and turns -0 into 0
 * (harmless), or cannot hold it (a Date, NaN, a bigint, a class instance, a cycle ...).
 */
export type JsonFate = 'same' | 'changed' | 'refused'

/** Deeper than any payload; a cycle is found by it. */
const deepest = 200

/** Looks without stringifying: for a small payload several times quicker than a round trip. */
export function jsonFate(value: unknown, depth = 0): JsonFate {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return 'same'
    case 'number':
      if (value === 0) return Object.is(value, -0) ? 'changed' : 'same'
      return Number.isFinite(value) ? 'same' : 'refused'
    case 'object':
      if (value === null) return 'same'
      if (depth > deepest) return 'refused'
      return Array.isArray(value) ? arrayFate(value, depth) : objectFate(value, depth)
    default:
      return 'refused'
  }
}

function arrayFate(values: readonly unknown[], depth: number): JsonFate {
  let fate: JsonFate = 'same'
  for (let index = 0; index < values.length; index++) {
    const item = jsonFate(values[index], depth + 1)
    if (item === 'refused') return item
    if (item === 'changed') fate = item
  }
  return fate
}

function objectFate(value: object, depth: number): JsonFate {
  if (!isPlain(value)) return 'refused'
  const record = value as Readonly<Record<string, unknown>>
  let fate: JsonFate = 'same'
  for (const key in record) {
    if (key === '__proto__') return 'refused'
    const inside = record[key]
    const entry = inside === undefined ? 'changed' : jsonFate(inside, depth + 1)
    if (entry === 'refused') return entry
    if (entry === 'changed') fate = entry
  }
  return fate
}

/** An object literal, or what JSON.parse makes: no class instance, no Map, no Date. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** A deep copy of something that `jsonFate` did not refuse. */
export function jsonCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(jsonCopy)
  const copy: Record<string, unknown> = {}
  for (const key in value) copy[key] = jsonCopy((value as Readonly<Record<string, unknown>>)[key])
  return copy
}

export interface JsonRefusal {
  readonly path: readonly (string | number)[]
  readonly reason: string
}

/** Where and why JSON cannot hold a value that `jsonFate` called `refused`. Slow: it looks for people. */
export function jsonRefusal(value: unknown): JsonRefusal {
  return find(value, [], new Set()) ?? { path: [], reason: 'it cannot be written as JSON' }
}

function find(
  value: unknown,
  path: readonly (string | number)[],
  above: Set<object>,
): JsonRefusal | undefined {
  if (typeof value !== 'object' || value === null) {
    return jsonFate(value) === 'refused' ? { path, reason: `${nameOf(value)} is not JSON` } : undefined
  }
  if (above.has(value)) return { path, reason: 'it contains itself, and JSON has no cycles' }
  if (path.length > deepest)
    return { path: path.slice(0, 8), reason: `it is nested deeper than ${deepest} levels` }
  if (!Array.isArray(value) && !isPlain(value)) return { path, reason: `${nameOf(value)} is not JSON` }
  above.add(value)
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    if (key === '__proto__') return { path: [...path, key], reason: 'this key is not allowed' }
    const inside = (value as Readonly<Record<string | number, unknown>>)[key]
    const allowed = inside === undefined && !Array.isArray(value)
    const found = allowed ? undefined : find(inside, [...path, key], above)
    if (found !== undefined) return found
  }
  above.delete(value)
  return undefined
}

function nameOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    const name = (value.constructor as { name?: unknown } | undefined)?.name
    return typeof name === 'string' && name !== '' ? `a ${name}` : 'a class instance'
  }
  return typeof value === 'number' || value === undefined ? String(value) : `a ${typeof value}`
}
