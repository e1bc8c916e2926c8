import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { memoryStore, start } from 'reenact'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { account } from '../../../examples/bank/account.ts'
import { importStatement } from '../../../examples/bank/import-statement.ts'
import { shippedStatement } from '../../../examples/bank/synthetic-statement.ts'
import { bankRun } from './bank-run.ts'

// Whole imports on a machine that is shared with other tests; nothing here is about time.
vi.setConfig({ testTimeout: 120_000 })

const shipped = fileURLToPath(shippedStatement)
const header = 'account,date,type,amount_hellers,balance_hellers,rounding_hellers'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bank-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function fileOf(...rows: readonly string[]): Promise<string> {
  const path = join(folder, 'statement.csv')
  await writeFile(path, [header, ...rows].join('\n'))
  return path
}

describe('the shipped statement', () => {
  const store = memoryStore()

  test('is imported, and every row and balance is as it says', async () => {
    const { result, text, table } = await bankRun(shipped, store)
    expect(result, text).toBe('agreed')
    expect(table).toMatchObject({
      accounts: '500',
      rows: '20,597',
      accepted: '21,097',
      duplicates: '0',
      rejected: '0',
      declined: expect.stringMatching(/^1,175 /),
      'sum of balances': '2,037,379.20 (203,737,920 hellers)',
    })
    expect(text).toMatch(/Every balance is what the file says, before and after the restart\.\n$/)
  })

  test('changes nothing when it is imported again: every row is a duplicate with its first outcome', async () => {
    const { result, text, table } = await bankRun(shipped, store)
    expect(result, text).toBe('agreed')
    expect(table).toMatchObject({
      accepted: '0',
      duplicates: '21,097',
      rejected: '0',
      declined: expect.stringMatching(/^1,175 /),
      'sum of balances': '2,037,379.20 (203,737,920 hellers)',
    })
    expect(text).toContain('Nothing new: every row was imported before')
  })
})

test('an import that is interrupted says what is left, and the next one completes it', async () => {
  const store = memoryStore()
  const stopping = new AbortController()
  const stopAtFirstTenth = (text: string): void => {
    if (text.includes('commands/s')) stopping.abort()
  }
  const first = await bankRun(shipped, store, stopping.signal, stopAtFirstTenth)
  expect(first.result).toBe('interrupted')
  const [, imported = '', left = ''] = /Stopped\. ([\d,]+) rows .* ([\d,]+) are left/.exec(first.text) ?? []
  const count = (text: string): number => Number(text.replaceAll(',', ''))
  expect(count(imported)).toBeGreaterThan(2000)
  expect(count(imported) + count(left)).toBe(20_597)

  const second = await bankRun(shipped, store)
  expect(second.result, second.text).toBe('agreed')
  const { accepted = '', duplicates = '' } = second.table
  expect(count(duplicates)).toBeGreaterThanOrEqual(count(imported))
  expect(count(accepted) + count(duplicates)).toBe(21_097)
})

describe('a statement that is not as it should be', () => {
  test('a line that is no row is reported with its number, the rest is imported', async () => {
    const path = await fileOf(
      '1,2024-01-01,PRIJEM,500,500,0',
      '2,2024-01-01,PRIJEM,700,700,0',
      '2,2024-01-xx,PRIJEM,100,800,0',
      '1,2024-01-02,VYBER,100,400,0',
    )
    const { result, text, table } = await bankRun(path, memoryStore())
    expect(result).toBe('parted')
    expect(text).toContain("left out: 1\n  - line 4 date '2024-01-xx' is no date like 1993-01-31")
    expect(text).not.toContain('differ')
    expect(text).toMatch(/Not everything is as the file says: see above\.\n$/)
    expect(table).toMatchObject({ accounts: '2', rows: '3', accepted: '5' })
  })

  test('a balance that does not chain is reported where it parts, and only there', async () => {
    const path = await fileOf(
      '1,2024-01-01,PRIJEM,500,500,0',
      '1,2024-01-02,PRIJEM,100,650,0',
      '1,2024-01-03,VYBER,100,550,0',
    )
    const { result, text } = await bankRun(path, memoryStore())
    expect(result).toBe('parted')
    expect(text).toContain(
      'Rows that were answered otherwise than the file says: 1\n' +
        '  - account 1, line 3: the balance moves by 1.50 in the file, by 1.00 in the account\n',
    )
    expect(text).toContain('account 1, line 4: the file ends at 5.50, the account holds 5.00')
  })

  test('a withdrawal that the file calls booked and the account declines is reported', async () => {
    const path = join(folder, 'statement.csv')
    await writeFile(
      path,
      `${header},overdraft_hellers\n1,2024-01-01,PRIJEM,500,500,0,0\n1,2024-01-02,VYDAJ,501,-1,0,0\n`,
    )
    const { result, text } = await bankRun(path, memoryStore())
    expect(result).toBe('parted')
    expect(text).toContain('account 1, line 3: the file says booked, the account declined it')
  })

  test('a mended line is imported by the next run, and no other row twice', async () => {
    const store = memoryStore()
    const first = '1,2024-01-01,PRIJEM,500,500,0'
    const last = '1,2024-01-03,PRIJEM,1,601,0'
    await bankRun(await fileOf(first, '1,2024-01-02,GIFT,100,600,0', last), store)
    const { result, text, table } = await bankRun(
      await fileOf(first, '1,2024-01-02,PRIJEM,100,600,0', last),
      store,
    )
    expect(result, text).toBe('agreed')
    expect(table).toMatchObject({ accepted: '1', duplicates: '3' })
  })

  test('one without rows leaves everything as it is', async () => {
    const { result, table } = await bankRun(await fileOf(), memoryStore())
    expect(result).toBe('agreed')
    expect(table).toMatchObject({ accounts: '0', rows: '0' })
  })
})

test('a duplicate is answered with the revision and the events of its first run', async () => {
  const store = memoryStore()
  const rows = [
    '1,2024-01-01,PRIJEM,500,500,0',
    '1,2024-01-02,VYBER,100,400,0',
    '2,2024-01-02,PRIJEM,5,15,10',
  ]
  const path = await fileOf(...rows)
  const outcomes = async (): Promise<readonly unknown[]> => {
    const answered: unknown[] = []
    await using system = await start({ aggregates: [account], store })
    system.inspect((event) => {
      if (event.kind !== 'commandAnswered' || event.outcome.status === 'rejected') return
      const { commandId, revision, events } = event.outcome
      answered.push({ account: event.id, commandId, revision, events })
    })
    const { signal } = new AbortController()
    await importStatement(system, { path, outstanding: 1, signal, onRow: () => undefined })
    return answered
  }
  const first = await outcomes()
  expect(first).toHaveLength(5)
  expect(await outcomes()).toEqual(first)
})
