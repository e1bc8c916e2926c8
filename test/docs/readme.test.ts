import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('the README leads to every page', () => {
  const readme = readFileSync('README.md', 'utf8')
  const pages = readdirSync('docs').filter((name) => name.endsWith('.md'))
  expect(pages.filter((name) => !readme.includes(`](docs/${name})`))).toEqual([])
})
