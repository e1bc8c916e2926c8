import { randomUUID } from 'node:crypto'
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import { drive, type LoadResult } from '../load.ts'

/**
 * What the client does without Reenact: a loop of `appendToStream`, one event each, with the same data, metadata and
 * expected revisions as the deposits of the bank.
 */
export class BareLoop {
  readonly #client: EventStoreDBClient
  readonly #run = randomUUID()
  readonly #system = randomUUID()
  readonly #heads = new Map<string, bigint>()

  constructor(connectionString: string) {
    this.#client = EventStoreDBClient.connectionString(connectionString)
  }

  /** As many streams as outstanding appends: each has one under way. */
  run(appends: number, outstanding: number): Promise<LoadResult> {
    const streams = Array.from({ length: outstanding }, (_, nth) => `bare-${this.#run}-${nth}`)
    return drive(appends, outstanding, async () => {
      const stream = streams.pop()!
      const { nextExpectedRevision } = await this.#client.appendToStream(stream, this.#event(), {
        expectedRevision: this.#heads.get(stream) ?? 'no_stream',
      })
      this.#heads.set(stream, nextExpectedRevision)
      streams.push(stream)
    })
  }

  #event() {
    const commandId = randomUUID()
    return jsonEvent({
      type: 'Deposited',
      data: { amount: 1 },
      metadata: {
        $correlationId: commandId,
        $causationId: commandId,
        commandId,
        commandType: 'Deposit',
        count: 1,
        system: this.#system,
        schemaVersion: 1,
        index: 0,
      },
    })
  }

  /** The first append of a client is overtaken by those after it. */
  async warm(): Promise<void> {
    await this.#client.appendToStream(`bare-${this.#run}`, this.#event(), { expectedRevision: 'no_stream' })
  }

  close(): Promise<void> {
    return this.#client.dispose()
  }
}
