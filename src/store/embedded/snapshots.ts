import type { SnapshotStore, StoredSnapshot } from '../event-store.ts'
import { snapshotsKept } from '../kept-snapshots.ts'
import type { Environment, KeyedTable } from './lmdb.ts'
import { decodeSnapshot, encodeSnapshot } from './snapshot-codec.ts'
import { snapshotKey, snapshotRevision } from './stream-key.ts'

/** The few newest snapshots of each stream, each a record of its own: saving one writes that one only. */
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
   * The pages of those that are dropped are used again, so the file does not grow with their number. What other
   * processes save meanwhile may leave one more or less; the next one to save puts that right.
   */
  async save(stream: string, snapshot: StoredSnapshot): Promise<void> {
    this.#environment.refresh()
    const key = snapshotKey(stream, snapshot.revision)
    const others = this.#keysOf(stream).filter((other) => !other.equals(key))
    const newer = others.filter((other) => snapshotRevision(other) > snapshot.revision)
    if (newer.length >= snapshotsKept) return
    const bytes = encodeSnapshot(snapshot)
    await this.#environment.together(() => {
      this.#table.write(key, bytes)
      for (const old of others.slice(0, Math.max(0, others.length + 1 - snapshotsKept))) {
        this.#table.remove(old)
      }
    })
  }

  #keysOf(stream: string): readonly Buffer[] {
    return this.#table.keys(snapshotKey(stream, 0), snapshotKey(stream, Number.MAX_SAFE_INTEGER))
  }
}
