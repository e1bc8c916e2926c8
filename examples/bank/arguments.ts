import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { shippedStatement } from './synthetic-statement.ts'

export const usage = `npm start -- [options]

Imports a bank's statement, checks every balance, restarts from disk and checks again.
Run it twice: the second run finds every row done. Stop it in the middle and run it again: it goes on.

  --file PATH       the statement, CSV or CSV in gzip (default: an invented one of 20,000 rows)
  --store WHERE     what keeps the accounts: a directory (default: .reenact/bank), or an EventStoreDB by its
                    connection string, esdb://...
  --fresh           forget the accounts in that directory first
  --outstanding N   commands asked and not yet answered, 1 to 100000 (default: 1000)
  --console         see it in the browser; the bank then stays open until Ctrl-C
  --port N          the port of the console (default: 4747)
  --pace N          commands a second, to watch it (default: as many as can be)
  --help            this text
`

export interface BankArguments {
  readonly file: string
  readonly store: string
  readonly start: 'fresh' | 'where it was'
  readonly outstanding: number
  /** The port of the console; `undefined`: none is wanted. */
  readonly console: number | undefined
  readonly pace: number | undefined
}

/** The command line is not understood; the message says what of it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** @returns `help` where that is asked for. @throws UsageError */
export function readArguments(line: readonly string[]): BankArguments | 'help' {
  const values = parse(line)
  if (values.help) return 'help'
  return {
    file: values.file,
    store: values.store,
    start: values.fresh ? 'fresh' : 'where it was',
    outstanding: wholeNumber('outstanding', values.outstanding, 1, 100_000),
    console: values.console ? wholeNumber('port', values.port, 0, 65_535) : undefined,
    pace: values.pace === undefined ? undefined : wholeNumber('pace', values.pace, 1, 1_000_000),
  }
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw new UsageError(`--${option} must be a whole number from ${least} to ${most}, not '${text}'.`)
}

function parse(line: readonly string[]) {
  try {
    return parseArgs({
      args: [...line],
      options: {
        file: { type: 'string', default: fileURLToPath(shippedStatement) },
        store: { type: 'string', default: '.reenact/bank' },
        fresh: { type: 'boolean', default: false },
        outstanding: { type: 'string', default: '1000' },
        console: { type: 'boolean', default: false },
        port: { type: 'string', default: '4747' },
        pace: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
