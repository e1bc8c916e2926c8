import { eventIdOf } from '../../event/event-id.ts'
import type { SnapshotStore, StoredSnapshot } from '../../store/event-store.ts'
import { appendIdOf } from './append-path.ts'
import type { SnapshotDamage } from './fault.ts'
import { duringOutage, type StoreWorld, unavailable } from './store-world.ts'

/** Snapshots that are lost, old, damaged, or cannot be reached. */
export function faultySnapshots(world: StoreWorld, system: string, inner: SnapshotStore): SnapshotStore {
  return {
    async load(stream, atOrBelow) {
      const operation = { kind: 'load', system, stream } as const
      if (world.outage() !== undefined) throw duringOutage(world, operation)
      const fault = world.strike(operation)
      if (fault?.kind === 'failedLoad') throw unavailable(`Loading the snapshot of ${stream}`, fault.kind)
      if (fault?.kind === 'missingSnapshot') return undefined
      const newest = await inner.load(stream, atOrBelow)
      if (newest === undefined || fault === undefined) return newest
      return fault.kind === 'staleSnapshot'
        ? await inner.load(stream, newest.revision - 1)
        : damaged(newest, fault.damage)
    },
    async save(stream, snapshot) {
      const operation = { kind: 'save', system, stream } as const
      if (world.outage() !== undefined) throw duringOutage(world, operation)
      const fault = world.strike(operation)
      if (fault?.kind === 'failedSave') throw unavailable(`Saving the snapshot of ${stream}`, fault.kind)
      if (fault === undefined) await inner.save(stream, snapshot)
    },
  }
}

function damaged(snapshot: StoredSnapshot, damage: SnapshotDamage): StoredSnapshot {
  switch (damage) {
    case 'cutOff':
      return { ...snapshot, body: snapshot.body.slice(0, snapshot.body.length >> 1) }
    case 'otherShape':
      return { ...snapshot, body: '{"shape":"of something else"}' }
    case 'otherHistory':
      return { ...snapshot, eventId: eventIdOf(appendIdOf('00000000-0000-8000-a000-000000000000'), 7) }
  }
}
