import type { Append, EventStore, Verdict } from '../../../../src/store/event-store.ts'
import { parseConnectionString } from '../../../../src/store/eventstoredb/connection-string.ts'
import { type EventStoreDBOptions, settingsOf } from '../../../../src/store/eventstoredb/settings.ts'
import { EventStoreDBStore } from '../../../../src/store/eventstoredb/store.ts'
import { SimulatedRuntime } from '../../../../src/testing/simulated-runtime.ts'
import { RecordingLogger } from './recording-logger.ts'
import { type ScriptedThread, ScriptedThreads } from './scripted-threads.ts'

/** A store on scripted threads and a clock that stands still. */
export class TestBench {
  readonly runtime = new SimulatedRuntime()
  readonly logger = new RecordingLogger()
  readonly threads = new ScriptedThreads()
  readonly store: EventStoreDBStore
  #appends = 0

  constructor(options: Partial<EventStoreDBOptions> = {}) {
    const connection = parseConnectionString(options.connectionString ?? 'esdb://a,b,c?tls=false')
    const settings = settingsOf({ connectionString: '', ...options }, connection)
    const context = { runtime: this.runtime, logger: this.logger, system: 'system' }
    this.store = new EventStoreDBStore(settings, context, this.threads.start)
  }

  get thread(): ScriptedThread {
    return this.threads.last
  }

  /** Opens the store over a first connection. */
  static async open(options?: Partial<EventStoreDBOptions>): Promise<TestBench> {
    const bench = new TestBench(options)
    const opening = bench.store.open()
    bench.thread.connected()
    await opening
    return bench
  }

  appendOf(stream: string, expectedRevision = -1, given: Partial<Append> = {}): Append {
    const id = `00000000-0000-8000-a000-${(++this.#appends).toString(16).padStart(8, '0')}0000`
    return { id, stream, expectedRevision, commands: [command], ...given }
  }

  /** Appends, and keeps the verdict as it comes. */
  append(append: Append): { verdict: Verdict | undefined } {
    return appendTo(this.store, append)
  }
}

export function appendTo(store: EventStore, append: Append): { verdict: Verdict | undefined } {
  const kept: { verdict: Verdict | undefined } = { verdict: undefined }
  store.append([append], (_index, verdict) => {
    kept.verdict = verdict
  })
  return kept
}

export const command = {
  schemaVersion: 1,
  origin: {
    commandId: 'command',
    commandType: 'Do',
    count: 1,
    system: 'system',
    correlationId: 'correlation',
    causationId: 'causation',
  },
  events: [{ type: 'Done', json: '{"n":1}' }],
} as const
