import { readFile } from 'node:fs/promises'
import { systemRuntime } from '../../../../src/runtime.ts'
import type { EventStore } from '../../../../src/store/event-store.ts'
import { eventStoreDB } from '../../../../src/store/eventstoredb/index.ts'
import { silentLogger } from '../../../../src/testing/index.ts'
import { commandOf, type NotedOutcome } from './load-order.ts'

/** What processes noted, line by line. */
export async function outcomesIn(file: string): Promise<readonly NotedOutcome[]> {
  const lines = (await readFile(file, { encoding: 'utf8', flag: 'a+' })).split('\n').slice(0, -1)
  return lines.map((line) => {
    const [commandId = '', status = '', revision, at] = line.split(' ')
    if (status !== 'accepted') throw new Error(`${commandId} is ${status}`)
    return { commandId, revision: Number(revision), at: Number(at) }
  })
}

export interface Stored {
  /** Of each command the revision of its last event. */
  readonly commands: ReadonlyMap<string, number>
  readonly events: number
  /** What is wrong, in words. */
  readonly violations: readonly string[]
}

export function openReader(connectionString: string): Promise<EventStore> {
  const context = { runtime: systemRuntime, logger: silentLogger, system: 'reader' }
  return eventStoreDB({ connectionString }).open(context)
}

/** Reads the streams of all aggregates: gapless, every command whole, once, and where it belongs. */
export async function readStored(store: EventStore, category: string, aggregates: number): Promise<Stored> {
  const commands = new Map<string, number>()
  const violations: string[] = []
  let events = 0
  for (let id = 0; id < aggregates; id++) {
    const stream = `${category}-${id}`
    let head = -1
    for await (const page of store.readStream(stream)) {
      for (const { revision, origin, index } of page) {
        events += 1
        if (revision !== head + 1) violations.push(`${stream} jumps from ${head} to ${revision}`)
        head = revision
        const { commandId, count } = origin!
        if (!commandId.includes('-')) continue
        const known = commandOf(commandId, aggregates)
        if (known.id !== String(id)) violations.push(`${commandId} stands in ${stream}`)
        if (known.events !== count) violations.push(`${commandId} has ${count} events`)
        if (index < count - 1) continue
        if (commands.has(commandId)) violations.push(`${commandId} is stored twice`)
        commands.set(commandId, revision)
      }
    }
  }
  return { commands, events, violations }
}

/** What was acknowledged and is not stored so. */
export function lostOf(outcomes: readonly NotedOutcome[], { commands }: Stored): readonly string[] {
  return outcomes
    .filter(({ commandId, revision }) => commands.get(commandId) !== revision)
    .map(
      ({ commandId, revision }) =>
        `${commandId} was acknowledged at ${revision}, and stands at ${commands.get(commandId)}`,
    )
}
