import { readStatement } from './statement.ts'
import type { BrokenRow, StatementRow } from './statement-row.ts'

/** What a statement holds, learnt by reading it once before anything is imported. */
export interface Survey {
  readonly rows: number
  readonly broken: readonly BrokenRow[]
  /** The last row of each account: what its balance must come to. */
  readonly lastRows: ReadonlyMap<string, StatementRow>
  /** So many command ids an account must remember for a second import to find every row again. */
  readonly mostRowsOfAccount: number
}

/** @throws StatementError where the file cannot be read to its end: then nothing of it is imported. */
export async function surveyStatement(path: string): Promise<Survey> {
  const broken: BrokenRow[] = []
  const lastRows = new Map<string, StatementRow>()
  const rowsOf = new Map<string, number>()
  for await (const row of readStatement(path)) {
    if ('reason' in row) {
      broken.push(row)
      continue
    }
    lastRows.set(row.account, row)
    rowsOf.set(row.account, (rowsOf.get(row.account) ?? 0) + 1)
  }
  let rows = 0
  let mostRowsOfAccount = 0
  for (const count of rowsOf.values()) {
    rows += count
    mostRowsOfAccount = Math.max(mostRowsOfAccount, count)
  }
  return { rows, broken, lastRows, mostRowsOfAccount }
}
