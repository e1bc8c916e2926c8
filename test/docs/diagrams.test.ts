import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { pictures } from './diagrams.ts'

it.each(pictures)('$path shows the machine of today', async ({ path, draw }) => {
  expect(readFileSync(path, 'utf8'), `run 'npm run diagrams'`).toBe(await draw())
})
