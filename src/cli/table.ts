import type { Terminal } from './terminal.ts'

export interface Column {
  readonly head: string
  /** Default: `left`. */
  readonly align?: 'left' | 'right'
}

/** Rows are gathered so far to find the widths: a long listing begins to show before all of it is read. */
const rowsMeasured = 500

/** Prints rows in columns. On a terminal a row ends where the line ends; in a pipe it is whole. */
export class Table {
  readonly #terminal: Terminal
  readonly #columns: readonly Column[]
  #waiting: (readonly string[])[] = []
  #widths: readonly number[] | undefined

  constructor(terminal: Terminal, columns: readonly Column[]) {
    this.#terminal = terminal
    this.#columns = columns
  }

  async row(cells: readonly string[]): Promise<void> {
    if (this.#widths !== undefined) return this.#print(cells, this.#widths)
    this.#waiting.push(cells)
    if (this.#waiting.length === rowsMeasured) await this.end()
  }

  /** Prints what was gathered. A table without rows prints nothing. */
  async end(): Promise<void> {
    if (this.#widths !== undefined || this.#waiting.length === 0) return
    const heads = this.#columns.map(({ head }) => head)
    const rows = [heads, ...this.#waiting]
    const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
    this.#widths = widths
    await this.#terminal.line(this.#terminal.bold(this.#cut(this.#joined(heads, widths))))
    for (const row of this.#waiting) await this.#print(row, widths)
    this.#waiting = []
  }

  #print(cells: readonly string[], widths: readonly number[]): Promise<void> {
    return this.#terminal.line(this.#cut(this.#joined(cells, widths)))
  }

  #joined(cells: readonly string[], widths: readonly number[]): string {
    const padded = this.#columns.map(({ align }, column) => {
      const cell = cells[column] ?? ''
      const width = widths[column] ?? 0
      return align === 'right' ? cell.padStart(width) : cell.padEnd(width)
    })
    return padded.join('  ').trimEnd()
  }

  #cut(line: string): string {
    const { width } = this.#terminal
    return width === undefined || line.length <= width ? line : `${line.slice(0, width - 1)}…`
  }
}
