import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { eventIdOf } from '../../../../src/event/event-id.ts'
import type { RecordedEvent } from '../../../../src/event/recorded-event.ts'
import { systemRuntime } from '../../../../src/runtime.ts'
import { embeddedStore } from '../../../../src/store/embedded/embedded-store.ts'
import type { EventStore } from '../../../../src/store/event-store.ts'
import { eventsOf } from '../../../../src/store/events-of.ts'
import { silentLogger } from '../../../../src/testing/silent-logger.ts'
import type { Acknowledged } from './child.ts'

/** A folder for one test, gone with it. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'reenact-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

export function openAt(path: string): Promise<EventStore> {
  return embeddedStore({ path }).open({ runtime: systemRuntime, logger: silentLogger, system: 'test' })
}

export async function allOf(store: EventStore): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const event of eventsOf(store.readAll())) events.push(event)
  return events
}

/** What was acknowledged and is not there as it was said, for people to read. */
export function lostOf(
  acknowledged: readonly Acknowledged[],
  events: readonly RecordedEvent[],
): readonly string[] {
  const slots = new Map(events.map((event) => [`${event.stream} ${event.revision}`, event]))
  return acknowledged.flatMap(({ stream, id, revision, position }) => {
    const event = slots.get(`${stream} ${revision}`)
    const found = event?.id === eventIdOf(id, 1) && event.position === position
    return found
      ? []
      : [`${stream} ${revision}: ${id} at ${position}, found ${event?.id} at ${event?.position}`]
  })
}

/** The appends of two events that are not whole, or not gapless. */
export function tornOf(events: readonly RecordedEvent[]): readonly string[] {
  const heads = new Map<string, number>()
  return events.flatMap(({ stream, revision, index }) => {
    const expected = (heads.get(stream) ?? -1) + 1
    heads.set(stream, revision)
    return revision === expected && index === revision % 2 ? [] : [`${stream} ${revision}, number ${index}`]
  })
}
