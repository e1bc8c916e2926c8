import { describe, expect, test } from 'vitest'
import { AccessDenied, EventTooLarge, StoreUnavailable, StreamDeleted } from '../../../src/errors.ts'
import { follow, OnDouble, revisionsOf, send, settle } from './support/on-double.ts'

// Each defect of the client, and each trap of the server, that was measured, and that it is contained.

describe('appends', () => {
  test('the first append of a connection is not overtaken: a chain sent at once keeps its order', async () => {
    await using on = await OnDouble.start()
    const store = await on.open()
    const chain = (from: number) =>
      Promise.all(Array.from({ length: 200 }, (_, index) => send(store, on.appendOf('a-1', from + index))))
    for (const verdict of await chain(-1)) expect(verdict.status).toBe('written')
    await on.double.restart()
    const next = await settle(store, on.appendOf('a-1', 199))
    expect(next).toMatchObject({ status: 'written', revision: 200 })
    for (const verdict of await chain(200)) expect(verdict.status).toBe('written')
    expect(await revisionsOf(store, 'a-1')).toHaveLength(401)
  })

  test('an append that is never answered is unknown in time, and delays no other', async () => {
    await using on = await OnDouble.start({ callTimeoutMs: 300 })
    const store = await on.open()
    on.double.addFault({ on: 'append', stream: 'mute-', fault: { kind: 'stayMute' } })
    const mute = send(store, on.appendOf('mute-1'))
    expect(await send(store, on.appendOf('a-1'))).toMatchObject({ status: 'written' })
    expect(await mute).toMatchObject({ status: 'unknown', cause: expect.any(StoreUnavailable) })
    expect(await settle(store, on.appendOf('mute-1'))).toMatchObject({ status: 'written', revision: 0 })
  })

  test('an answer that comes after its deadline does no harm', async () => {
    await using on = await OnDouble.start({ callTimeoutMs: 200 })
    const store = await on.open()
    on.double.addFault({ on: 'append', stream: 'late-', fault: { kind: 'answerLate', ms: 400 } })
    const append = on.appendOf('late-1')
    expect(await send(store, append)).toMatchObject({ status: 'unknown' })
    // Sent again, the same append is written where it was written before.
    expect(await settle(store, append)).toMatchObject({ status: 'written', revision: 0 })
    const late = () => on.logger.messages('debug').includes('EventStoreDB: a late answer to an append')
    for (let number = 0; !late(); number++) await send(store, on.appendOf(`a-${number}`))
    expect(await revisionsOf(store, 'late-1')).toEqual([0])
  })

  test('the features call is not made, so it cannot hang, nor keep an error for good', async () => {
    await using on = await OnDouble.start()
    on.double.addFault({ on: 'features', times: 'always', fault: { kind: 'refuse', with: 'unknown' } })
    const store = await on.open()
    expect(await send(store, on.appendOf('a-1'))).toMatchObject({ status: 'written' })
    expect(on.double.count('features')).toBe(0)
  })

  test('a server that ends the call of all appends leaves those unknown, and takes the next ones', async () => {
    await using on = await OnDouble.start()
    const store = await on.open()
    on.double.addFault({ on: 'append', stream: 'mute-', times: 3, fault: { kind: 'stayMute' } })
    const lost = [1, 2, 3].map((id) => send(store, on.appendOf(`mute-${id}`)))
    while (on.double.count('append') < 4) await send(store, on.appendOf('other-1', 0))
    on.double.endCalls('append', 13)
    for (const verdict of await Promise.all(lost)) expect(verdict.status).toBe('unknown')
    expect(await settle(store, on.appendOf('a-1'))).toMatchObject({ status: 'written', revision: 0 })
  })

  test.each([1, 2, 8, 10, 13, 14, 16])(
    'the call of all appends ends with the status %i: unknown',
    async (code) => {
      await using on = await OnDouble.start()
      const store = await on.open()
      on.double.addFault({ on: 'append', stream: 'a-', fault: { kind: 'endCall', code, after: 'done' } })
      const append = on.appendOf('a-1')
      expect(await send(store, append)).toMatchObject({ status: 'unknown' })
      // The answer was lost after the write: the same append again is the same one.
      expect(await settle(store, append)).toMatchObject({ status: 'written', revision: 0 })
    },
  )

  test('one store that loses its server does not touch the appends of another', async () => {
    await using one = await OnDouble.start()
    await using two = await OnDouble.start()
    const [sick, sound] = [await one.open(), await two.open()]
    one.double.addFault({ on: 'append', stream: 'mute-', fault: { kind: 'stayMute' } })
    const lost = send(sick, one.appendOf('mute-1'))
    const running = Array.from({ length: 500 }, (_, id) => send(sound, two.appendOf(`a-${id}`)))
    await one.double.stop()
    expect(await lost).toMatchObject({ status: 'unknown' })
    for (const verdict of await Promise.all(running)) expect(verdict.status).toBe('written')
  })

  test('a conflict says the right revision, whatever throwOnAppendFailure says', async () => {
    await using on = await OnDouble.start()
    const store = await on.open({
      connectionString: `${on.double.connectionString}&throwOnAppendFailure=false`,
    })
    await send(store, on.appendOf('a-1', -1, 5))
    expect(await send(store, on.appendOf('a-1', 0))).toEqual({ status: 'conflict', revision: 4 })
    expect(await send(store, on.appendOf('b-1', 0))).toEqual({ status: 'conflict', revision: -1 })
  })

  test.each([
    ['timeout', 'unknown'],
    ['notReady', 'unknown'],
    ['tooBusy', 'unknown'],
    ['unknown', 'unknown'],
    ['accessDenied', 'refused'],
  ] as const)('an append that is answered with %s is %s', async (refusal, status) => {
    await using on = await OnDouble.start()
    const store = await on.open()
    on.double.addFault({ on: 'append', stream: 'a-', fault: { kind: 'refuse', with: refusal } })
    const verdict = await send(store, on.appendOf('a-1'))
    expect(verdict.status).toBe(status)
    if (verdict.status === 'refused') expect(verdict.error).toBeInstanceOf(AccessDenied)
  })

  test('more than the limit is refused before it is sent, more than the limit of the server by the server', async () => {
    await using on = await OnDouble.start({ double: { maxAppendBytes: 700 } })
    const store = await on.open({ maxAppendBytes: 1_000 })
    const before = on.double.count('append')
    const refused = await send(store, on.appendOf('a-1', -1, 200))
    expect(refused).toMatchObject({ status: 'refused', error: expect.any(EventTooLarge) })
    expect(on.double.count('append')).toBe(before)
    expect(await send(store, on.appendOf('a-1', -1, 120))).toMatchObject({
      status: 'refused',
      error: { message: expect.stringContaining('Lower maxAppendBytes, or raise the limit of the server') },
    })
    expect(await send(store, on.appendOf('a-1', -1, 50))).toMatchObject({ status: 'written' })
  })
})

describe('without a server', () => {
  test('appends wait and are refused in time, reads too, with the same error', async () => {
    await using on = await OnDouble.start({ callTimeoutMs: 400 })
    const store = await on.open()
    await on.double.stop()
    // What was sent into the dying connection is unknown; what comes later is known not to have been sent.
    await send(store, on.appendOf('a-1'))
    const verdict = await send(store, on.appendOf('a-2'))
    expect(verdict).toMatchObject({ status: 'refused', error: expect.any(StoreUnavailable) })
    await expect(revisionsOf(store, 'a-1')).rejects.toThrow(StoreUnavailable)
    await expect(store.checkHead('a-1', 0)).rejects.toThrow(StoreUnavailable)
    await expect(store.readAll()[Symbol.asyncIterator]().next()).rejects.toThrow('cannot be reached')
  })

  test('one that comes up later is found, though the client had failed to find it', async () => {
    await using on = await OnDouble.start()
    await on.double.stop()
    const { port } = on.double
    const opening = on.open({
      connectionString: `esdb://127.0.0.1:${port},127.0.0.1:${port}?tls=false&maxDiscoverAttempts=1`,
    })
    const waited = (): boolean => on.logger.messages('warn').some((line) => line.includes('ECONNREFUSED'))
    while (!waited()) await new Promise((resolve) => setImmediate(resolve))
    await on.double.start()
    expect(await send(await opening, on.appendOf('a-1'))).toMatchObject({ status: 'written' })
  })

  test('a restart is survived without help, again and again', async () => {
    await using on = await OnDouble.start()
    const store = await on.open()
    for (let round = 0; round < 4; round++) {
      expect(await settle(store, on.appendOf('a-1', round - 1))).toMatchObject({
        status: 'written',
        revision: round,
      })
      await on.double.restart()
    }
    expect(await revisionsOf(store, 'a-1')).toEqual([0, 1, 2, 3])
  })
})

describe('without a quorum', () => {
  test('appends are unknown; then nothing is sent until there is one', async () => {
    await using on = await OnDouble.start({ callTimeoutMs: 800, replaceAfterMs: 500 })
    const store = await on.open()
    on.double.holdCommits()
    const append = on.appendOf('a-1')
    expect(await send(store, append)).toMatchObject({ status: 'unknown' })
    let verdict = await send(store, append)
    while (verdict.status === 'unknown') verdict = await send(store, append)
    expect(verdict).toMatchObject({ status: 'refused', error: expect.any(StoreUnavailable) })
    expect(await on.double.events('a-1')).toEqual([])
    on.double.releaseCommits()
    expect(await settle(store, append)).toMatchObject({ status: 'written', revision: 0 })
    expect(await revisionsOf(store, 'a-1')).toEqual([0])
  })

  test('checkHead says nothing', async () => {
    await using on = await OnDouble.start({ callTimeoutMs: 800 })
    const store = await on.open()
    await send(store, on.appendOf('a-1'))
    on.double.holdCommits()
    await expect(store.checkHead('a-1', 0)).rejects.toThrow(StoreUnavailable)
    on.double.releaseCommits()
    expect(await store.checkHead('a-1', 0)).toBe(true)
  })
})

describe('reads', () => {
  test('a mute one is asked again, and given up in time', async () => {
    await using on = await OnDouble.start({ callTimeoutMs: 300 })
    const store = await on.open()
    await send(store, on.appendOf('a-1'))
    on.double.addFault({ on: 'read', stream: 'a-', fault: { kind: 'stayMute' } })
    await expect(revisionsOf(store, 'a-1')).rejects.toThrow('does not answer')
    expect(await revisionsOf(store, 'a-1')).toEqual([0])
  })

  test.each([2, 10, 13, 14])('one that ends in the middle with the status %i is read again', async (code) => {
    await using on = await OnDouble.start()
    const store = await on.open()
    await send(store, on.appendOf('a-1', -1, 700))
    on.double.addFault({ on: 'read', stream: 'a-', skip: 1, fault: { kind: 'endCall', code, after: 100 } })
    expect(await revisionsOf(store, 'a-1')).toEqual(Array.from({ length: 700 }, (_, revision) => revision))
  })

  test('no call is left open by a reader who leaves early', async () => {
    await using on = await OnDouble.start()
    const store = await on.open()
    await send(store, on.appendOf('a-1', -1, 700))
    const before = on.double.count('read')
    for (let round = 0; round < 5; round++) for await (const _ of store.readStream('a-1')) break
    expect(on.double.count('read') - before).toBe(5)
  })
})

describe('deleted streams', () => {
  test.each(['softly', 'with a tombstone'] as const)(
    'one that was deleted %s is said to be deleted, not empty',
    async (how) => {
      await using on = await OnDouble.start()
      const store = await on.open()
      await send(store, on.appendOf('a-1'))
      await deleteStream(on, 'a-1', how)
      await expect(revisionsOf(store, 'a-1')).rejects.toThrow(StreamDeleted)
      expect(await revisionsOf(store, 'a-2')).toEqual([])
    },
  )

  test('an append to one that was deleted softly is never taken for written where it was expected', async () => {
    await using on = await OnDouble.start()
    const store = await on.open()
    await send(store, on.appendOf('a-1', -1, 3))
    await deleteStream(on, 'a-1', 'softly')
    expect(await send(store, on.appendOf('a-1'))).toMatchObject({
      status: 'unknown',
      cause: expect.any(StreamDeleted),
    })
  })
})

describe('snapshots', () => {
  test.each(['softly', 'never'] as const)(
    'whose streams were deleted %s are the newest ones, and some older ones that stand apart',
    async (how) => {
      await using on = await OnDouble.start()
      const { snapshots } = await on.open()
      const at = (revision: number) => ({ revision, eventId: `event-${revision}`, body: '{}' })
      for (let revision = 0; revision < 5; revision++) await snapshots?.save('a-1', at(revision))
      if (how === 'softly') {
        for (const stream of ['reenact.snapshots-a-1', 'reenact.snapshots--a-1']) {
          await deleteStream(on, stream, how)
        }
        expect(await snapshots?.load('a-1')).toBeUndefined()
        expect(await snapshots?.load('a-1', 3)).toBeUndefined()
      }
      for (let revision = 5; revision < 20; revision++) await snapshots?.save('a-1', at(revision))
      expect(await snapshots?.load('a-1')).toEqual(at(19))
      expect(await snapshots?.load('a-1', 17)).toEqual(at(17))
      expect(await snapshots?.load('a-1', 16)).toEqual(at(15))
      expect(await snapshots?.load('a-1', 9)).toEqual(at(8))
      expect(await snapshots?.load('a-1', 4)).toEqual(how === 'never' ? at(4) : undefined)
    },
  )
})

describe('subscriptions', () => {
  test.each([2, 8, 10, 13, 14])(
    'one that ends with the status %i skips nothing and doubles nothing',
    async (code) => {
      await using on = await OnDouble.start()
      const store = await on.open()
      for (const after of [1, 60]) {
        on.double.addFault({ on: 'subscribe', fault: { kind: 'endCall', code, after } })
      }
      const places = follow(store.subscribe({ filter: { categories: ['a'] } }), 400)
      for (let revision = -1; revision < 399; revision += 10)
        await settle(store, on.appendOf('a-1', revision, 10))
      expect(await places).toEqual(Array.from({ length: 400 }, (_, revision) => `a-1/${revision}`))
    },
  )

  test('one whose server is killed and started again skips nothing and doubles nothing', async () => {
    await using on = await OnDouble.start()
    const store = await on.open()
    const places = follow(store.subscribe({ filter: { categories: ['a'] } }), 300)
    for (let revision = -1; revision < 299; revision += 10) {
      if (revision % 100 === 49) await on.double.restart()
      await settle(store, on.appendOf('a-1', revision, 10))
    }
    expect(await places).toEqual(Array.from({ length: 300 }, (_, revision) => `a-1/${revision}`))
  })

  test('one that can match nothing says that it has caught up, and no more', async () => {
    await using on = await OnDouble.start()
    const store = await on.open()
    await send(store, on.appendOf('a-1'))
    for (const filter of [{ categories: [] }, { eventTypes: [] }]) {
      const messages = store.subscribe({ filter })[Symbol.asyncIterator]()
      expect((await messages.next()).value).toEqual({ kind: 'caughtUp' })
      await messages.return?.()
    }
  })

  test('links that the system projections write are passed over, each event comes once', async () => {
    await using on = await OnDouble.start({ double: { projections: 'system' } })
    const store = await on.open()
    for (let id = 0; id < 20; id++) await send(store, on.appendOf(`a-${id}`, -1, 2))
    const places = Array.from({ length: 40 }, (_, nth) => `a-${Math.floor(nth / 2)}/${nth % 2}`)
    expect(on.double.events('$ce-a')).toHaveLength(40)
    expect(await follow(store.subscribe(), 40)).toEqual(places)
    const read: string[] = []
    for await (const page of store.readAll())
      read.push(...page.map(({ stream, revision }) => `${stream}/${revision}`))
    expect(read).toEqual(places)
  })

  test('one that falls silent is renewed', async () => {
    await using on = await OnDouble.start({ silenceMs: 200 })
    const store = await on.open()
    on.double.addFault({ on: 'subscribe', fault: { kind: 'stayMute' } })
    await send(store, on.appendOf('a-1'))
    expect(await follow(store.subscribe(), 1)).toEqual(['a-1/0'])
    expect(on.double.count('subscribe')).toBeGreaterThan(1)
  })
})

async function deleteStream(on: OnDouble, stream: string, how: 'softly' | 'with a tombstone'): Promise<void> {
  const { EventStoreDBClient } = await import('@eventstore/db-client')
  const client = EventStoreDBClient.connectionString(on.double.connectionString)
  if (how === 'softly') await client.deleteStream(stream)
  else await client.tombstoneStream(stream)
  await client.dispose()
}
