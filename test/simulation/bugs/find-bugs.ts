import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Farm } from '../farm.ts'
import { runSchedule } from '../run-schedule.ts'
import { tasksOf } from '../tasks.ts'
import { type Bug, bugs } from './bugs.ts'
import { sown } from './sow.ts'

/** Copies stand inside of the repository, where they find its packages. */
const place = resolve('.bugs')

const seedsOfTask = 50

export interface BugSearch {
  /** Only bugs whose names hold this. */
  readonly named: string
  /** A bug must be found within so many schedules. */
  readonly schedules: number
  readonly jobs: number
}

/** Sows one bug after the other and looks whether the simulation finds it. @returns the names of those it did not. */
export async function findBugs({ named, schedules, jobs }: BugSearch): Promise<readonly string[]> {
  const missed: string[] = []
  for (const bug of bugs.filter(({ name }) => name.includes(named))) {
    const { found, schedules: ran } = await search(bug, schedules, jobs)
    if (found === undefined) missed.push(bug.name)
    console.log(
      `${bug.name.padEnd(52)} ${found === undefined ? 'NOT FOUND' : 'found'} after ${ran} schedules${found ?? ''}`,
    )
  }
  rmSync(place, { recursive: true, force: true })
  return missed
}

async function search(
  bug: Bug,
  schedules: number,
  jobs: number,
): Promise<{ readonly found: string | undefined; readonly schedules: number }> {
  const directory = pathToFileURL(sown(bug, place)).href
  let found: string | undefined
  let ran = 0
  const farm = new Farm(directory, tasksOf(1, schedules, seedsOfTask), async ({ failure, from, to }) => {
    ran += (failure?.seed ?? to) - from + 1
    if (failure === undefined || (await failsWithoutBug(failure.seed))) return 'go on'
    const rules = new Set(failure.violations.map(({ rule }) => rule))
    found ??= `, seed ${failure.seed}: ${[...rules].join(', ')}`
    return 'stop'
  })
  await farm.run(jobs)
  return { found, schedules: ran }
}

/** A seed that breaks a rule without any bug sown proves nothing about the bug. */
async function failsWithoutBug(seed: number): Promise<boolean> {
  const { violations } = await runSchedule(seed)
  if (violations.length > 0) console.log(`seed ${seed} breaks a rule without any bug sown: mend that first`)
  return violations.length > 0
}
