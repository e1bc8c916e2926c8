import { eventIdOf } from '../../event/event-id.ts'
import { sleep } from '../../runtime.ts'
import type { SnapshotStore, StoredSnapshot } from '../../store/event-store.ts'
import { appendIdOf } from './append-path.ts'
import type { SnapshotDamage } from './fault.ts'
import { duringOutage, type StoreWorld, unavailable } from './store-world.ts'

/** Snapshots that are lost, old, damaged, or cannot be reached. */
export function faultySnapshots(world: StoreWorld, system: string, inner: SnapshotStore): SnapshotStore {
  /** The last snapshot of each stream that was saved here: where another history comes from. */
  const saved = new Map<string, StoredSnapshot>()
  return {
    async load(stream, atOrBelow) {
      const operation = { kind: 'load', system, stream } as const
      if (world.outage() !== undefined) throw duringOutage(world, operation)
      const fault = world.strike(operation)
      if (fault?.kind === 'failedLoad') throw unavailable(`Loading the snapshot of ${stream}`, fault.kind)
      if (fault?.kind === 'missingSnapshot') return undefined
      if (fault?.kind === 'slowLoad') await sleep(world.runtime, fault.afterMs)
      const newest = await inner.load(stream, atOrBelow)
      if (newest === undefined) return undefined
      if (fault?.kind === 'staleSnapshot') return await inner.load(stream, newest.revision - 1)
      return fault?.kind === 'corruptSnapshot'
        ? damaged(newest, fault.damage, otherThan(stream, saved))
        : newest
    },
    async save(stream, snapshot) {
      const operation = { kind: 'save', system, stream } as const
      if (world.outage() !== undefined) throw duringOutage(world, operation)
      const fault = world.strike(operation)
      if (fault?.kind === 'failedSave') throw unavailable(`Saving the snapshot of ${stream}`, fault.kind)
      if (fault?.kind === 'slowSave') await sleep(world.runtime, fault.afterMs)
      saved.set(stream, snapshot)
      if (fault?.kind !== 'lostSave') await inner.save(stream, snapshot)
    },
  }
}

function otherThan(stream: string, saved: ReadonlyMap<string, StoredSnapshot>): StoredSnapshot | undefined {
  for (const [other, snapshot] of saved) if (other !== stream) return snapshot
  return undefined
}

function damaged(
  snapshot: StoredSnapshot,
  damage: SnapshotDamage,
  other: StoredSnapshot | undefined,
): StoredSnapshot {
  switch (damage) {
    case 'cutOff':
      return { ...snapshot, body: snapshot.body.slice(0, snapshot.body.length >> 1) }
    case 'otherShape':
      return { ...snapshot, body: '{"shape":"of something else"}' }
    case 'otherHistory':
      return {
        revision: snapshot.revision,
        eventId: other?.eventId ?? eventIdOf(appendIdOf('00000000-0000-8000-a000-000000000000'), 7),
        body: other?.body ?? snapshot.body,
      }
  }
}
