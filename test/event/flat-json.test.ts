import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FlatJson } from '../../src/event/flat-json.ts'
import { isPlain, jsonFate } from '../../src/event/json-walk.ts'

/** Texts that need escapes, are no ASCII or are no texts at all by themselves, among those that are bare. */
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '\n', '\u007f', '\u0080', '\u2028', '\ud800', 'x'.repeat(64), 'x'.repeat(65)),
)
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(-0, 0, 1e21, 1e-7, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
)
const value = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(text, number, fc.boolean(), fc.constant(null)) },
  { weight: 1, arbitrary: fc.anything({ maxDepth: 2, withBigInt: true, withDate: true, withMap: true }) },
)
const key = fc.oneof(fc.string(), fc.constantFrom('a', 'b', '0', '12', '__proto__', 'toJSON', 'ä', '"'))
const payload = fc.dictionary(key, value, { maxKeys: 20 })

function agreesWithStringify(flat: FlatJson, given: Record<string, unknown>): void {
  const written = flat.textOf(given)
  if (written === undefined) return
  expect(written).toBe(JSON.stringify(given))
  expect(Buffer.byteLength(written)).toBe(written.length)
  expect(jsonFate(given)).toBe('same')
}

describe('the text of a flat payload', () => {
  test('is that of JSON.stringify, whatever was written before', () => {
    const one = new FlatJson()
    fc.assert(
      fc.property(payload, (given) => {
        fc.pre(isPlain(given))
        agreesWithStringify(new FlatJson(), given)
        agreesWithStringify(one, given)
      }),
      { numRuns: 2_000 },
    )
  })

  test('is written for numbers, bare texts, booleans and null', () => {
    const bare = fc.stringMatching(/^[ !#-[\]-~]{0,64}$/)
    const finite = fc
      .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
      .map((n) => n + 0)
    const flat = new FlatJson()
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.stringMatching(/^[a-z]{1,8}$/),
          fc.oneof(bare, finite, fc.boolean(), fc.constant(null)),
          {
            maxKeys: 16,
          },
        ),
        (given) => {
          expect(flat.textOf(given)).toBe(JSON.stringify(given))
        },
      ),
    )
  })

  test.each([
    ['nested', { a: { b: 1 } }],
    ['a list', { a: [] }],
    ['a key that JSON leaves out', { a: undefined }],
    ['-0, which JSON changes', { a: -0 }],
    ['what JSON cannot hold', { a: Number.NaN }],
    ['a function', { toJSON: () => 1 }],
    ['a text with escapes', { a: 'say "yes"' }],
    ['a text that is not ASCII', { a: 'ä' }],
    ['a key with escapes', { '"': 1 }],
    ['a key that would set a prototype', JSON.parse('{"__proto__":1}') as object],
    ['many keys', Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`k${at}`, at]))],
  ])('is left to JSON.stringify: %s', (_, given) => {
    expect(new FlatJson().textOf(given)).toBeUndefined()
  })
})
