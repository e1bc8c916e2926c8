import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonCopy, jsonFate, jsonRefusal } from '../../src/event/json-walk.ts'

/** Values that JSON keeps, changes or refuses, mixed. */
const mixed = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
  maxDepth: 4,
})

function roundTrip(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** JSON can hold the key `__proto__`; jsonFate refuses it, so that no copy of it ever sets a prototype. */
const setsPrototype = (value: unknown): boolean => JSON.stringify(value).includes('"__proto__":')

describe('jsonFate', () => {
  test('same: JSON gives it back as it is', () => {
    fc.assert(
      fc.property(mixed, (value) => {
        if (jsonFate(value) !== 'same') return
        // Prototypes apart: an object without one is as plain as any.
        expect(roundTrip(value)).toEqual(roundTrip(roundTrip(value)))
        expect(JSON.stringify(roundTrip(value))).toBe(JSON.stringify(value))
        expect(roundTrip(value)).toEqual(value)
      }),
      { numRuns: 500 },
    )
  })

  test('every JSON value is the same, and its copy is equal and another', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        fc.pre(!setsPrototype(value))
        // -0 is the one JSON value that JSON writes as another.
        const plain = roundTrip(value)
        expect(jsonFate(plain)).toBe('same')
        const copy = jsonCopy(plain)
        expect(isDeepStrictEqual(copy, plain)).toBe(true)
        if (typeof plain === 'object' && plain !== null) expect(copy).not.toBe(plain)
      }),
      { numRuns: 500 },
    )
  })

  test('changed: it changes once, then it stays', () => {
    for (const value of [-0, [-0], { a: undefined }, { a: { b: undefined, c: -0 } }]) {
      expect(jsonFate(value)).toBe('changed')
      expect(jsonFate(roundTrip(value))).toBe('same')
    }
  })

  test('refused: there is a place and a reason', () => {
    fc.assert(
      fc.property(mixed, (value) => {
        if (jsonFate(value) !== 'refused') return
        const { path, reason } = jsonRefusal(value)
        expect(reason).not.toBe('it cannot be written as JSON')
        // Here the key itself is refused, whatever stands behind it.
        if (path.at(-1) === '__proto__') return
        let place: unknown = value
        for (const key of path) place = (place as Record<string | number, unknown>)[key]
        expect(jsonFate(place)).toBe('refused')
      }),
      { numRuns: 500 },
    )
  })

  test('a key __proto__, which JSON holds, and which would set a prototype where it is copied', () => {
    const value: unknown = JSON.parse('{"a":{"__proto__":0}}')
    expect(jsonFate(value)).toBe('refused')
    expect(jsonRefusal(value)).toEqual({ path: ['a', '__proto__'], reason: 'this key is not allowed' })
  })

  test('what is nested without end', () => {
    let deep: unknown = 1
    for (let level = 0; level < 10_000; level++) deep = { deep }
    expect(jsonFate(deep)).toBe('refused')
    expect(jsonRefusal(deep).reason).toBe('it is nested deeper than 200 levels')
  })
})
