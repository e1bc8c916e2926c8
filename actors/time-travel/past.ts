import type { Behaviour } from '../../src/behaviour.ts'
import {
  type AggregateAddress,
  HistoryUnreadable,
  StoredEventMisfit,
  StreamDeleted,
  SystemStopped,
} from '../../src/errors.ts'
import type { RecordedEvent } from '../../src/event/recorded-event.ts'
import type { MachineState } from '../../src/machine/kernel.ts'
import { StreamDamaged } from '../aggregate/recovering.ts'
import { countOf, gap, withEvent } from '../aggregate/replay.ts'
import { loadSnapshot, stateInSnapshot } from '../aggregate/snapshots.ts'
import type { Environment } from '../environment.ts'

/** The past of one aggregate, live or not: what is needed to read it, and nothing that could change it. */
export interface Past {
  readonly environment: Environment
  readonly behaviour: Behaviour
  readonly stream: string
  readonly address: AggregateAddress
}

/** A state after a whole command, and the revision of that command's last event. */
export interface Standing {
  readonly revision: number
  readonly state: MachineState
}

/** The nearest state at or below a revision that need not be replayed: of a snapshot, else the one before any event. */
export async function nearestStanding(past: Past, revision: number): Promise<Standing> {
  const { behaviour, address } = past
  const snapshot = revision < 0 ? undefined : await loadSnapshot(past, revision)
  const state = snapshot === undefined ? undefined : stateInSnapshot(past, snapshot)
  if (snapshot !== undefined && state !== undefined) {
    // A snapshot proves nothing against the stream: it must stand on the very event that is stored there.
    const event = await eventAt(past, snapshot.revision)
    if (event?.id === snapshot.eventId) return { revision: snapshot.revision, state }
  }
  return { revision: -1, state: behaviour.initial(address.id) }
}

/** The stored event of a revision; `undefined` where the stream does not reach it. */
export async function eventAt(past: Past, revision: number): Promise<RecordedEvent | undefined> {
  for await (const [event] of readPages(past, { from: revision, limit: 1 })) return event
  return undefined
}

/** The last stored event; `undefined` where there is none. */
export async function lastEvent(past: Past): Promise<RecordedEvent | undefined> {
  for await (const [event] of readPages(past, { direction: 'backwards', limit: 1 })) return event
  return undefined
}

/**
 * The commands of the stream from a revision on that begins one, a page at a time; the rest of a command that is not
 * there as a whole is left out.
 * @param upTo the last revision to read, inclusive.
 * @throws StreamDamaged, SystemStopped, and what the store throws.
 */
export async function* commandPages(
  past: Past,
  from: number,
  upTo = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly (readonly RecordedEvent[])[], void, undefined> {
  if (from > upTo) return
  let next = from
  let command: RecordedEvent[] = []
  const range = Number.isFinite(upTo) ? { from, limit: upTo - from + 1 } : { from }
  for await (const page of readPages(past, range)) {
    const commands: (readonly RecordedEvent[])[] = []
    for (const event of page) {
      if (event.revision !== next) throw gap(past, next, event.revision)
      next++
      command = withEvent(past, command, event)
      if (command.length < countOf(event)) continue
      commands.push(command)
      command = []
    }
    yield commands
  }
}

type Range = NonNullable<Parameters<Environment['store']['readStream']>[1]>

async function* readPages(
  past: Past,
  range: Range,
): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  const { store, runtime, lifetime } = past.environment
  let first = true
  for await (const page of store.readStream(past.stream, range)) {
    // Between the pages of a long past the aggregates have their turns.
    if (!first) await new Promise<void>((resolve) => runtime.soon(resolve))
    first = false
    if (lifetime.stopped) throw new SystemStopped('no')
    yield page
  }
}

/** What a reading of the past failed with, as its caller is to see it. */
export function troubleOf(past: Past, error: unknown): unknown {
  const unreadable =
    error instanceof StoredEventMisfit || error instanceof StreamDamaged || error instanceof StreamDeleted
  return unreadable ? new HistoryUnreadable(past.address, error) : error
}
