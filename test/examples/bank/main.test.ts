import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { surveyStatement } from '../../../examples/bank/survey.ts'
import { shippedStatement } from '../../../examples/bank/synthetic-statement.ts'
import { child, type Ended } from '../child.ts'
import { tableOf } from './bank-run.ts'

// The bank as `npm start` runs it: a process of its own, on the embedded store. Runs that are repeated take the
// first rows of the shipped statement only.
const sliceRows = 3_000

// Whole processes that share a busy machine with other tests; nothing here is about time.
vi.setConfig({ testTimeout: 120_000 })

let folder: string
let slice: string
let accountsOfSlice: number
let commandsOfSlice: number
beforeAll(async () => {
  slice = join(await mkdtemp(join(tmpdir(), 'slice-')), 'statement.csv')
  const lines = gunzipSync(await readFile(shippedStatement))
    .toString()
    .split('\n')
  await writeFile(slice, lines.slice(0, 1 + sliceRows).join('\n'))
  accountsOfSlice = (await surveyStatement(slice)).lastRows.size
  commandsOfSlice = sliceRows + accountsOfSlice
})
afterAll(() => rm(dirname(slice), { recursive: true }))
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bank-'))
})
afterEach(() => rm(folder, { recursive: true }))

const bank = (...args: readonly string[]): Promise<Ended> =>
  child('examples/bank/main.ts', args, folder).ended

/** Sends the signals, one after the other, when the import has said that it is under way. */
function interruptedBank(...signals: readonly NodeJS.Signals[]): Promise<Ended> {
  const waiting = [...signals]
  return child('examples/bank/main.ts', ['--file', slice], folder, (process, stdout) => {
    if (!stdout.includes(' commands/s')) return
    for (const signal of waiting.splice(0)) process.kill(signal)
  }).ended
}

const count = (text = ''): number => Number(text.replaceAll(',', ''))

/** How many commands took effect, and how many had before. */
function expectComplete({ code, stdout, stderr }: Ended): { accepted: number; duplicates: number } {
  expect(code, `${stdout}${stderr}`).toBe(0)
  expect(stdout).toMatch(/Every balance is what the file says, before and after the restart\.\n$/)
  const { accepted, duplicates, ...table } = tableOf(stdout)
  expect(table).toMatchObject({ rejected: '0' })
  return { accepted: count(accepted), duplicates: count(duplicates) }
}

describe('npm start', () => {
  test('imports the shipped statement, checks, restarts and checks again', async () => {
    const ended = await bank()
    expect(expectComplete(ended)).toEqual({ accepted: 21_097, duplicates: 0 })
    expect(tableOf(ended.stdout)).toMatchObject({
      accounts: '500',
      'sum of balances': '2,037,379.20 (203,737,920 hellers)',
      durable: 'yes: on disk in .reenact/bank before each answer',
    })
  })

  test('has nothing left to do the second time, and everything after a fresh start', async () => {
    const everything = { accepted: commandsOfSlice, duplicates: 0 }
    expect(expectComplete(await bank('--file', slice))).toEqual(everything)
    expect(expectComplete(await bank('--file', slice))).toEqual({ accepted: 0, duplicates: commandsOfSlice })
    expect(expectComplete(await bank('--file', slice, '--fresh'))).toEqual(everything)
  })

  test('killed in the middle, it is completed by the next run with the same sums', async () => {
    for (let round = 0; round < 2; round++) expect((await interruptedBank('SIGKILL')).code).toBeNull()
    const { accepted, duplicates } = expectComplete(await bank('--file', slice))
    expect(accepted + duplicates).toBe(commandsOfSlice)
    expect(duplicates).toBeGreaterThan(0)
  })

  test('stopped with Ctrl-C, it says what is left and the next run completes it', async () => {
    const stopped = await interruptedBank('SIGINT')
    expect(stopped.code, stopped.stderr).toBe(130)
    const [, imported, left] =
      /Stopped\. ([\d,]+) rows are imported and safe, ([\d,]+) are left/.exec(stopped.stdout) ?? []
    expect(count(imported) + count(left)).toBe(sliceRows)
    const { accepted, duplicates } = expectComplete(await bank('--file', slice))
    expect(accepted + duplicates).toBe(commandsOfSlice)
    expect(duplicates).toBeGreaterThanOrEqual(count(imported))
  })
})

test('with a console it prints the address, runs, and stays open until Ctrl-C', async () => {
  let asked: Promise<unknown> | undefined
  const args = ['--console', '--port', '0', '--file', slice]
  const open = child('examples/bank/main.ts', args, folder, (process, stdout) => {
    const address = /^The console is at (\S+) until Ctrl-C\.$/m.exec(stdout)?.[1]
    if (asked !== undefined || !stdout.includes('before and after the restart')) return
    asked = fetch(new URL('api/aggregates', address)).then((answer) => answer.json())
    const stop = (): void => void process.kill('SIGINT')
    asked.then(stop, stop)
  })
  expectComplete(await open.ended)
  expect(await asked).toMatchObject({ found: accountsOfSlice })
})

test('whoever cannot wait presses Ctrl-C twice: the bank ends at once and has lost nothing', async () => {
  const { code, stdout } = await interruptedBank('SIGINT', 'SIGTERM')
  expect(code).toBeNull()
  expect(stdout).not.toContain('Stopped.')
  const { accepted, duplicates } = expectComplete(await bank('--file', slice))
  expect(accepted + duplicates).toBe(commandsOfSlice)
})

describe('npm start with what cannot work', () => {
  test('a missing file: one line that says so, exit code 1', async () => {
    expect(await bank('--file', 'nowhere.csv')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'The statement nowhere.csv cannot be read: there is no such file.\n',
    })
  })

  test('an unknown option: what is known, exit code 2', async () => {
    const { code, stderr } = await bank('--flie', 'a.csv')
    expect(code).toBe(2)
    expect(stderr).toMatch(/^Unknown option '--flie'[\s\S]*--file PATH/)
  })

  test('a store where a file is: what is wrong, exit code 1, the file untouched', async () => {
    await writeFile(join(folder, 'taken'), 'mine')
    const { code, stderr } = await bank('--store', 'taken')
    expect(code).toBe(1)
    expect(stderr).toMatch(/taken/)
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  test('an address that is no store: said without repeating it, for it may hold a password, exit code 2', async () => {
    const { code, stderr } = await bank('--store', 'postgres://me:secret@bank')
    expect(code).toBe(2)
    expect(stderr).toMatch(/path of a directory or an esdb:\/\//)
    expect(stderr).not.toContain('secret')
  })

  test('--fresh on a server: refused, exit code 2', async () => {
    const { code, stderr } = await bank('--fresh', '--store', 'esdb://localhost:1?tls=false')
    expect(code).toBe(2)
    expect(stderr).toMatch(/deletes nothing on a server/)
  })

  test('--fresh on a directory with other things in it: refused, and they stay', async () => {
    await writeFile(join(folder, 'letter.txt'), 'dear')
    const { code, stderr } = await bank('--fresh', '--store', '.')
    expect(code).toBe(2)
    expect(await readFile(join(folder, 'letter.txt'), 'utf8')).toBe('dear')
    expect(stderr).toMatch(/letter\.txt/)
  })

  test('balances that part: exit code 1', async () => {
    const header = 'account,date,type,amount_hellers,balance_hellers,rounding_hellers'
    await writeFile(join(folder, 'wrong.csv'), `${header}\n1,2024-01-01,PRIJEM,500,501,0\n`)
    const { code, stdout } = await bank('--file', 'wrong.csv')
    expect(code).toBe(1)
    expect(stdout).toContain('Balances that differ from the file: 1')
  })
})
