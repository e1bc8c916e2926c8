import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { codeOf, pages, snippetsOf } from './snippets.ts'

describe.each(pages())('%s', (page) => {
  test('shows TypeScript only that is cut from a tested file, as it stands there today', () => {
    for (const { line, source, code } of snippetsOf(page)) {
      const at = `${page}:${line}`
      if (source === undefined) {
        expect.fail(`${at}: put '<!-- snippet: path#region -->' on the line above this fence.`)
      }
      expect(code, `${at} is not what ${source} holds: run 'npm run snippets'.`).toBe(codeOf(source))
    }
  })

  test('links to files that are there', () => {
    const links = readFileSync(page, 'utf8').matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)
    const missing = Array.from(links, ([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(dirname(page), target)))
    expect(missing).toEqual([])
  })
})
