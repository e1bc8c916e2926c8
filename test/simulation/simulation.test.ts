import { describe, expect, test } from 'vitest'
import { Coverage } from './coverage.ts'
import { narrated } from './narrate.ts'
import type { Plan } from './plan.ts'
import { planOf } from './plan-of.ts'
import { runSchedule } from './run-schedule.ts'
import { shrunkPlan } from './shrink-plan.ts'

describe('a schedule', () => {
  test('has the same trace each time, line by line', async () => {
    for (const seed of [3, 14, 159]) {
      const first = await runSchedule(seed, 'traced')
      const second = await runSchedule(seed, 'traced')
      expect(second.trace).toEqual(first.trace)
      expect(first.trace.length).toBeGreaterThan(10)
    }
  })

  test('has that trace also where its faults are told instead of drawn, and after a way through JSON', async () => {
    for (const seed of [26, 53, 58]) {
      const drawn = await runSchedule(seed, 'traced')
      const told: Plan = { ...planOf(seed), faults: { kind: 'exactly', faults: drawn.faults } }
      const again = await runSchedule(JSON.parse(JSON.stringify(told)) as Plan, 'traced')
      expect(again.trace).toEqual(drawn.trace)
    }
  })

  test('can be read', () => {
    expect(narrated(planOf(7))).toMatch(/^\d nodes, \d aggregates, .*\n {2}1\. /)
  })
})

// `npm run simulate` runs as many as one likes; these are here so that a broken rule is seen at once.
test('a hundred and fifty schedules break no rule', async () => {
  const coverage = new Coverage()
  for (let seed = 1; seed <= 150; seed++) {
    const { violations, strikes } = await runSchedule(seed)
    coverage.addSchedule(strikes)
    expect(violations, `seed ${seed}: npm run simulate -- --seed ${seed}`).toEqual([])
  }
  expect(coverage.report()).toContain('lateCommit')
})

test('the shortest schedule of one that breaks no rule is the schedule itself', async () => {
  expect(await shrunkPlan(5, '3 one effect')).toEqual(planOf(5))
})
