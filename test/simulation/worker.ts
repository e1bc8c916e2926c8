import { Coverage, type CoverageCounts } from './coverage.ts'
import { type Figures, noFigures, sumOf } from './figures.ts'
import type { Violation } from './history.ts'
import { runSchedule } from './run-schedule.ts'
import type { Task } from './tasks.ts'

export interface TaskResult extends Task {
  readonly figures: Figures
  readonly coverage: CoverageCounts
  /** The first schedule that broke a rule; those after it were not run. */
  readonly failure: { readonly seed: number; readonly violations: readonly Violation[] } | undefined
}

export type WorkerMessage =
  | { readonly kind: 'begins'; readonly seed: number }
  | { readonly kind: 'result'; readonly result: TaskResult }

// Thousands of expected errors a second; where one matters, its seed is run again with all its stack.
Error.stackTraceLimit = 0

async function run({ from, to }: Task): Promise<TaskResult> {
  const coverage = new Coverage()
  let figures = noFigures
  for (let seed = from; seed <= to; seed++) {
    say({ kind: 'begins', seed })
    const { violations, strikes, figures: more } = await runSchedule(seed)
    figures = sumOf(figures, more)
    coverage.addSchedule(strikes)
    if (violations.length === 0) continue
    return { from, to, figures, coverage: coverage.counts, failure: { seed, violations } }
  }
  return { from, to, figures, coverage: coverage.counts, failure: undefined }
}

function say(message: WorkerMessage): void {
  process.send?.(message)
}

process.on('message', async (task: Task) => {
  say({ kind: 'result', result: await run(task) })
})
