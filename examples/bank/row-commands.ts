import type { CommandOf } from 'reenact'
import type { account } from './account.ts'
import type { StatementRow } from './statement-row.ts'

export interface RowCommand {
  readonly command: CommandOf<typeof account>
  /** Made of the row, so that importing the row again is asking the same command again. */
  readonly commandId: string
}

/** A statement that says nothing of limits tells what its bank has allowed: ten million crowns refuse none of it. */
const unknownOverdraft = 10_000_000 * 100

/** Turns the rows of one statement, in their order, into commands. */
export class RowCommands {
  readonly #opened = new Set<string>()
  readonly #seen = new Map<string, number>()

  /** The booking; before the first booking of an account, the command that opens it. */
  of(row: StatementRow): readonly RowCommand[] {
    const id = this.#idOf(row)
    const { kind, amount, rounding, overdraft = unknownOverdraft } = row
    const booking: RowCommand = {
      command: { type: kind === 'credit' ? 'Deposit' : 'Withdraw', amount, rounding },
      commandId: id,
    }
    if (this.#opened.has(row.account)) return [booking]
    this.#opened.add(row.account)
    const owner = `owner of account ${row.account}`
    return [{ command: { type: 'Open', owner, overdraft }, commandId: `open ${id}` }, booking]
  }

  /** By content, not by line: a line that is mended later must not give all rows behind it other ids. */
  #idOf(row: StatementRow): string {
    const content = [row.account, row.date, row.kind, row.amount, row.rounding, row.balance].join(' ')
    const before = this.#seen.get(content) ?? 0
    this.#seen.set(content, before + 1)
    return before === 0 ? content : `${content} #${before + 1}`
  }
}
