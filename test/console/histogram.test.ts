import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Histogram } from '../../src/console/histogram.ts'

function of(values: readonly number[]): Histogram {
  const histogram = new Histogram()
  for (const value of values) histogram.add(value)
  return histogram
}

test('small durations are exact', () => {
  const histogram = of([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect([0.5, 0.9, 0.99].map((part) => histogram.percentile(part))).toEqual([4, 8, 9])
})

test('nothing has no duration, also after it was cleared', () => {
  const histogram = of([7])
  histogram.clear()
  expect([histogram.total, histogram.percentile(0.99)]).toEqual([0, 0])
})

test('a percentile is at most an eighth above the true one, and never below', () => {
  const durations = fc.array(fc.nat(2 ** 31 - 1), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, part) => {
      const sorted = values.toSorted((one, other) => one - other)
      const truth = sorted[Math.max(1, Math.ceil(values.length * part)) - 1] as number
      const told = of(values).percentile(part)
      expect(told).toBeGreaterThanOrEqual(truth)
      expect(told).toBeLessThanOrEqual(truth + truth / 8)
    }),
  )
})
