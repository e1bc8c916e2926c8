import { performance } from 'node:perf_hooks'
import { defaultSettings, type StoreProvider, type System, start } from 'reenact'
import { account } from './account.ts'
import { checkBalances } from './balances.ts'
import { type ImportProgress, importStatement } from './import-statement.ts'
import { count, counted, type Output, progressDisplay } from './progress.ts'
import { brokenList, importTable, mismatchList } from './report.ts'
import { type Survey, surveyStatement } from './survey.ts'

export interface BankOptions {
  /** The statement: CSV, plain or gzip. */
  readonly file: string
  /** Where the accounts are kept. */
  readonly store: StoreProvider
  /** What the table says of how safe that is. */
  readonly durability: string
  /** Commands that are asked and not yet answered. */
  readonly outstanding: number
  /** Ends the import; the accounts keep what they have. */
  readonly signal: AbortSignal
  readonly output: Output
  /** So many commands a second, for those who want to watch. Default: as many as can be. */
  readonly pace?: number
  readonly onlooker?: Onlooker
}

/** Who looks at the bank while it runs. */
export interface Onlooker {
  /** This system runs now, in place of the one before. */
  watch(system: System): void
  /** Resolves when nobody wants to look any more: the bank stays open until then. */
  left(): Promise<void>
}

const dayMs = 24 * 60 * 60 * 1000

/**
 * - `agreed`: every row and every balance is as the file says, before and after a restart.
 * - `parted`: something is not, or a line of the file is no row.
 * - `interrupted`: ended by the signal; running it again goes on.
 */
export type BankResult = 'agreed' | 'parted' | 'interrupted'

/**
 * Imports a statement, checks it against the accounts, stops, starts again from the store and checks again.
 *
 * @throws StatementError where the file cannot be read, and the errors of the system where commands got no outcome.
 */
export async function runBank(options: BankOptions): Promise<BankResult> {
  const { file, output, signal } = options
  const survey = await surveyStatement(file)
  output.write(`${file}: ${counted(survey.rows, 'row')}, ${counted(survey.lastRows.size, 'account')}\n`)
  output.write(brokenList(survey.broken))

  const first = await importAndCheck(options, survey)
  if (signal.aborted) return 'interrupted'

  const startedAt = performance.now()
  await using system = await open(options, survey)
  const balances = await checkBalances(system, survey)
  const seconds = (performance.now() - startedAt) / 1000
  output.write(
    `Started again from the stored events: ${counted(balances.accounts, 'account')} rehydrated in ${seconds.toFixed(2)} s.\n`,
  )
  output.write(mismatchList('Balances that differ from the file after the restart', balances.mismatches))
  const agreed = first === 'agreed' && balances.mismatches.length === 0
  output.write(
    agreed
      ? 'Every balance is what the file says, before and after the restart.\n'
      : 'Not everything is as the file says: see above.\n',
  )
  await options.onlooker?.left()
  return agreed ? 'agreed' : 'parted'
}

async function importAndCheck(options: BankOptions, survey: Survey): Promise<BankResult> {
  const { output, signal } = options
  await using system = await open(options, survey)
  const startedAt = performance.now()
  const progress = await importWithProgress(system, options, survey)
  const seconds = (performance.now() - startedAt) / 1000
  if (signal.aborted) {
    const left = survey.rows - progress.rows
    output.write(
      `Stopped. ${count(progress.rows)} rows are imported and safe, ${count(left)} are left: run it again to go on.\n`,
    )
    return 'interrupted'
  }
  const balances = await checkBalances(system, survey)
  output.write(importTable(progress, balances, seconds, options.durability))
  if (survey.rows > 0 && progress.accepted === 0) {
    output.write(
      'Nothing new: every row was imported before, and its command was answered as the first time.\n',
    )
  }
  output.write(mismatchList('Rows that were answered otherwise than the file says', progress.mismatches))
  output.write(mismatchList('Balances that differ from the file', balances.mismatches))
  const wrong = survey.broken.length + progress.mismatches.length + balances.mismatches.length
  return wrong === 0 ? 'agreed' : 'parted'
}

async function open(options: BankOptions, survey: Survey): Promise<System> {
  const system = await start({
    aggregates: [account],
    store: options.store,
    settings: {
      // Every row of an account must be remembered, and its opening, or importing again would book it again.
      windowCommands: Math.max(defaultSettings.windowCommands, survey.mostRowsOfAccount + 1),
      // All that is outstanding may be for one account.
      mailboxCommands: Math.max(defaultSettings.mailboxCommands, options.outstanding),
      // A row given up and asked again would come after its successors. An import waits for its store instead.
      timeoutMs: dayMs,
    },
  })
  options.onlooker?.watch(system)
  return system
}

async function importWithProgress(
  system: System,
  options: BankOptions,
  survey: Survey,
): Promise<ImportProgress> {
  const startedAt = performance.now()
  const display = progressDisplay(survey.rows, options.output)
  try {
    return await importStatement(system, {
      path: options.file,
      outstanding: options.outstanding,
      pace: options.pace,
      signal: options.signal,
      onRow(progress) {
        // The display draws ten times a second; telling it of every row would cost more than the row.
        if (progress.rows % 100 !== 0 && progress.rows !== survey.rows) return
        display.update(progress.rows, progress.commands / ((performance.now() - startedAt) / 1000))
      },
    })
  } finally {
    display.stop()
  }
}
