import { describe, expect, it } from 'vitest'
import { eventIdOf } from '../../../src/event/event-id.ts'
import type { RecordedEvent } from '../../../src/event/recorded-event.ts'
import type { EventStore, Verdict } from '../../../src/store/event-store.ts'
import { acknowledgedBy, startWriter } from './processes/child.ts'
import { allOf, lostOf, openAt, temporaryFolder, tornOf } from './processes/opened.ts'

const appendAs = (
  store: EventStore,
  id: string,
  stream: string,
  expectedRevision: number,
): Promise<Verdict> =>
  new Promise((resolve) => {
    const origin = {
      commandId: id,
      commandType: 'Do',
      count: 2,
      system: 'test',
      correlationId: id,
      causationId: id,
    }
    const event = { type: 'Done', json: '{}' }
    store.append(
      [{ id, stream, expectedRevision, commands: [{ schemaVersion: 1, origin, events: [event, event] }] }],
      (_, verdict) => resolve(verdict),
    )
  })

describe('embedded store, two processes on one folder', () => {
  it('writes streams of their own in parallel, followed by a third: one order, nothing twice, nothing missing', async () => {
    const path = await temporaryFolder()
    const store = await openAt(path)
    const writers = ['one', 'two'].map((category) =>
      startWriter({ path, system: category, category, streams: 20, appends: 2_000 }),
    )
    const followed: RecordedEvent[] = []
    for await (const message of store.subscribe()) {
      if (message.kind === 'events') followed.push(...message.events)
      if (followed.length >= 8_000) break
    }
    const acknowledged = await Promise.all(writers.map(acknowledgedBy))
    expect(await Promise.all(writers.map(({ exit }) => exit))).toEqual([0, 0])
    expect(followed).toHaveLength(8_000)
    expect(tornOf(followed)).toEqual([])
    expect(lostOf(acknowledged.flat(), followed)).toEqual([])
    expect(followed).toEqual(await allOf(store))
    await store.close()
  })

  it('contends for the same streams: each slot has one winner, and only the winner was told so', async () => {
    const path = await temporaryFolder()
    const writers = ['one', 'two'].map((system) =>
      startWriter({ path, system, category: 'shared', streams: 5, appends: 300 }),
    )
    const acknowledged = (await Promise.all(writers.map(acknowledgedBy))).flat()
    expect(await Promise.all(writers.map(({ exit }) => exit))).toEqual([0, 0])
    const store = await openAt(path)
    const events = await allOf(store)
    expect(tornOf(events)).toEqual([])
    expect(lostOf(acknowledged, events)).toEqual([])
    expect(events).toHaveLength(acknowledged.length * 2)
    await store.close()
  })

  it('sees at once what the other was told is written, and repeats its append without effect', async () => {
    const path = await temporaryFolder()
    const store = await openAt(path)
    const writer = startWriter({ path, system: 'other', category: 'seen', streams: 3, appends: 300 })
    let last = 0
    for await (const batch of writer.batches) {
      const { stream, id, revision, position } = batch[0]!
      const [event] = (
        await store.readStream(stream, { from: revision, limit: 1 })[Symbol.asyncIterator]().next()
      ).value as readonly RecordedEvent[]
      expect(event).toMatchObject({ id: eventIdOf(id, 1), position })
      expect(await store.checkHead(stream, revision - 1)).toBe(false)
      expect(await appendAs(store, id, stream, revision - 2)).toEqual({
        status: 'written',
        revision,
        position,
      })
      last = Math.max(last, revision)
    }
    expect(await store.checkHead('seen-0', last)).toBe(true)
    expect(await appendAs(store, 'another', 'seen-0', -1)).toEqual({ status: 'conflict', revision: last })
    expect(await writer.exit).toBe(0)
    await store.close()
  })

  it('grows the file beyond the map of the other', async () => {
    const path = await temporaryFolder()
    const store = await openAt(path)
    const writer = startWriter({
      path,
      system: 'other',
      category: 'big',
      streams: 4,
      appends: 40,
      bytes: 500_000,
    })
    let revision = -1
    for await (const batch of writer.batches) {
      expect(await appendAs(store, `${batch[0]!.id}x`, 'own-0', revision)).toMatchObject({
        status: 'written',
      })
      revision += 2
    }
    expect(await writer.exit).toBe(0)
    const events = await allOf(store)
    expect(tornOf(events)).toEqual([])
    expect(events.filter(({ stream }) => stream.startsWith('big-'))).toHaveLength(80)
    await store.close()
  })
})
