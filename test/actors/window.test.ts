import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fingerprintOf } from '../../actors/fingerprint.ts'
import { CommandWindow } from '../../actors/window.ts'

interface Remembered {
  readonly fingerprint: number
  readonly revision: number
}

/** The last W of everything that was ever remembered, in the plainest way. */
class PlainWindow {
  readonly #capacity: number
  all: Remembered[] = []

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  remember(fingerprint: number, revision: number): void {
    this.all = [...this.all, { fingerprint, revision }].slice(-this.#capacity)
  }

  find(fingerprint: number): readonly number[] {
    return this.all
      .filter((one) => one.fingerprint === fingerprint)
      .map(({ revision }) => revision)
      .reverse()
  }
}

// Few different fingerprints whose homes in an index lie next to each other, at its end too: clusters that wrap.
const fingerprints = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.integer({ min: 0, max: 6 }).map((nth) => -1 - nth),
  fc.integer({ min: 0, max: 3 }).map((nth) => nth * 2 ** 16 + 63),
  fc.integer(),
)
const capacities = fc.oneof(
  fc.constantFrom(1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100),
  fc.integer({ min: 1, max: 130 }),
)

function filled(capacity: number, remembered: readonly number[]) {
  const window = new CommandWindow(capacity)
  const plain = new PlainWindow(capacity)
  remembered.forEach((fingerprint, nth) => {
    window.remember(fingerprint, nth * 2)
    plain.remember(fingerprint, nth * 2)
  })
  return { window, plain }
}

/** The dump is read in other processes, by later versions, too: its bytes are little-endian numbers of 32 bits. */
function numbersIn(dump: string): readonly number[] {
  const bytes = Buffer.from(dump, 'base64')
  return Array.from({ length: bytes.length / 4 }, (_, nth) => bytes.readInt32LE(nth * 4))
}

it('remembers the last W commands and nothing else', () => {
  fc.assert(
    fc.property(capacities, fc.array(fingerprints, { maxLength: 400 }), (capacity, remembered) => {
      const { window, plain } = filled(capacity, remembered)
      expect(window.size).toBe(plain.all.length)
      for (const fingerprint of new Set([...remembered, 1, 77])) {
        expect(window.find(fingerprint)).toEqual(plain.find(fingerprint))
      }
    }),
    { numRuns: 300 },
  )
})

it('is the same after each step: an index that closes its gaps wrongly shows at once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 17, max: 40 }),
      fc.array(fingerprints, { minLength: 60, maxLength: 90 }),
      (capacity, all) => {
        const window = new CommandWindow(capacity)
        const plain = new PlainWindow(capacity)
        all.forEach((fingerprint, revision) => {
          window.remember(fingerprint, revision)
          plain.remember(fingerprint, revision)
          const lost = plain.all.filter((one) => !window.find(one.fingerprint).includes(one.revision))
          expect(lost).toEqual([])
        })
      },
    ),
    { numRuns: 50 },
  )
})

it('is dumped and restored as it was, and goes on as it would have', () => {
  fc.assert(
    fc.property(
      capacities,
      fc.array(fingerprints, { maxLength: 200 }),
      fc.array(fingerprints, { maxLength: 100 }),
      (capacity, before, after) => {
        const { window, plain } = filled(capacity, before)
        const dump = window.dump()
        expect(numbersIn(dump)).toEqual(
          plain.all.flatMap(({ fingerprint, revision }) => [fingerprint, revision]),
        )
        const restored = CommandWindow.restore(capacity, dump, before.length * 2)!
        after.forEach((fingerprint, nth) => {
          restored.remember(fingerprint, 10_000 + nth)
          plain.remember(fingerprint, 10_000 + nth)
        })
        for (const fingerprint of new Set([...before, ...after])) {
          expect(restored.find(fingerprint)).toEqual(plain.find(fingerprint))
        }
      },
    ),
  )
})

it('tells revisions beyond 32 bits', () => {
  const window = new CommandWindow(100)
  const first = 2 ** 32 - 1_000
  for (let nth = 0; nth < 60; nth++) window.remember(nth, first + nth * 65_535)
  for (let nth = 0; nth < 60; nth++) expect(window.find(nth)).toEqual([first + nth * 65_535])
  const newest = first + 59 * 65_535
  for (const snapshotAt of [newest, newest + 1, newest + 2 ** 31]) {
    const restored = CommandWindow.restore(100, window.dump(), snapshotAt)!
    for (let nth = 0; nth < 60; nth++) expect(restored.find(nth)).toEqual([first + nth * 65_535])
  }
})

it('keeps the newest when it is restored from a larger window', () => {
  const { window } = filled(
    50,
    Array.from({ length: 50 }, (_, nth) => nth),
  )
  const smaller = CommandWindow.restore(20, window.dump(), 98)!
  expect(smaller.size).toBe(20)
  expect(smaller.find(29)).toEqual([])
  expect(smaller.find(30)).toEqual([60])
  expect(smaller.find(49)).toEqual([98])
})

it.each([
  [null],
  [{}],
  [[1, 2]],
  [12],
  ['AAAA'],
  ['AAAAAAAAAAA'],
  ['AAAA-AAAAAA='],
  ['some text, 12 characters'],
])('is not restored from %j', (dump) => {
  expect(CommandWindow.restore(10, dump, 0)).toBeUndefined()
})

it('has fingerprints of 32 bits that differ for ids which differ in their last character only', () => {
  const ids = Array.from({ length: 20_000 }, (_, nth) => `8f14e45f-ceea-467f-a0e6-${nth}`)
  const found = new Set(ids.map(fingerprintOf))
  for (const fingerprint of found) expect(fingerprint | 0).toBe(fingerprint)
  // Of 20,000 ids in 2^32 places some 0.05 collide.
  expect(found.size).toBeGreaterThan(19_990)
  const lowBits = new Set(ids.slice(0, 1000).map((id) => fingerprintOf(id) & 0xfff))
  expect(lowBits.size).toBeGreaterThan(700)
})

it('takes the memory of an index only once it was searched', () => {
  const window = new CommandWindow(1_000)
  for (let nth = 0; nth < 1_000; nth++) window.remember(nth, nth)
  const withoutIndex = window.bytes
  expect(withoutIndex).toBe(8_000)
  expect(window.find(7)).toEqual([7])
  expect(window.bytes).toBe(withoutIndex + 2_048 * 4)
  window.remember(1_000, 1_000)
  expect(window.find(0)).toEqual([])
  expect(window.find(1_000)).toEqual([1_000])
})
