/*
 * Appends to a store as a process of its own, and prints what was acknowledged, one line of JSON for each batch.
 * Arguments: path, system, category, streams, appends in all (Infinity: until it is killed), bytes of an event,
 * streams between two checkpoints of heads.
 */
import { appendIds } from '../../../../src/event/event-id.ts'
import { systemRuntime } from '../../../../src/runtime.ts'
import { openEmbedded } from '../../../../src/store/embedded/embedded-handle.ts'
import { defaultHeadsOptions } from '../../../../src/store/embedded/heads.ts'
import type { Append, Verdict } from '../../../../src/store/event-store.ts'
import { silentLogger } from '../../../../src/testing/silent-logger.ts'
import type { Acknowledged } from './child.ts'

const [path = '', system = '', category = '', streams = '', appends = '', size = '', checkpoint = ''] =
  process.argv.slice(2)
const context = { runtime: systemRuntime, logger: silentLogger, system }
const store = await openEmbedded(path, 20, context, {
  ...defaultHeadsOptions,
  streamsOfCheckpoint: Number(checkpoint),
})
const nextId = appendIds(systemRuntime.uuid())
const heads = new Map<string, number>()
let written = 0

const origin = (commandId: string) => ({
  commandId,
  commandType: 'Do',
  count: 2,
  system,
  correlationId: commandId,
  causationId: commandId,
})

function appendTo(stream: string): Append {
  const id = nextId()
  const event = { type: 'Done', json: JSON.stringify({ text: 'x'.repeat(Number(size)) }) }
  return {
    id,
    stream,
    expectedRevision: heads.get(stream) ?? -1,
    commands: [{ schemaVersion: 1, origin: origin(id), events: [event, event] }],
  }
}

function send(batch: readonly Append[]): Promise<readonly Verdict[]> {
  return new Promise((resolve) => {
    const verdicts: Verdict[] = []
    let left = batch.length
    store.append(batch, (index, verdict) => {
      verdicts[index] = verdict
      if (--left === 0) resolve(verdicts)
    })
  })
}

while (written < Number(appends)) {
  const batch = Array.from({ length: Number(streams) }, (_, index) => appendTo(`${category}-${index}`))
  const verdicts = await send(batch)
  const acknowledged: Acknowledged[] = []
  for (const [index, verdict] of verdicts.entries()) {
    const { stream, id } = batch[index]!
    if (verdict.status === 'refused' || verdict.status === 'unknown') throw new Error(JSON.stringify(verdict))
    heads.set(stream, verdict.revision)
    if (verdict.status === 'conflict') continue
    written++
    acknowledged.push({ stream, id, revision: verdict.revision, position: verdict.position })
  }
  if (acknowledged.length > 0) process.stdout.write(`${JSON.stringify(acknowledged)}\n`)
}
await store.close()
