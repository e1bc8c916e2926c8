import type { RecordedEvent } from '../../src/event/recorded-event.ts'
import { fingerprintOf } from '../fingerprint.ts'
import type { CommandWindow } from '../window.ts'
import { type AggregateActor, type Durable, lastEventIdOf } from './aggregate-actor.ts'
import { StreamDamaged } from './recovering.ts'

/**
 * What a read of the tail found.
 * - `complete`: the state stands at the last whole command that the store showed, and at all that is known to be there.
 * - `lagging`: the store is known to hold more than it showed. `missing`: even the event we stand on is not there.
 * - `otherHistory`: another event is in its place.
 */
export interface Tail {
  readonly status: 'complete' | 'lagging' | 'missing' | 'otherHistory'
  readonly events: number
}

/**
 * Reads the stream from the revision on which `durable` stands (that event again: another id there means another
 * history) and applies what follows, by whole commands only (PROTOCOL rule 14).
 * @throws StoredEventMisfit, StreamDamaged, and what the store throws; `durable` keeps what was applied.
 */
export async function replayTail(actor: AggregateActor, durable: Durable): Promise<Tail> {
  const { settings } = actor.environment
  const remembered = new ReplayedCommands(settings.windowCommands)
  try {
    return await applyTail(actor, durable, remembered)
  } finally {
    remembered.into(durable.window)
  }
}

async function applyTail(
  actor: AggregateActor,
  durable: Durable,
  remembered: ReplayedCommands,
): Promise<Tail> {
  const { store, recoveries, runtime, lifetime } = actor.environment
  const standsOn = durable.revision
  let next = Math.max(standsOn, 0)
  let events = 0
  let command: RecordedEvent[] = []
  for await (const page of store.readStream(actor.stream, { from: next })) {
    if (events > 0) {
      // Between the pages of a long replay others have their turn, and the process its timers and I/O.
      await new Promise<void>((resolve) => runtime.soon(resolve))
      if (recoveries.contended) {
        recoveries.release()
        await recoveries.acquire()
      }
    }
    for (const event of page) {
      if (event.revision !== next) throw gap(actor, next, event.revision)
      next++
      if (event.revision === standsOn) {
        if (event.id !== lastEventIdOf(durable)) return { status: 'otherHistory', events }
        continue
      }
      if (command.length === 0 && isWholeCommand(event)) {
        durable.state = actor.behaviour.replay(durable.state, event)
        stand(durable, event, event, remembered)
        events++
        continue
      }
      command = withEvent(actor, command, event)
      if (command.length < countOf(event)) continue
      applyEvents(actor, durable, command, remembered)
      events += command.length
      command = []
    }
    if (lifetime.stopped) break
  }
  if (standsOn >= 0 && next === standsOn) return { status: 'missing', events }
  return { status: durable.revision < actor.seenRevision ? 'lagging' : 'complete', events }
}

/** The stream itself, whoever reads it. */
interface ReadStream {
  readonly stream: string
}

export function gap({ stream }: ReadStream, expected: number, found: number): StreamDamaged {
  const what = expected === 0 ? 'does not begin at revision 0' : `has a gap: revision ${expected} is missing`
  return new StreamDamaged(`The stream ${stream} ${what} (found ${found}). It was truncated or damaged.`)
}

/** How many events its command made. */
export function countOf(event: RecordedEvent): number {
  return event.origin?.count ?? 1
}

/** Most commands made one event, and a list for each would show in a long replay. */
function isWholeCommand({ origin, index }: RecordedEvent): boolean {
  return origin === undefined || (origin.count === 1 && index === 0)
}

/** Adds the next event of a command. @throws StreamDamaged where a command was torn, which no append of ours does. */
export function withEvent(
  { stream }: ReadStream,
  command: RecordedEvent[],
  event: RecordedEvent,
): RecordedEvent[] {
  const first = command[0]
  // What somebody else wrote is a whole command, whatever its index says.
  const begins = event.index === 0 || event.origin === undefined
  const fits = first === undefined ? begins : continues(first, event, command.length)
  if (!fits) {
    throw new StreamDamaged(
      `Revision ${event.revision} of ${stream} is event ${event.index} of the command '${event.origin?.commandId}', and ${command.length} events of '${first?.origin?.commandId}' stand before it.`,
    )
  }
  command.push(event)
  return command
}

function continues(first: RecordedEvent, event: RecordedEvent, index: number): boolean {
  return event.index === index && event.origin?.commandId === first.origin?.commandId
}

/** Applies one whole stored command to the durable state: all its events or, if one does not fit, none. */
export function applyCommand(
  actor: AggregateActor,
  durable: Durable,
  command: readonly RecordedEvent[],
): void {
  const remembered = new ReplayedCommands(1)
  applyEvents(actor, durable, command, remembered)
  remembered.into(durable.window)
}

function applyEvents(
  actor: AggregateActor,
  durable: Durable,
  command: readonly RecordedEvent[],
  remembered: ReplayedCommands,
): void {
  let { state } = durable
  for (const event of command) state = actor.behaviour.replay(state, event)
  durable.state = state
  stand(durable, command[0] as RecordedEvent, command[command.length - 1] as RecordedEvent, remembered)
}

function stand(
  durable: Durable,
  first: RecordedEvent,
  last: RecordedEvent,
  remembered: ReplayedCommands,
): void {
  durable.revision = last.revision
  durable.lastEvent = last.id
  durable.lastIndex = -1
  if (first.origin !== undefined) remembered.add(first.origin.commandId, first.revision)
}

/** The last W commands of a replay: to work out what the window keeps of all the others would cost a tenth of it. */
class ReplayedCommands {
  readonly #most: number
  #ids: string[] = []
  #revisions: number[] = []

  constructor(most: number) {
    this.#most = most
  }

  add(commandId: string, revision: number): void {
    if (this.#ids.length >= this.#most * 2) {
      this.#ids = this.#ids.slice(-this.#most)
      this.#revisions = this.#revisions.slice(-this.#most)
    }
    this.#ids.push(commandId)
    this.#revisions.push(revision)
  }

  into(window: CommandWindow): void {
    for (let nth = Math.max(0, this.#ids.length - this.#most); nth < this.#ids.length; nth++) {
      window.remember(fingerprintOf(this.#ids[nth] as string), this.#revisions[nth] as number)
    }
  }
}
