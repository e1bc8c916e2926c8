import type { JsonValue } from '../../src/event/json.ts'
import type { MachineState } from '../../src/machine/kernel.ts'
import type { SnapshotStore, StoredSnapshot } from '../../src/store/event-store.ts'
import { type Environment, logged } from '../environment.ts'
import { CommandWindow } from '../window.ts'
import { type AggregateActor, type Durable, lastEventIdOf } from './aggregate-actor.ts'

/** What the body of a snapshot holds. Another format, structure, schema version or a smaller window: not used. */
interface SnapshotBody {
  readonly format: 2
  readonly structureHash: string
  readonly schemaVersion: number
  /** W when it was taken. A larger W now needs commands that it does not remember (PROTOCOL rule 12). */
  readonly windowCommands: number
  /** `CommandWindow.dump()` */
  readonly window: string
  readonly state: JsonValue
}

/**
 * Where an aggregate stands with its snapshot.
 * - `none`: it is not due, as far as anybody looked.
 * - `inLine`: due, and others are saved just now. It may be put away meanwhile: a snapshot is a short cut only.
 * - `underWay`: the store has it.
 */
export type SnapshotStage = 'none' | 'inLine' | 'underWay'

/**
 * A snapshot of the durable state, never of the live one, every so many events; one at a time, and not too many of all
 * aggregates: who is due while others are saved waits in line.
 */
export function saveSnapshotIfDue(actor: AggregateActor): void {
  if (actor.snapshotStage !== 'none' || !isDue(actor)) return
  actor.snapshotStage = 'inLine'
  void saveInTurn(actor)
}

function isDue({ environment, durable, snapshotRevision }: AggregateActor): boolean {
  const { settings, store } = environment
  if (settings.snapshotEvery === 0 || store.snapshots === undefined || durable === undefined) return false
  return durable.revision - snapshotRevision >= settings.snapshotEvery
}

/** Never rejects. */
async function saveInTurn(actor: AggregateActor): Promise<void> {
  const { snapshots, runtime, lifetime } = actor.environment
  const place = snapshots.acquire()
  // Where there is a free one it begins at once, so that nobody is put away just before.
  if (place !== undefined) await place
  // In the line it may have come to another phase, and has its turn again when it runs.
  if (actor.phase === 'running' && !lifetime.stopped && isDue(actor)) await save(actor)
  actor.snapshotStage = 'none'
  // A store that answers at once would else save the whole line before anybody else has a turn.
  runtime.soon(() => snapshots.release())
  if (actor.leaving) actor.turns.schedule(actor)
}

function takeSnapshot(actor: AggregateActor, durable: Durable): StoredSnapshot {
  const { behaviour, environment } = actor
  const rest: Omit<SnapshotBody, 'window'> = {
    format: 2,
    structureHash: behaviour.structureHash,
    schemaVersion: behaviour.schemaVersion,
    windowCommands: environment.settings.windowCommands,
    state: behaviour.dump(durable.state),
  }
  const window = durable.window.dump()
  // Put together by hand: the window is most of it, and looking whether it needs escapes took half of the time.
  const body = `{"window":"${window}",${JSON.stringify(rest).slice(1)}`
  return { revision: durable.revision, eventId: lastEventIdOf(durable), body }
}

async function save(actor: AggregateActor): Promise<void> {
  const { store, logger, inspection, runtime, lifetime } = actor.environment
  const durable = actor.durable as Durable
  const { revision } = durable
  actor.snapshotStage = 'underWay'
  try {
    // Taken before anything is awaited: the durable state moves on.
    const snapshot = takeSnapshot(actor, durable)
    await answerInTime(actor.environment, (store.snapshots as SnapshotStore).save(actor.stream, snapshot))
    if (inspection.active)
      inspection.emit({ kind: 'snapshotSaved', at: runtime.clock.now(), ...actor.address, revision })
  } catch (error) {
    // A missing snapshot costs time at the next start, nothing else.
    if (lifetime.stopped) return
    logger.warn({ ...logged(actor.address), revision, err: error }, 'a snapshot could not be saved')
  }
  // Also after a failure, so that a store without room is not asked at every event.
  actor.snapshotRevision = revision
}

/** A store that stays mute must not keep the places of the others, nor the aggregate in memory. */
function answerInTime({ lifetime, settings }: Environment, saved: Promise<void>): Promise<void> {
  const { appendTimeoutMs } = settings
  return new Promise((resolve, reject) => {
    const deadline = lifetime.after(appendTimeoutMs, () => {
      if (!lifetime.stopped) reject(new Error(`the store did not answer within ${appendTimeoutMs} ms`))
    })
    saved.finally(() => deadline.cancel()).then(resolve, reject)
  })
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
    const window = CommandWindow.restore(windowCommands, body.window, snapshot.revision)
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
    if (body.format !== 2 || body.structureHash !== behaviour.structureHash) return undefined
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
