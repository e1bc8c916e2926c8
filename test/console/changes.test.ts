import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changesOf } from '../../src/console/changes.ts'
import type { Change } from '../../src/console/wire.ts'
import type { JsonValue } from '../../src/event/json.ts'

describe('what changed', () => {
  test('is told by its path, with before and after', () => {
    const before = { balance: 5, owner: { name: 'Alice' }, tags: ['a', 'b'], gone: null }
    const after = { balance: 7, owner: { name: 'Alice', age: 30 }, tags: ['a'] }
    expect(changesOf(before, after)).toEqual([
      { path: ['balance'], before: 5, after: 7 },
      { path: ['owner', 'age'], after: 30 },
      { path: ['tags', 1], before: 'b' },
      { path: ['gone'], before: null },
    ])
  })

  test('is nothing where nothing did', () => {
    expect(changesOf({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual([])
  })

  test('is the whole value where its kind is another one', () => {
    expect(changesOf({ a: [1] }, { a: { 0: 1 } })).toEqual([{ path: ['a'], before: [1], after: { 0: 1 } }])
    expect(changesOf(null, {})).toEqual([{ path: [], before: null, after: {} }])
  })

  test('is found at keys that every object inherits', () => {
    const after = JSON.parse('{"__proto__":1,"constructor":2}') as JsonValue
    expect(changesOf({}, after)).toEqual([
      { path: ['__proto__'], after: 1 },
      { path: ['constructor'], after: 2 },
    ])
  })

  test('turns the one value into the other', () => {
    const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>
    fc.assert(
      fc.property(value, value, (before, after) => {
        const applied = changesOf(before, after).reduce(apply, before)
        expect(JSON.parse(JSON.stringify(applied))).toEqual(JSON.parse(JSON.stringify(after)))
      }),
    )
  })
})

/** Longer lists lose their tail: what is gone from a list is gone from its end. */
function apply(value: JsonValue, change: Change): JsonValue {
  const [key, ...rest] = change.path
  if (key === undefined) return change.after as JsonValue
  if (Array.isArray(value)) {
    const list = [...(value as readonly JsonValue[])]
    if (rest.length === 0 && !('after' in change)) return list.slice(0, Math.min(list.length, Number(key)))
    list[Number(key)] = apply(list[Number(key)] as JsonValue, { ...change, path: rest })
    return list
  }
  const entries = new Map(Object.entries(value as object) as [string, JsonValue][])
  if (rest.length === 0 && !('after' in change)) entries.delete(String(key))
  else entries.set(String(key), apply(entries.get(String(key)) as JsonValue, { ...change, path: rest }))
  return Object.fromEntries(entries)
}
