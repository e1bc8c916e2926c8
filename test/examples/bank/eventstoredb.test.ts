import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { eventStoreDB } from 'reenact/eventstoredb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { surveyStatement } from '../../../examples/bank/survey.ts'
import { shippedStatement } from '../../../examples/bank/synthetic-statement.ts'
import { onEachServer } from '../../support/eventstoredb/servers.ts'
import { child, type Ended } from '../child.ts'
import { bankRun, tableOf } from './bank-run.ts'

// The bank as `npm start -- --store esdb://...` runs it. On a server that is in use every run has accounts of its own.
const sliceRows = 3_000

// Whole processes that share a busy machine with other tests; nothing here is about time.
vi.setConfig({ testTimeout: 180_000 })

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bank-'))
})
afterEach(() => rm(folder, { recursive: true }))

interface Statement {
  readonly path: string
  readonly rows: number
  readonly commands: number
}

/** The first rows of a statement, for accounts that nobody has had before. */
async function freshStatement(source: string | URL, mostRows: number): Promise<Statement> {
  const path = join(folder, 'statement.csv')
  const bytes = await readFile(source)
  const text = bytes[0] === 0x1f ? gunzipSync(bytes).toString() : bytes.toString()
  const [header = '', ...rows] = text.trimEnd().split('\n')
  const column = header.split(',').indexOf('account')
  const run = randomBytes(6).toString('hex')
  const renamed = rows.slice(0, mostRows).map((row) => {
    const fields = row.split(',')
    return fields.with(column, `${run}.${fields[column]}`).join(',')
  })
  await writeFile(path, [header, ...renamed].join('\n'))
  return {
    path,
    rows: renamed.length,
    commands: renamed.length + (await surveyStatement(path)).lastRows.size,
  }
}

const count = (text = ''): number => Number(text.replaceAll(',', ''))

function expectComplete({ code, stdout, stderr }: Ended): { accepted: number; duplicates: number } {
  expect(code, `${stdout}${stderr}`).toBe(0)
  expect(stdout).toMatch(/Every balance is what the file says, before and after the restart\.\n$/)
  const { accepted, duplicates, ...table } = tableOf(stdout)
  expect(table).toMatchObject({
    rejected: '0',
    durable: expect.stringMatching(/^yes: acknowledged by esdb:/),
  })
  return { accepted: count(accepted), duplicates: count(duplicates) }
}

onEachServer('npm start', (connectionString) => {
  const bank = (file: string, onOutput?: Parameters<typeof child>[3]): Promise<Ended> =>
    child('examples/bank/main.ts', ['--store', connectionString(), '--file', file], folder, onOutput).ended

  /** Sends the signal when the import has said that it is under way. */
  function interrupted(file: string, signal: NodeJS.Signals): Promise<Ended> {
    let state: 'waiting' | 'sent' = 'waiting'
    return bank(file, (process, stdout) => {
      if (state === 'sent' || !stdout.includes(' commands/s')) return
      state = 'sent'
      process.kill(signal)
    })
  }

  test('is stopped with Ctrl-C, killed, and completed by the next run; after that, every row is a duplicate', async () => {
    const { path, rows, commands } = await freshStatement(shippedStatement, sliceRows)
    const stopped = await interrupted(path, 'SIGINT')
    expect(stopped.code, stopped.stderr).toBe(130)
    const [, imported, left] =
      /Stopped\. ([\d,]+) rows are imported and safe, ([\d,]+) are left/.exec(stopped.stdout) ?? []
    expect(count(imported) + count(left)).toBe(rows)
    expect((await interrupted(path, 'SIGKILL')).code).toBeNull()
    const { accepted, duplicates } = expectComplete(await bank(path))
    expect(accepted + duplicates).toBe(commands)
    expect(duplicates).toBeGreaterThanOrEqual(count(imported))
    expect(expectComplete(await bank(path))).toEqual({ accepted: 0, duplicates: commands })
  })

  const { REENACT_STATEMENT: real } = process.env
  test.skipIf(real === undefined)(
    'imports a real statement with the sums of its bank [left out where REENACT_STATEMENT is not set]',
    async () => {
      const { path } = await freshStatement(real ?? '', Number.POSITIVE_INFINITY)
      const store = eventStoreDB({ connectionString: connectionString() })
      const sums = {
        accounts: '1,229',
        rows: '46,997',
        rejected: '0',
        'sum of balances': '39,296,720.10 (3,929,672,010 hellers)',
      }
      const first = await bankRun(path, store)
      expect(first.table, first.text).toMatchObject({ ...sums, accepted: '48,226', duplicates: '0' })
      const second = await bankRun(path, store)
      expect(second.table, second.text).toMatchObject({ ...sums, accepted: '0', duplicates: '48,226' })
    },
  )
})
