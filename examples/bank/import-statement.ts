import type { System } from 'reenact'
import { account } from './account.ts'
import { Outstanding } from './outstanding.ts'
import { Pace } from './pace.ts'
import { checkRow, ExpectedMovements, isDeclined, type Mismatch } from './row-check.ts'
import { RowCommands } from './row-commands.ts'
import { readStatement } from './statement.ts'

export interface ImportProgress {
  rows: number
  commands: number
  /** Took effect now, for the first time. */
  accepted: number
  /** Had taken effect in an earlier import: answered with their first outcome, nothing stored. */
  duplicates: number
  rejected: number
  /** Withdrawals answered with `WithdrawalDeclined`, among the accepted and the duplicates. */
  declined: number
  readonly mismatches: Mismatch[]
}

export interface ImportOptions {
  readonly path: string
  /** So many commands are asked and not yet answered. */
  readonly outstanding: number
  /** Commands a second; `undefined`: as many as can be. */
  readonly pace?: number | undefined
  /** Ends the feeding; what was asked is still answered. */
  readonly signal: AbortSignal
  readonly onRow: (progress: Readonly<ImportProgress>) => void
}

/**
 * Asks one command for each row of the statement, in the order of the file. Commands of one account are decided in
 * the order in which they were asked, so nothing here waits for an account's earlier rows.
 *
 * @throws StatementError where the file cannot be read, or the system's error where a command got no outcome: what
 *   was accepted stays, and importing again goes on from there.
 */
export async function importStatement(system: System, options: ImportOptions): Promise<ImportProgress> {
  const commands = new RowCommands()
  const movements = new ExpectedMovements()
  const outstanding = new Outstanding(options.outstanding)
  const pace = new Pace(options.pace)
  const progress: ImportProgress = {
    rows: 0,
    commands: 0,
    accepted: 0,
    duplicates: 0,
    rejected: 0,
    declined: 0,
    mismatches: [],
  }
  for await (const row of readStatement(options.path)) {
    if ('reason' in row) continue
    if (options.signal.aborted) break
    const expected = movements.of(row)
    const reference = system.get(account, row.account)
    for (const { command, commandId } of commands.of(row)) {
      await pace.turn()
      await outstanding.room()
      const asked = reference.ask(command, { commandId, metadata: { bookedOn: row.date } })
      outstanding.add(
        asked.then((outcome) => {
          progress.commands++
          if (outcome.status === 'rejected') progress.rejected++
          else if (outcome.duplicate) progress.duplicates++
          else progress.accepted++
          if (isDeclined(outcome)) progress.declined++
          if (command.type === 'Open') return
          progress.rows++
          const mismatch = checkRow(row, expected, outcome)
          if (mismatch !== undefined) progress.mismatches.push(mismatch)
          options.onRow(progress)
        }),
      )
    }
  }
  await outstanding.drained()
  return progress
}
