import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { child, type Ended } from '../child.ts'
import { tableOf } from './bank-run.ts'

// The bank as `npm start` runs it: a process of its own, on the embedded store.
const allCommands = 21_097
const sum = '2,037,379.20 (203,737,920 hellers)'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bank-'))
})
afterEach(() => rm(folder, { recursive: true }))

const bank = (...args: readonly string[]): Promise<Ended> =>
  child('examples/bank/main.ts', args, folder).ended

/** Sends the signal when the import has said that it is under way. */
const interruptedBank = (signal: NodeJS.Signals, ...args: readonly string[]): Promise<Ended> =>
  child('examples/bank/main.ts', args, folder, (process, stdout) => {
    if (stdout.includes(' commands/s')) process.kill(signal)
  }).ended

const count = (text = ''): number => Number(text.replaceAll(',', ''))

function expectComplete({ code, stdout, stderr }: Ended): void {
  expect(code, `${stdout}${stderr}`).toBe(0)
  expect(stdout).toMatch(/Every balance is what the file says, before and after the restart\.\n$/)
  const { accepted, duplicates, ...table } = tableOf(stdout)
  expect(table).toMatchObject({ accounts: '500', rejected: '0', 'sum of balances': sum })
  expect(count(accepted) + count(duplicates)).toBe(allCommands)
}

describe('npm start', () => {
  test('imports, checks, restarts and checks again; the second time nothing is left to do', async () => {
    const first = await bank()
    expectComplete(first)
    expect(tableOf(first.stdout)).toMatchObject({ accepted: '21,097', duplicates: '0' })
    const second = await bank()
    expectComplete(second)
    expect(tableOf(second.stdout)).toMatchObject({ accepted: '0', duplicates: '21,097' })
    const fresh = await bank('--fresh')
    expectComplete(fresh)
    expect(tableOf(fresh.stdout)).toMatchObject({ accepted: '21,097', duplicates: '0' })
  })

  test('killed in the middle, it is completed by the next run with the same sums', async () => {
    for (let round = 0; round < 3; round++) expect((await interruptedBank('SIGKILL')).code).toBeNull()
    const completed = await bank()
    expectComplete(completed)
    const { duplicates } = tableOf(completed.stdout)
    expect(count(duplicates)).toBeGreaterThan(0)
  })

  test('stopped with Ctrl-C, it says what is left and the next run completes it', async () => {
    const stopped = await interruptedBank('SIGINT')
    expect(stopped.code, stopped.stderr).toBe(130)
    expect(stopped.stdout).toMatch(/Stopped\. [\d,]+ rows are imported and safe, [\d,]+ are left/)
    expectComplete(await bank())
  })
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
