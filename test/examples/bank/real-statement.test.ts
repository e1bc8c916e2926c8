import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedStore } from 'reenact'
import { expect, test } from 'vitest'
import { bankRun } from './bank-run.ts'

const { REENACT_STATEMENT: statement } = process.env
if (statement === undefined) {
  console.warn('The import of a real statement is left out: REENACT_STATEMENT=path names the file.')
}

test.skipIf(statement === undefined)(
  'a real statement of 46,997 rows: every row chains, the sums agree, again changes nothing',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bank-'))
    try {
      const store = embeddedStore({ path: folder })
      const first = await bankRun(statement as string, store)
      expect(first.result, first.text).toBe('agreed')
      const sums = {
        accounts: '1,229',
        rows: '46,997',
        rejected: '0',
        'sum of balances': '39,296,720.10 (3,929,672,010 hellers)',
      }
      expect(first.table).toMatchObject({ ...sums, accepted: '48,226', duplicates: '0' })

      const second = await bankRun(statement as string, store)
      expect(second.result, second.text).toBe('agreed')
      expect(second.table).toMatchObject({ ...sums, accepted: '0', duplicates: '48,226' })
    } finally {
      await rm(folder, { recursive: true })
    }
  },
  120_000,
)
