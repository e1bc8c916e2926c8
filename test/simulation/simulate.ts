import { rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { bugs } from './bugs/bugs.ts'
import { findBugs, shownBug } from './bugs/find-bugs.ts'
import { replayWithBug } from './bugs/replay-with-bug.ts'
import { Coverage } from './coverage.ts'
import { Farm } from './farm.ts'
import { meansOf, noFigures, sumOf } from './figures.ts'
import { killRounds } from './real/kill-rounds.ts'
import { explain, replay } from './replay.ts'
import { bundledWorker } from './simulation-program.ts'
import { tasksOf } from './tasks.ts'
import type { TaskResult } from './worker.ts'

const help = `npm run simulate -- [options]
  --schedules N   run N schedules (default 20,000), on all cores; ends at the first that breaks a rule
  --from N        the first seed (default 1)
  --jobs N        processes (default: one for each core)
  --seed N        run one schedule, show its trace, and shrink it if it breaks a rule
  --kills N       the same clients and checks on real parts: N rounds of kill -9 on the embedded store, and of
                  kills and network trouble on the EventStoreDB of REENACT_ESDB_URL, where it is set
  --bugs [NAME]   sow known bugs into copies of the runtime, and look whether each is found;
                  with --seed: run one schedule on the first bug of this name, and shrink it`

const seedsOfTask = 100

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      schedules: { type: 'string', default: '20000' },
      from: { type: 'string', default: '1' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      seed: { type: 'string' },
      kills: { type: 'string' },
      bugs: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(help)
    return 0
  }
  if (values.kills !== undefined) {
    return killRounds(numberOf('kills', values.kills), numberOf('from', values.from))
  }
  const named = bugs.filter(({ name }) => name.includes(positionals[0] ?? ''))
  if (values.seed !== undefined) {
    const seed = numberOf('seed', values.seed)
    const [bug] = named
    return values.bugs && bug !== undefined ? replayWithBug(bug, seed) : replay(seed)
  }
  const from = numberOf('from', values.from)
  const schedules = numberOf('schedules', values.schedules)
  const jobs = numberOf('jobs', values.jobs)
  if (values.bugs) {
    const found = await findBugs(named, schedules, jobs, (result) => console.log(shownBug(result)))
    const missed = found.filter((result) => result.found === undefined)
    console.log(`${found.length - missed.length} of ${found.length} bugs found`)
    return missed.length === 0 ? 0 : 1
  }
  return search(from, from + schedules - 1, jobs)
}

function numberOf(option: string, text: string): number {
  const value = Number(text.replaceAll(/[,_]/g, ''))
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new Error(`--${option} takes a whole number, not '${text}'.\n${help}`)
}

async function search(from: number, to: number, jobs: number): Promise<number> {
  const startedAt = performance.now()
  const showProgress = progressOf(to - from + 1)
  const coverage = new Coverage()
  let figures = noFigures
  let failure: TaskResult['failure']
  const worker = await bundledWorker()
  const farm = new Farm(worker, tasksOf(from, to, seedsOfTask), (result) => {
    coverage.add(result.coverage)
    figures = sumOf(figures, result.figures)
    failure ??= result.failure
    showProgress(figures.schedules)
    return failure === undefined ? 'go on' : 'stop'
  })
  await farm.run(jobs)
  await rm(worker)
  const seconds = (performance.now() - startedAt) / 1000
  console.log(`\n${coverage.report()}`)
  console.log(
    `${meansOf(figures)}\n${figures.schedules} schedules in ${seconds.toFixed(1)} s on ${jobs} processes, ${(figures.schedules / seconds).toFixed(0)}/s`,
  )
  if (failure === undefined) {
    console.log('no rule broken')
    return 0
  }
  await explain(failure.seed, failure.violations)
  return 1
}

/** One line that is written over on a terminal; elsewhere, one for each half minute. */
function progressOf(all: number): (schedules: number) => void {
  const startedAt = performance.now()
  let shownAt = startedAt
  return (schedules) => {
    const now = performance.now()
    const perMs = schedules / (now - startedAt)
    const minutesLeft = Math.ceil((all - schedules) / perMs / 60_000)
    const line = `${schedules} of ${all} schedules, ${Math.round(perMs * 1_000)}/s, ${minutesLeft} min left`
    if (process.stderr.isTTY) process.stderr.write(`\r${line}   `)
    else if (now - shownAt >= 30_000) {
      shownAt = now
      console.error(line)
    }
  }
}

process.exitCode = await main()
