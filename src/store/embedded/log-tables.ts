import type { Environment, GuardRecord, KeyedTable, NumberedTable } from './lmdb.ts'
import { decodeHeadsUpTo, emptyLog, encodeHeadsUpTo, type LogEnd } from './log-end-codec.ts'

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
  /** The end of the log; its version is the position of the next event. */
  readonly end: GuardRecord
}

export function openTables(environment: Environment): LogTables {
  return {
    environment,
    blocks: environment.numbered('blocks'),
    heads: environment.keyed('heads'),
    marks: environment.keyed('marks'),
    snapshots: environment.keyed('snapshots'),
    end: environment.guard('ends'),
  }
}

export function readLogEnd({ end }: LogTables): LogEnd {
  const record = end.read()
  return record === undefined ? emptyLog : { next: record.version, headsUpTo: decodeHeadsUpTo(record.bytes) }
}

export function writeLogEnd({ end }: LogTables, { next, headsUpTo }: LogEnd): void {
  end.write(next, encodeHeadsUpTo(headsUpTo))
}

/**
 * Writes without the lock, what the body writes at once: all of it, if the log still ends at `next` when its turn has
 * come, else nothing.
 */
export function whileLogEndsAt(
  { end }: LogTables,
  next: number,
  body: () => void,
): Promise<'written' | 'overtaken'> {
  return end.whileAt(next === emptyLog.next ? undefined : next, body)
}
