import { rm } from 'node:fs/promises'
import { Farm } from '../farm.ts'
import { runSchedule } from '../run-schedule.ts'
import { bundledWorker } from '../simulation-program.ts'
import { tasksOf } from '../tasks.ts'
import type { Bug } from './bugs.ts'
import { sowing } from './sow.ts'

const seedsOfTask = 25
/** Some bugs let the runtime run in circles; nobody wants to watch that for minutes. */
const patienceMs = 15_000

export interface FoundBug {
  readonly bug: Bug
  /** The first seed that finds it, and the rules that it breaks; `undefined`: none of those that were tried. */
  readonly found: { readonly seed: number; readonly rules: readonly string[] } | undefined
}

/**
 * Sows each bug into a copy of the runtime and runs one schedule after the other on it until a rule breaks.
 * @param schedules a bug must be found within so many.
 * @param jobs so many bugs at a time.
 */
export async function findBugs(
  bugs: readonly Bug[],
  schedules: number,
  jobs: number,
  onFound: (found: FoundBug) => void = () => undefined,
): Promise<readonly FoundBug[]> {
  const found: FoundBug[] = []
  const waiting = bugs[Symbol.iterator]()
  const lane = async (): Promise<void> => {
    for (const bug of waiting) {
      const result = { bug, found: await search(bug, schedules) }
      found.push(result)
      onFound(result)
    }
  }
  await Promise.all(Array.from({ length: jobs }, lane))
  return found
}

/** One line for people. */
export function shownBug({ bug, found }: FoundBug): string {
  return `${bug.name.padEnd(52)} ${found === undefined ? 'NOT FOUND' : `found by seed ${found.seed}: ${found.rules.join(', ')}`}`
}

async function search(bug: Bug, schedules: number): Promise<FoundBug['found']> {
  const worker = await bundledWorker(bug.name.replaceAll(/\W+/g, '-'), [sowing(bug)])
  let found: FoundBug['found']
  const farm = new Farm(
    worker,
    tasksOf(1, schedules, seedsOfTask),
    async ({ failure }) => {
      if (failure === undefined || (await failsWithoutBug(failure.seed))) return 'go on'
      found = { seed: failure.seed, rules: [...new Set(failure.violations.map(({ rule }) => rule))] }
      return 'stop'
    },
    patienceMs,
  )
  await farm.run(1)
  await rm(worker)
  return found
}

/** A seed that breaks a rule without any bug sown proves nothing about the bug. */
async function failsWithoutBug(seed: number): Promise<boolean> {
  const { violations } = await runSchedule(seed)
  if (violations.length > 0) console.log(`seed ${seed} breaks a rule without any bug sown: mend that first`)
  return violations.length > 0
}
