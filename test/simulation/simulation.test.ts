import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { Coverage } from './coverage.ts'
import { narrated } from './narrate.ts'
import type { Plan } from './plan.ts'
import { planOf } from './plan-of.ts'
import { runSchedule } from './run-schedule.ts'
import { shrunkPlan } from './shrink-plan.ts'
import { bundledReplay } from './simulation-program.ts'

describe('a schedule', () => {
  test('has the same trace each time, line by line', async () => {
    for (const seed of [3, 14, 159]) {
      const first = await runSchedule(seed, 'traced')
      const second = await runSchedule(seed, 'traced')
      expect(second.trace).toEqual(first.trace)
      expect(first.trace.length).toBeGreaterThan(10)
    }
  })

  test('has that trace whatever ran before it', async () => {
    const seeds = Array.from({ length: 20 }, (_, nth) => 500 + nth)
    const traces = new Map<number, readonly string[]>()
    for (const seed of seeds) traces.set(seed, (await runSchedule(seed, 'traced')).trace)
    for (const seed of seeds.reverse()) {
      expect((await runSchedule(seed, 'traced')).trace, `seed ${seed}`).toEqual(traces.get(seed))
    }
  })

  test('has that trace byte for byte in another process, compiled another way', async () => {
    const program = await bundledReplay()
    for (const seed of [3, 26, 4711]) {
      const { stdout } = await promisify(execFile)(process.execPath, [program, String(seed)], {
        maxBuffer: 64 * 1024 * 1024,
      })
      const { trace } = await runSchedule(seed, 'traced')
      expect(stdout).toBe(`${trace.join('\n')}\n\nSeed ${seed} breaks no rule.\n`)
    }
    await rm(program)
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
    expect(narrated(planOf(7))).toMatch(/^\d nodes?; aggregates a0.*\nsettings: .*\n {2}1\. at 0 ms/)
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
