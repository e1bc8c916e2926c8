import { expect, it } from 'vitest'
import { backoffDelay } from '../../actors/backoff.ts'
import type { Runtime } from '../../src/runtime.ts'
import { simulatedRuntime } from '../../src/testing/index.ts'

const backoff = { firstMs: 100, mostMs: 1_500 }
const always = (random: number): Runtime => ({ ...simulatedRuntime(), random: () => random }) as Runtime

it('doubles from the first to the longest wait, half of it random', () => {
  const attempts = [1, 2, 3, 4, 5, 6, 40, 4_000]
  expect(attempts.map((attempt) => backoffDelay(always(0), backoff, attempt))).toEqual([
    50, 100, 200, 400, 750, 750, 750, 750,
  ])
  expect(attempts.map((attempt) => backoffDelay(always(0.5), backoff, attempt))).toEqual([
    75, 150, 300, 600, 1125, 1125, 1125, 1125,
  ])
})

it('differs for two who lost at the same instant', () => {
  const runtime = simulatedRuntime()
  const delays = Array.from({ length: 20 }, () => backoffDelay(runtime, backoff, 3))
  expect(new Set(delays).size).toBe(20)
  for (const delay of delays) {
    expect(delay).toBeGreaterThanOrEqual(200)
    expect(delay).toBeLessThan(400)
  }
})
