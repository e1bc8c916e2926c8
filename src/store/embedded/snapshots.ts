import type { SnapshotStore, StoredSnapshot } from '../event-store.ts'
import { keepSnapshots } from '../kept-snapshots.ts'
import type { Environment, KeyedTable } from './lmdb.ts'
import { decodeSnapshot, encodeSnapshot } from './snapshot-codec.ts'
import { snapshotKey, snapshotRevision } from './stream-key.ts'

/** The snapshots of each stream, each a record of its own: saving one writes that one only. */
export class Snapshots implements SnapshotStore {
  readonly #environment: Environment
  readonly #table: KeyedTable

  constructor(environment: Environment, table: KeyedTable) {
    this.#environment = environment
    this.#table = table
  }

  async load(
    stream: string,
    atOrBelow: number = Number.MAX_SAFE_INTEGER,
  ): Promise<StoredSnapshot | undefined> {
    this.#environment.refresh()
    const key = this.#keysOf(stream).findLast((each) => snapshotRevision(each) <= atOrBelow)
    if (key === undefined) return undefined
    const bytes = this.#table.read(key)
    return bytes === undefined ? undefined : decodeSnapshot(snapshotRevision(key), bytes)
  }

  /**
   * The pages of those that are given up are used again. What other processes save meanwhile may leave one more or
   * less; the next one to save puts that right.
   */
  async save(stream: string, snapshot: StoredSnapshot): Promise<void> {
    this.#environment.refresh()
    const there = this.#keysOf(stream).map((key) => ({ revision: snapshotRevision(key) }))
    const kept = keepSnapshots(there, snapshot)
    // It is older than the newest.
    if (kept === there) return
    const staying = new Set(kept.map(({ revision }) => revision))
    const bytes = encodeSnapshot(snapshot)
    await this.#environment.together(() => {
      this.#table.write(snapshotKey(stream, snapshot.revision), bytes)
      for (const { revision } of there) {
        if (!staying.has(revision)) this.#table.remove(snapshotKey(stream, revision))
      }
    })
  }

  #keysOf(stream: string): readonly Buffer[] {
    return this.#table.keys(snapshotKey(stream, 0), snapshotKey(stream, Number.MAX_SAFE_INTEGER))
  }
}
