import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CsvError, type Info, type Parser, parse } from 'csv-parse'
import { type BrokenRow, requiredColumns, type StatementRow, toRow } from './statement-row.ts'

/** The file as a whole cannot be read: it is missing, broken, or no statement. */
export class StatementError extends Error {
  override readonly name = 'StatementError'
}

interface ParsedLine {
  readonly record: readonly string[]
  readonly info: Info
}

/**
 * Reads a statement, plain or gzip, as a stream: memory does not grow with the file.
 *
 * @yields every row in file order; a line that is no row comes as `BrokenRow` and the reading goes on.
 * @throws StatementError where the file is missing, unreadable, truncated, or lacks a column.
 */
export async function* readStatement(path: string): AsyncGenerator<StatementRow | BrokenRow> {
  let header: readonly string[] | undefined
  try {
    const lines: AsyncIterable<ParsedLine> = await openLines(path)
    for await (const { record, info } of lines) {
      if (header === undefined) {
        header = checkedHeader(path, record)
      } else if (record.length !== header.length) {
        yield {
          line: info.lines,
          reason: `has ${record.length} field${record.length === 1 ? '' : 's'}, the header has ${header.length}`,
        }
      } else {
        yield toRow(Object.fromEntries(header.map((column, at) => [column, record[at] ?? ''])), info.lines)
      }
    }
  } catch (error) {
    throw error instanceof StatementError ? error : new StatementError(explain(path, error), { cause: error })
  }
  if (header === undefined)
    throw new StatementError(`The statement ${path} is empty: it has not even a header.`)
}

async function openLines(path: string): Promise<Parser> {
  const lines = parse({
    bom: true,
    info: true,
    trim: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n'],
    // A statement's fields need no quotes. Without them a stray quote spoils one line and not all that follow.
    quote: null,
    // The length of a line is judged here, with its number, instead of ending the whole reading.
    relax_column_count: true,
    // A line of this length is no statement; without a limit a file of zeros would be held in memory.
    max_record_size: 64 * 1024,
  })
  // The reader of `lines` meets every error; the callback is only there because pipeline asks for one.
  if (await isGzip(path)) pipeline(createReadStream(path), createGunzip(), lines, () => undefined)
  else pipeline(createReadStream(path), lines, () => undefined)
  return lines
}

/** By its first two bytes, because names lie. */
async function isGzip(path: string): Promise<boolean> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
}

function checkedHeader(path: string, header: readonly string[]): readonly string[] {
  const missing = requiredColumns.filter((column) => !header.includes(column))
  if (missing.length === 0) return header
  throw new StatementError(
    `${path} is no statement: its first line lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}. A statement begins with: ${requiredColumns.join(',')}.`,
  )
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a directory',
  EACCES: 'it may not be read by this user',
  Z_BUF_ERROR: 'the gzip file is truncated; get it again',
  Z_DATA_ERROR: 'the gzip file is broken; get it again',
}

function explain(path: string, error: unknown): string {
  if (error instanceof CsvError) return `${path} is no statement: ${error.message}.`
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return `The statement ${path} cannot be read: ${reasons[code] ?? String(error)}.`
}
