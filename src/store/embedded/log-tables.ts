import type { Environment, KeyedTable, NumberedTable } from './lmdb.ts'
import { decodeLogEnd, emptyLog, encodeLogEnd, type LogEnd } from './log-end-codec.ts'

/** What the store keeps on disk. */
export interface LogTables {
  readonly environment: Environment
  /** The log: blocks under the position of their first event. */
  readonly blocks: NumberedTable
  /** Where each stream ends; see `heads.ts`. */
  readonly heads: KeyedTable
  /** Places within long streams; see `marks.ts`. */
  readonly marks: KeyedTable
  readonly snapshots: KeyedTable
  readonly ends: KeyedTable
}

const endKey = Buffer.from('log')

export function openTables(environment: Environment): LogTables {
  return {
    environment,
    blocks: environment.numbered('blocks'),
    heads: environment.keyed('heads'),
    marks: environment.keyed('marks'),
    snapshots: environment.keyed('snapshots'),
    ends: environment.keyed('ends'),
  }
}

export function readLogEnd({ ends }: LogTables): LogEnd {
  const bytes = ends.read(endKey)
  return bytes === undefined ? emptyLog : decodeLogEnd(bytes)
}

/** Only within a transaction. */
export function writeLogEnd({ ends }: LogTables, end: LogEnd): void {
  ends.write(endKey, encodeLogEnd(end))
}
