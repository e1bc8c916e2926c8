import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openAt, temporaryFolder } from './processes/opened.ts'

describe('the file of an embedded store', () => {
  it('grows with the few snapshots that are kept, not with those that are saved', async () => {
    const path = await temporaryFolder()
    const store = await openAt(path)
    const body = JSON.stringify({ text: 'x'.repeat(50_000) })
    const save = (revision: number) =>
      Promise.all(
        ['a-1', 'a-2', 'a-3'].map((stream) =>
          store.snapshots!.save(stream, { revision, eventId: `event-${revision}`, body }),
        ),
      )
    for (let revision = 0; revision < 50; revision++) await save(revision)
    const { size } = await stat(join(path, 'data.mdb'))
    for (let revision = 50; revision < 300; revision++) await save(revision)
    expect((await stat(join(path, 'data.mdb'))).size).toBeLessThan(size * 2)
    expect((await store.snapshots!.load('a-2'))?.revision).toBe(299)
    expect((await store.snapshots!.load('a-2', 298))?.revision).toBe(298)
    expect((await store.snapshots!.load('a-2', 200))?.revision).toBe(177)
    await store.close()
  })
})
