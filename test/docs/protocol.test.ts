import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

const page = 'docs/protocol.md'

/** The rows of the table below a heading: the number, and the test files that it names. */
function rowsBelow(heading: string): ReadonlyMap<number, readonly string[]> {
  const [, section = ''] = readFileSync(page, 'utf8').split(`\n## ${heading}\n`)
  const [table = ''] = section.split('\n## ')
  return new Map(
    Array.from(table.matchAll(/^\| (\d+) \|.*\| ([^|]*) \|$/gm), ([, number, tests = '']) => [
      Number(number),
      Array.from(tests.matchAll(/\]\(([^)]+)\)/g), ([, path = '']) => join(dirname(page), path)).sort(),
    ]),
  )
}

/** The test files that hold a test named after `kind` and a number. */
function namedTests(kind: string): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, Set<string>>()
  for (const name of readdirSync('test', { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.test.ts')) continue
    const path = join('test', name)
    for (const [, number] of readFileSync(path, 'utf8').matchAll(new RegExp(`['"\`]${kind} (\\d+): `, 'g'))) {
      const files = found.get(Number(number)) ?? new Set()
      found.set(Number(number), files.add(path))
    }
  }
  return new Map([...found].map(([number, files]) => [number, [...files].sort()]))
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1)

describe.each([
  ['rule', 'The rules', 20],
  ['invariant', 'The invariants', 14],
])('every %s of the protocol', (kind, heading, count) => {
  const rows = rowsBelow(heading)
  const named = namedTests(kind)

  test.each(numbers(count))(`${kind} %i has tests of its name, and the page names their files`, (number) => {
    expect(rows.get(number)).not.toEqual([])
    expect(named.get(number)).toEqual(expect.arrayContaining([...(rows.get(number) ?? [])]))
  })

  test('and no other', () => {
    expect([...rows.keys()]).toEqual(numbers(count))
    expect([...named.keys()].filter((number) => !rows.has(number))).toEqual([])
  })
})
