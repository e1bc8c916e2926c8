import type { Violation } from './history.ts'
import { narrated } from './narrate.ts'
import { runSchedule } from './run-schedule.ts'
import { shrunkPlan } from './shrink-plan.ts'
import { neverEnds } from './tasks.ts'

/** Runs one schedule and shows its trace; where it breaks a rule, also the shortest one that does. @returns the exit code. */
export async function replay(seed: number): Promise<number> {
  const { trace, violations } = await runSchedule(seed, 'traced')
  console.log(trace.join('\n'))
  if (violations.length === 0) {
    console.log(`\nSeed ${seed} breaks no rule.`)
    return 0
  }
  await explain(seed, violations)
  return 1
}

/** Tells what a seed breaks, and by which shortest schedule: who did what, when, and what came of it. */
export async function explain(seed: number, violations: readonly Violation[]): Promise<void> {
  console.log(`\nSeed ${seed} breaks:\n${shown(violations.slice(0, 10))}`)
  const [first] = violations
  if (first === undefined || first.rule === neverEnds) return
  console.log(`\nThe shortest schedule found that breaks [${first.rule}]:`)
  const plan = await shrunkPlan(seed, first.rule)
  const { trace, violations: rest } = await runSchedule(plan, 'traced')
  console.log(
    `${narrated(plan)}\n\nIt breaks:\n${shown(rest.slice(0, 3))}\n\nIts trace:\n${trace.join('\n')}`,
  )
  console.log(`\nSee all of it again: npm run simulate -- --seed ${seed}`)
}

function shown(violations: readonly Violation[]): string {
  return violations.map(({ rule, what }) => `  [${rule}] ${what}`).join('\n')
}
