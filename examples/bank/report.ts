import type { BalanceReport } from './balances.ts'
import type { ImportProgress } from './import-statement.ts'
import { count, perSecond } from './progress.ts'
import { hellers, type Mismatch } from './row-check.ts'
import type { BrokenRow } from './statement-row.ts'

/** Longer lists say how many more there are: a wrong file must not flood the screen. */
const longestList = 10

export function importTable(
  progress: ImportProgress,
  balances: BalanceReport,
  seconds: number,
  durability: string,
): string {
  const rows: readonly (readonly [string, string])[] = [
    ['accounts', count(balances.accounts)],
    ['rows', count(progress.rows)],
    ['accepted', count(progress.accepted)],
    ['duplicates', count(progress.duplicates)],
    ['rejected', count(progress.rejected)],
    ['declined', `${count(progress.declined)} withdrawals, remembered as events`],
    ['commands/s', perSecond(progress.commands / seconds)],
    ['durable', durability],
    ['sum of balances', `${hellers(balances.sum)} (${count(balances.sum)} hellers)`],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join('')
}

export function brokenList(broken: readonly BrokenRow[]): string {
  return list(
    'Lines of the file that are no rows and were left out',
    broken.map(({ line, reason }) => `line ${line} ${reason}`),
  )
}

export function mismatchList(what: string, mismatches: readonly Mismatch[]): string {
  return list(
    what,
    mismatches.map(({ account, line, message }) => `account ${account}, line ${line}: ${message}`),
  )
}

function list(title: string, entries: readonly string[]): string {
  if (entries.length === 0) return ''
  const shown = entries.slice(0, longestList)
  const hidden = entries.length - shown.length
  if (hidden > 0) shown.push(`... and ${count(hidden)} more`)
  return `${title}: ${count(entries.length)}\n${shown.map((entry) => `  - ${entry}\n`).join('')}`
}
