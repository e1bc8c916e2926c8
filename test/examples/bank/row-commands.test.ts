import { expect, test } from 'vitest'
import { RowCommands } from '../../../examples/bank/row-commands.ts'
import type { StatementRow } from '../../../examples/bank/statement-row.ts'

const row: StatementRow = {
  line: 2,
  account: '576',
  date: '1993-01-01',
  kind: 'credit',
  amount: 500,
  balance: 500,
  rounding: 0,
  overdraft: 1000,
  status: 'booked',
}
const idsOf = (rows: readonly StatementRow[]): readonly string[] => {
  const commands = new RowCommands()
  return rows.flatMap((each) => commands.of(each).map(({ commandId }) => commandId))
}

test('the first row of an account opens it, with the overdraft that the file states', () => {
  const commands = new RowCommands()
  expect(commands.of(row).map(({ command }) => command)).toEqual([
    { type: 'Open', owner: 'owner of account 576', overdraft: 1000 },
    { type: 'Deposit', amount: 500, rounding: 0 },
  ])
  const next: StatementRow = { ...row, kind: 'debit', balance: 0 }
  expect(commands.of(next).map(({ command }) => command)).toEqual([
    { type: 'Withdraw', amount: 500, rounding: 0 },
  ])
})

test('the same rows have the same ids in every run, and no two of one run share one', () => {
  const back: StatementRow = { ...row, kind: 'debit', balance: 0 }
  // Deposit and withdraw the same amount twice on one day: rows 1 and 3, 2 and 4 do not differ.
  const rows = [row, back, row, back]
  expect(idsOf(rows)).toEqual(idsOf(rows))
  expect(new Set(idsOf(rows)).size).toBe(5)
})

test('a line that is mended later does not change the ids of those behind it', () => {
  const next: StatementRow = { ...row, line: 3, balance: 1000 }
  const later: StatementRow = { ...row, line: 4, balance: 1500 }
  expect(idsOf([row, later]).at(-1)).toBe(idsOf([row, next, later]).at(-1))
})
