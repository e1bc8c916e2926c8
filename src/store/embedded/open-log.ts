import type { HeadsOptions } from './heads.ts'
import type { Environment } from './lmdb.ts'
import { LogBlocks } from './log-blocks.ts'
import { LogReader } from './log-reader.ts'
import { type LogTables, openTables, writeLogEnd } from './log-tables.ts'
import { LogView } from './log-view.ts'
import { LogWriter } from './log-writer.ts'
import { Marks } from './marks.ts'
import { Snapshots } from './snapshots.ts'
import { storageTrouble } from './storage-trouble.ts'

/** Heads that one transaction writes when the store is closed. */
const headsOfClosingTransaction = 4_096
/** No head is written by a transaction that only flushes. */
const noTransaction = -1

/** A store as this process has it open: one for each folder, whoever opens it, so that all write in one batch. */
export class OpenLog {
  readonly path: string
  readonly view: LogView
  readonly reader: LogReader
  readonly writer: LogWriter
  readonly snapshots: Snapshots
  readonly listeners = new Set<() => void>()
  readonly #tables: LogTables
  #toldEnd: number

  constructor(path: string, environment: Environment, options: HeadsOptions) {
    this.path = path
    this.#tables = openTables(environment)
    const { blocks: table, marks: markTable, snapshots } = this.#tables
    const blocks = new LogBlocks(table)
    const marks = new Marks(markTable)
    this.view = new LogView(this.#tables, blocks, options)
    this.reader = new LogReader(blocks, marks, this.view)
    this.writer = new LogWriter(this.#tables, this.view, this.reader, marks, {
      commit: () => this.tell(),
      trouble: (cause) => storageTrouble(path, 'write', cause),
    })
    this.snapshots = new Snapshots(environment, snapshots)
    this.#toldEnd = this.view.end.next
  }

  /** Tells those who follow the log, where it has grown, by whomever. */
  tell(): void {
    const { next } = this.view.end
    if (next === this.#toldEnd) return
    this.#toldEnd = next
    for (const listener of this.listeners) listener()
  }

  /**
   * Closes it, and flushes the heads before, so that the next one to open it has nothing to learn. Where that fails
   * nothing is lost: the log holds it all.
   */
  async close(): Promise<void> {
    if (this.writer.hasWritten) await this.#flushHeads().catch(() => undefined)
    await this.#tables.environment.close()
  }

  async #flushHeads(): Promise<void> {
    const { heads } = this.view
    const upTo = this.view.end.next
    while (this.view.end.headsUpTo < upTo) {
      heads.beginCheckpoint(this.view.end.next)
      await this.#tables.environment.transaction(() => {
        this.view.catchUp()
        const { next } = this.view.end
        writeLogEnd(this.#tables, { next, headsUpTo: heads.flush(headsOfClosingTransaction, noTransaction) })
      })
      this.view.refresh()
    }
  }
}
