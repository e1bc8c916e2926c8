import type { JsonValue } from '../../src/event/json.ts'
import type { MachineState } from '../../src/machine/kernel.ts'
import type { StoredSnapshot } from '../../src/store/event-store.ts'
import { logged } from '../environment.ts'
import { CommandWindow } from '../window.ts'
import { type AggregateActor, type Durable, lastEventIdOf } from './aggregate-actor.ts'

/** What the body of a snapshot holds. Another format, structure, schema version or a smaller window: not used. */
interface SnapshotBody {
  readonly format: 1
  readonly structureHash: string
  readonly schemaVersion: number
  /** W when it was taken. A larger W now needs commands that it does not remember (PROTOCOL rule 12). */
  readonly windowCommands: number
  readonly window: readonly number[]
  readonly state: JsonValue
}

/**
 * A snapshot of the durable state, never of the live one, every so many events; one at a time, and not too many of all
 * aggregates: one that finds no place now is due still at its next event.
 */
export function saveSnapshotIfDue(actor: AggregateActor): void {
  const { settings, store, snapshots } = actor.environment
  const durable = actor.durable as Durable
  if (settings.snapshotEvery === 0 || store.snapshots === undefined || actor.savingSnapshot) return
  if (durable.revision - actor.snapshotRevision < settings.snapshotEvery) return
  if (!snapshots.tryAcquire()) return
  actor.savingSnapshot = true
  void save(actor, durable)
}

function takeSnapshot(actor: AggregateActor, durable: Durable): StoredSnapshot {
  const body: SnapshotBody = {
    format: 1,
    structureHash: actor.behaviour.structureHash,
    schemaVersion: actor.behaviour.schemaVersion,
    windowCommands: actor.environment.settings.windowCommands,
    window: durable.window.dump(),
    state: actor.behaviour.dump(durable.state),
  }
  return { revision: durable.revision, eventId: lastEventIdOf(durable), body: JSON.stringify(body) }
}

async function save(actor: AggregateActor, durable: Durable): Promise<void> {
  const { store, logger, inspection, runtime, snapshots } = actor.environment
  const { revision } = durable
  try {
    // Taken before anything is awaited: the durable state moves on.
    const snapshot = takeSnapshot(actor, durable)
    await store.snapshots?.save(actor.stream, snapshot)
    if (inspection.active)
      inspection.emit({ kind: 'snapshotSaved', at: runtime.clock.now(), ...actor.address, revision })
  } catch (error) {
    // A missing snapshot costs time at the next start, nothing else.
    logger.warn({ ...logged(actor.address), revision, err: error }, 'a snapshot could not be saved')
  }
  // Also after a failure, so that a store without room is not asked at every event.
  actor.snapshotRevision = revision
  actor.savingSnapshot = false
  snapshots.release()
  if (actor.leaving) actor.turns.schedule(actor)
}

/** What reading a snapshot needs to know of an aggregate, live or not. */
export type SnapshotOwner = Pick<AggregateActor, 'environment' | 'behaviour' | 'stream' | 'address'>

/** The newest snapshot, or the newest at or below a revision. Trouble with it costs time, nothing else. */
export async function loadSnapshot(
  owner: SnapshotOwner,
  atOrBelow?: number,
): Promise<StoredSnapshot | undefined> {
  const { store, settings, logger } = owner.environment
  if (store.snapshots === undefined || settings.snapshotEvery === 0) return undefined
  try {
    return await store.snapshots.load(owner.stream, atOrBelow)
  } catch (error) {
    logger.warn(
      { ...logged(owner.address), err: error },
      'a snapshot could not be read; the stream is read instead',
    )
    return undefined
  }
}

/** A snapshot made usable, or `undefined` where it does not fit: then the stream is read from the start. */
export function openSnapshot(actor: AggregateActor, snapshot: StoredSnapshot): Durable | undefined {
  const { windowCommands } = actor.environment.settings
  return opened(actor, snapshot, (body) => {
    if (!(body.windowCommands >= windowCommands)) return undefined
    const window = CommandWindow.restore(windowCommands, body.window)
    if (window === undefined) return undefined
    const state: MachineState = actor.behaviour.restore(body.state)
    return { revision: snapshot.revision, state, lastEvent: snapshot.eventId, lastIndex: -1, window }
  })
}

/** The state in a snapshot, for those who decide nothing on it; `undefined` where it does not fit. */
export function stateInSnapshot(owner: SnapshotOwner, snapshot: StoredSnapshot): MachineState | undefined {
  return opened(owner, snapshot, (body) => owner.behaviour.restore(body.state))
}

function opened<Result>(
  { environment, behaviour, address }: SnapshotOwner,
  snapshot: StoredSnapshot,
  use: (body: SnapshotBody) => Result | undefined,
): Result | undefined {
  try {
    const body = JSON.parse(snapshot.body) as SnapshotBody
    if (body.format !== 1 || body.structureHash !== behaviour.structureHash) return undefined
    if (body.schemaVersion !== behaviour.schemaVersion) return undefined
    return use(body)
  } catch (error) {
    environment.logger.warn(
      { ...logged(address), err: error },
      'a snapshot is damaged; the stream is read instead',
    )
    return undefined
  }
}
