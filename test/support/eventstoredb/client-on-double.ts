import {
  type AppendExpectedRevision,
  type AppendToStreamOptions,
  EventStoreDBClient,
  jsonEvent,
} from '@eventstore/db-client'
import { afterEach } from 'vitest'
import { type DoubleOptions, EventStoreDouble } from './event-store-double.ts'

/** The unmodified client on a double; both end with the test. */
const clients: EventStoreDBClient[] = []
const doubles: EventStoreDouble[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose()
  for (const double of doubles.splice(0)) await double.stop()
})

export function clientOf(connectionString: string): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(connectionString)
  clients.push(client)
  return client
}

export interface ClientOnDouble {
  readonly double: EventStoreDouble
  readonly client: EventStoreDBClient
}

export async function serve(options: DoubleOptions = {}): Promise<ClientOnDouble> {
  const double = await EventStoreDouble.start({ commitTimeoutMs: 50, ...options })
  doubles.push(double)
  const client = clientOf(double.connectionString)
  return { double, client }
}

let ids = 0

export const event = (data: Readonly<Record<string, string | number>> = { n: 1 }) => {
  const id = `00000000-0000-4000-8000-${(++ids).toString(16).padStart(12, '0')}`
  return jsonEvent({ id, type: 'Counted', data })
}

export const at = (expectedRevision: AppendExpectedRevision): AppendToStreamOptions => ({ expectedRevision })

/** The revisions that a reader finds; none where there is no stream. */
export async function revisions(client: EventStoreDBClient, stream: string): Promise<readonly bigint[]> {
  const found: bigint[] = []
  try {
    for await (const { event } of client.readStream(stream)) {
      if (event !== undefined) found.push(event.revision)
    }
  } catch (error) {
    if (Reflect.get(error as object, 'type') !== 'stream-not-found') throw error
  }
  return found
}

/** Whether it settled by the time that the server has answered something else. */
export async function isSettled(promise: Promise<unknown>, client: EventStoreDBClient): Promise<boolean> {
  let settled = false
  const settle = (): void => {
    settled = true
  }
  promise.then(settle, settle)
  await revisions(client, 'anything')
  return settled
}
