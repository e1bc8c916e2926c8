import type { System } from 'reenact'
import { account } from './account.ts'
import { hellers, type Mismatch } from './row-check.ts'
import type { Survey } from './survey.ts'

export interface BalanceReport {
  readonly accounts: number
  /** Over all accounts of the statement, in hellers. */
  readonly sum: number
  readonly mismatches: readonly Mismatch[]
}

/** Compares the balance of every account with its last row in the file. */
export async function checkBalances(system: System, survey: Survey): Promise<BalanceReport> {
  const mismatches: Mismatch[] = []
  let sum = 0
  await Promise.all(
    Array.from(survey.lastRows.values(), async (row) => {
      const { context } = await system.get(account, row.account).state()
      sum += context.balance
      if (context.balance === row.balance) return
      const message = `the file ends at ${hellers(row.balance)}, the account holds ${hellers(context.balance)}`
      mismatches.push({ account: row.account, line: row.line, message })
    }),
  )
  return { accounts: survey.lastRows.size, sum, mismatches }
}
