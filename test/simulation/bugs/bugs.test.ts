import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { describe, expect, test } from 'vitest'
import { bundledReplay } from '../simulation-program.ts'
import { bugs } from './bugs.ts'
import { findBugs, shownBug } from './find-bugs.ts'
import { sowing, withBug } from './sow.ts'

describe('bugs to be sown', () => {
  test.each(bugs.map((bug) => [bug.name, bug] as const))(
    '%s: still has its place in the code',
    (_name, bug) => {
      expect(withBug(bug)).toContain(bug.replace)
    },
  )

  test('have names of their own', () => {
    expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length)
  })
})

// A simulation that finds nothing proves nothing, unless it finds what is there.
test('each bug is found within 20,000 schedules', async () => {
  const found = await findBugs(bugs, 20_000, availableParallelism())
  console.log(found.map(shownBug).join('\n'))
  expect(found.filter((result) => result.found === undefined).map(({ bug }) => bug.name)).toEqual([])
}, 600_000)

test('a seed that finds a bug is shrunk to a few sentences which say what came of it', async () => {
  const bug = bugs.find(({ name }) => name === 'reply before durable')!
  const program = await bundledReplay([sowing(bug)])
  const said = await new Promise<string>((resolve) => {
    execFile(process.execPath, [program, '1'], { maxBuffer: 64 * 1024 * 1024 }, (_error, text) =>
      resolve(text),
    )
  })
  await rm(program)
  const [, story = ''] = said.split('The shortest schedule found that breaks [1 acknowledged]:\n')
  expect(story).toMatch(/^\d nodes?; aggregates .*\nsettings: /)
  expect(story).toMatch(/ {2}1\. at \d+ ms.*: a client asks n\d: \w+/)
  expect(story).toMatch(/\nIt breaks:\n {2}\[1 acknowledged\] #\d+ c\d+ at n\d\.\d ledger-a\d: /)
  const [plan = ''] = story.split('\n\nIt breaks:')
  expect(plan.split('\n').length).toBeLessThan(8)
}, 120_000)
