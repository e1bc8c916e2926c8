import { Coverage, type CoverageCounts } from './coverage.ts'
import type { Violation } from './history.ts'
import { runSchedule } from './run-schedule.ts'
import type { Task } from './tasks.ts'

export interface TaskResult extends Task {
  readonly asks: number
  readonly coverage: CoverageCounts
  /** The first schedule that broke a rule; those after it were not run. */
  readonly failure: { readonly seed: number; readonly violations: readonly Violation[] } | undefined
}

// Thousands of expected errors a second; where one matters, its seed is run again with all its stack.
Error.stackTraceLimit = 0

async function run({ from, to }: Task): Promise<TaskResult> {
  const coverage = new Coverage()
  let asks = 0
  for (let seed = from; seed <= to; seed++) {
    const result = await runSchedule(seed)
    asks += result.asks
    coverage.addSchedule(result.strikes)
    if (result.violations.length > 0) {
      return { from, to, asks, coverage: coverage.counts, failure: { seed, violations: result.violations } }
    }
  }
  return { from, to, asks, coverage: coverage.counts, failure: undefined }
}

process.on('message', async (task: Task) => {
  process.send?.(await run(task))
})
