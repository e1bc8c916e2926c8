import type { JsonObject } from '../event/json.ts'
import { systemRuntime } from '../runtime.ts'
import type { Append, EventStore, StoreProvider, Verdict } from '../store/event-store.ts'
import { appendIdOf } from './faults/append-path.ts'
import { silentLogger } from './silent-logger.ts'

/** An event as a test writes it: the payload's keys beside `type`. */
export interface ForeignEvent {
  readonly type: string
  readonly [key: string]: unknown
}

export interface ForeignAppendOptions {
  /** Default: a fresh one. */
  readonly commandId?: string
  /** Default: `Foreign`. */
  readonly commandType?: string
  /** Default: whatever the last revision is. */
  readonly expectedRevision?: number
  /** Default: 1. */
  readonly schemaVersion?: number
  readonly correlationId?: string
  readonly metadata?: JsonObject
}

/** Another writer on the same store, who knows nothing of the systems that run there. */
export interface ForeignWriter {
  /** Its `CommandOrigin.system`. */
  readonly system: string
  /**
   * Stores the events as one command behind everybody's back.
   * @returns the revision of the last one.
   * @throws Error where the store did not write it, with its verdict.
   */
  write(stream: string, events: readonly ForeignEvent[], options?: ForeignAppendOptions): Promise<number>
  close(): Promise<void>
}

/** Opens the store for a foreign writer. Give it the inner store of a faulty one, and it has no faults. */
export async function foreignWriter(
  provider: StoreProvider,
  runtime = systemRuntime,
): Promise<ForeignWriter> {
  const system = `foreign-${runtime.uuid()}`
  const store = await provider.open({ runtime, logger: silentLogger, system })
  return {
    system,
    async write(stream, events, options = {}) {
      const commandId = options.commandId ?? runtime.uuid()
      const correlationId = options.correlationId ?? commandId
      const verdict = await appendOne(store, {
        id: appendIdOf(runtime.uuid()),
        stream,
        expectedRevision: options.expectedRevision ?? (await lastRevision(store, stream)),
        commands: [
          {
            schemaVersion: options.schemaVersion ?? 1,
            events: events.map(({ type, ...payload }) => ({ type, json: JSON.stringify(payload) })),
            origin: {
              commandId,
              commandType: options.commandType ?? 'Foreign',
              count: events.length,
              system,
              correlationId,
              causationId: commandId,
              ...(options.metadata === undefined ? {} : { metadata: options.metadata }),
            },
          },
        ],
      })
      if (verdict.status === 'written') return verdict.revision
      throw new Error(`The foreign writer could not write to ${stream}: ${JSON.stringify(verdict)}`)
    },
    close: () => store.close(),
  }
}

function appendOne(store: EventStore, append: Append): Promise<Verdict> {
  return new Promise((resolve) => store.append([append], (_index, verdict) => resolve(verdict)))
}

async function lastRevision(store: EventStore, stream: string): Promise<number> {
  for await (const [last] of store.readStream(stream, { direction: 'backwards', limit: 1 })) {
    if (last !== undefined) return last.revision
  }
  return -1
}
