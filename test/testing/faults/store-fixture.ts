import type { RecordedEvent } from '../../../src/event/recorded-event.ts'
import type {
  Append,
  EventStore,
  SubscribeOptions,
  SubscriptionMessage,
  Verdict,
} from '../../../src/store/event-store.ts'
import { memoryStore } from '../../../src/store/memory/memory-store.ts'
import {
  type FaultyStoreOptions,
  faultyStore,
  seededRandom,
  silentLogger,
  simulatedRuntime,
} from '../../../src/testing/index.ts'

export const stream = 'account-alice'
const uuids = seededRandom(99)

/** An append of whole commands: `sizes` says how many events each of them has. */
export function append(expectedRevision: number, sizes: readonly number[] = [1], of = stream): Append {
  return {
    id: `${uuids.uuid().slice(0, 32)}0000`,
    stream: of,
    expectedRevision,
    commands: sizes.map((count) => {
      const commandId = uuids.uuid()
      const origin = { commandId, commandType: 'Do', count, system: 'one', correlationId: commandId }
      return {
        origin: { ...origin, causationId: commandId },
        schemaVersion: 1,
        events: Array.from({ length: count }, (_, index) => ({ type: 'Done', json: `{"index":${index}}` })),
      }
    }),
  }
}

/** A faulty store on a memory store, one handle on it, and ways to use it from a test. */
export async function fixture(options: Partial<FaultyStoreOptions> = {}) {
  const runtime = simulatedRuntime({ startAt: 0 })
  const memory = memoryStore()
  const store = faultyStore(memory, { runtime, ...options })
  const open = (system: string): Promise<EventStore> => store.open({ runtime, logger: silentLogger, system })
  const handle = await open('one')
  return { runtime, memory, store, open, handle }
}

/** Sends one append; the verdict is looked at when the test wants to. */
export function send(handle: EventStore, append: Append): { verdict: Verdict | undefined } {
  const result: { verdict: Verdict | undefined } = { verdict: undefined }
  handle.append([append], (_index, verdict) => {
    if (result.verdict !== undefined) throw new Error('settled twice')
    result.verdict = verdict
  })
  return result
}

export async function revisionsOf(handle: EventStore, of = stream): Promise<readonly number[]> {
  return (await eventsIn(handle, of)).map(({ revision }) => revision)
}

export async function eventsIn(handle: EventStore, of = stream): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const page of handle.readStream(of)) events.push(...page)
  return events
}

/** Collects what a subscription delivers: revisions, `caughtUp`, and at last how it ended. */
export function follow(handle: EventStore, options?: SubscribeOptions): (number | string)[] {
  const seen: (number | string)[] = []
  const read = async (): Promise<void> => {
    for await (const message of handle.subscribe(options)) seen.push(...shown(message))
  }
  read().then(
    () => seen.push('ended'),
    (error: Error) => seen.push(error.name),
  )
  return seen
}

function shown(message: SubscriptionMessage): readonly (number | string)[] {
  return message.kind === 'caughtUp' ? ['caughtUp'] : message.events.map(({ revision }) => revision)
}
