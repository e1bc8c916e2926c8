import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { child } from '../child.ts'

test('the first steps: one of two gets the seat, and keeps it through a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'first-steps-'))
  const run = () => child('examples/first-steps/main.ts', [], folder).ended
  try {
    expect(await run()).toEqual({
      code: 0,
      stdout: 'Ann: accepted, Bob: this seat is taken\ntaken by Ann, revision 0\n',
      stderr: '',
    })
    expect((await run()).stdout).toBe('Ann: rejected, Bob: this seat is taken\ntaken by Ann, revision 0\n')
  } finally {
    await rm(folder, { recursive: true })
  }
})
