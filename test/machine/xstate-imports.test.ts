import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('one file alone of src/machine imports xstate, so that a release of it costs one file', () => {
  const folder = join(import.meta.dirname, '../../src/machine')
  const importing = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .filter((name) => /from 'xstate/.test(readFileSync(join(folder, name), 'utf8')))
  expect(importing).toEqual(['xstate-internals.ts'])
})
