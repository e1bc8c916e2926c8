import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readStatement, StatementError } from '../../../examples/bank/statement.ts'
import { surveyStatement } from '../../../examples/bank/survey.ts'
import { shippedStatement, syntheticStatement } from '../../../examples/bank/synthetic-statement.ts'

const header = 'account,date,type,amount_hellers,balance_hellers,rounding_hellers'
const deposit = '576,1993-01-01,PRIJEM,90000,90000,0'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'statement-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function fileOf(content: string | Uint8Array): Promise<string> {
  const path = join(folder, 'statement')
  await writeFile(path, content)
  return path
}

async function rowsOf(path: string) {
  const rows = []
  for await (const row of readStatement(path)) rows.push(row)
  return rows
}

const readError = async (path: string): Promise<Error> =>
  rowsOf(path).then(
    () => new Error('it was read without an error'),
    (error) => error as Error,
  )

describe('a statement', () => {
  test('is read as plain CSV, with the byte order mark, line ends and empty lines that spreadsheets make', async () => {
    const rows = await rowsOf(
      await fileOf(`\ufeff${header}\r\n${deposit}\n\r\n576, 1993-01-02 ,VYBER,500,89510,10`),
    )
    expect(rows).toEqual([
      {
        line: 2,
        account: '576',
        date: '1993-01-01',
        kind: 'credit',
        amount: 90000,
        balance: 90000,
        rounding: 0,
        overdraft: undefined,
        status: 'booked',
      },
      expect.objectContaining({ line: 4, date: '1993-01-02', kind: 'debit', amount: 500, rounding: 10 }),
    ])
  })

  test('is read as gzip, whatever its name', async () => {
    expect(await rowsOf(await fileOf(gzipSync(`${header}\n${deposit}\n`)))).toHaveLength(1)
  })

  test('may have its columns in any order, with overdraft and status', async () => {
    const path = await fileOf(
      'status,overdraft_hellers,date,account,type,rounding_hellers,balance_hellers,amount_hellers\n' +
        'declined,5000,1993-01-01,7,VYDAJ,0,-4000,1001\n',
    )
    expect(await rowsOf(path)).toEqual([
      expect.objectContaining({ account: '7', status: 'declined', overdraft: 5000, balance: -4000 }),
    ])
  })

  test('reports a line that is no row with its number and reason, and goes on', async () => {
    const lines = [
      header,
      deposit,
      '576,1993-02-30,PRIJEM,1,90001,0',
      '576,1993-01-01,PRIJEM,1',
      '"576,1993-01-01,GIFT,-1,1.5,11',
      '576,1993-01-03,PRIJEM,1,90001,0',
    ]
    const rows = await rowsOf(await fileOf(lines.join('\n')))
    expect(rows.filter((row) => !('reason' in row)).map((row) => row.line)).toEqual([2, 6])
    expect(rows.filter((row) => 'reason' in row)).toEqual([
      { line: 3, reason: "date '1993-02-30' is no date like 1993-01-31" },
      { line: 4, reason: 'has 4 fields, the header has 6' },
      {
        line: 5,
        reason:
          "account '\"576' is no account number; type 'GIFT' is none of PRIJEM, VYDAJ, VYBER; " +
          "amount_hellers '-1' is not above zero; balance_hellers '1.5' is no whole number of hellers; " +
          "rounding_hellers '11' is not from -10 to 10",
      },
    ])
  })
})

describe('a file that is no statement', () => {
  test('missing', async () => {
    const error = await readError(join(folder, 'nowhere.csv'))
    expect(error).toBeInstanceOf(StatementError)
    expect(error.message).toMatch(/nowhere\.csv cannot be read: there is no such file\.$/)
  })

  test('a directory', async () => {
    expect((await readError(folder)).message).toMatch(/this is a directory\.$/)
  })

  test('empty', async () => {
    expect((await readError(await fileOf(''))).message).toMatch(/is empty/)
  })

  test('without its columns', async () => {
    const { message } = await readError(await fileOf('account,date,amount\n1,2,3\n'))
    expect(message).toMatch(/lacks the columns type, amount_hellers, balance_hellers, rounding_hellers\./)
  })

  test('truncated gzip', async () => {
    const whole = await readFile(shippedStatement)
    const { message } = await readError(await fileOf(whole.subarray(0, whole.length / 2)))
    expect(message).toMatch(/the gzip file is truncated; get it again\.$/)
  })

  test('broken gzip', async () => {
    const whole = await readFile(shippedStatement)
    const { message } = await readError(await fileOf(Buffer.from(whole).fill(0, 50_000, 60_000)))
    expect(message).toMatch(/the gzip file is broken; get it again\.$/)
  })

  test('one endless line', async () => {
    const { message } = await readError(await fileOf(gzipSync('0'.repeat(200_000))))
    expect(message).toMatch(/is no statement: Max Record Size/)
  })
})

describe('the statement of the repository', () => {
  test('is what its maker makes', async () => {
    expect(gunzipSync(await readFile(shippedStatement)).toString()).toBe(syntheticStatement())
  })

  test('has about 20,000 rows over 500 accounts, and withdrawals that are declined', async () => {
    const survey = await surveyStatement(fileURLToPath(shippedStatement))
    expect(survey).toMatchObject({ rows: 20_597, broken: [] })
    expect(survey.lastRows.size).toBe(500)
    const rows = await rowsOf(fileURLToPath(shippedStatement))
    expect(rows.filter((row) => 'status' in row && row.status === 'declined').length).toBeGreaterThan(500)
  })
})
