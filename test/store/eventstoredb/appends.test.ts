import { describe, expect, test } from 'vitest'
import { AccessDenied, EventTooLarge, StoreUnavailable, StreamDeleted } from '../../../src/errors.ts'
import type { Failure } from '../../../src/store/eventstoredb/failure.ts'
import { command, TestBench } from './support/test-bench.ts'

const down: Failure = { kind: 'down', detail: 'gone' }

describe('verdicts', () => {
  test('written, with revision and position', async () => {
    const bench = await TestBench.open()
    const kept = bench.append(bench.appendOf('a-1', 4))
    await bench.runtime.settle()
    const [sent] = bench.thread.appends
    expect(sent).toMatchObject({ stream: 'a-1', expectedRevision: 4 })
    bench.thread.written(sent!)
    expect(kept.verdict).toEqual({ status: 'written', revision: 5, position: 1000 + sent!.ticket })
  })

  test('a success at another revision than expected is none: the stream was deleted softly before', async () => {
    const bench = await TestBench.open()
    const kept = bench.append(bench.appendOf('a-1'))
    await bench.runtime.settle()
    bench.thread.written(bench.thread.appends[0]!, 7)
    expect(kept.verdict).toMatchObject({ status: 'unknown', cause: expect.any(StreamDeleted) })
  })

  test('a conflict says where the stream is', async () => {
    const bench = await TestBench.open()
    const kept = bench.append(bench.appendOf('a-1'))
    await bench.runtime.settle()
    bench.thread.conflict(bench.thread.appends[0]!, 41)
    expect(kept.verdict).toEqual({ status: 'conflict', revision: 41 })
  })

  test.each([
    ['denied', 'refused', AccessDenied],
    ['tooLarge', 'refused', StoreUnavailable],
    ['deleted', 'unknown', StreamDeleted],
    ['undecided', 'unknown', StoreUnavailable],
    ['notReady', 'unknown', StoreUnavailable],
    ['down', 'unknown', StoreUnavailable],
    ['other', 'unknown', StoreUnavailable],
    ['unsupported', 'unknown', StoreUnavailable],
  ] as const)('%s is %s', async (kind, status, type) => {
    const bench = await TestBench.open()
    const kept = bench.append(bench.appendOf('a-1'))
    await bench.runtime.settle()
    bench.thread.failed(bench.thread.appends[0]!, { kind, detail: 'detail' })
    expect(kept.verdict?.status).toBe(status)
    const error =
      kept.verdict?.status === 'refused' ? kept.verdict.error : (kept.verdict as { cause: unknown }).cause
    expect(error).toBeInstanceOf(type)
  })
})

describe('refused before anything is sent', () => {
  test.each([
    ['', 'a stream needs a name'],
    ['$$', "begin with '$'"],
    ['$streams', "begin with '$'"],
    ['$$a-1', "begin with '$'"],
    ['reenact.snapshots-a-1', 'belong to Reenact'],
    ['reenact.connection', 'belong to Reenact'],
    ['a-\ud800', 'half of a character'],
  ])('the stream %j', async (stream, reason) => {
    const bench = await TestBench.open()
    const kept = bench.append(bench.appendOf(stream))
    expect(kept.verdict).toBeUndefined()
    await bench.runtime.settle()
    expect(kept.verdict).toMatchObject({
      status: 'refused',
      error: { message: expect.stringContaining(reason) },
    })
    expect(bench.thread.appends).toEqual([])
    if (!stream.startsWith('a')) await expect(bench.store.checkHead(stream, 0)).rejects.toThrow(reason)
  })

  test('more data than the limit; exactly as much is sent', async () => {
    const bench = await TestBench.open({ maxAppendBytes: 20 })
    const of = (json: string) => [{ ...command, events: [{ type: 'Done', json }] }]
    const exact = bench.append(bench.appendOf('a-1', -1, { commands: of(`"${'ü'.repeat(9)}"`) }))
    const over = bench.append(bench.appendOf('a-2', -1, { commands: of(`"${'ü'.repeat(9)}x"`) }))
    await bench.runtime.settle()
    expect(over.verdict).toMatchObject({ status: 'refused', error: expect.any(EventTooLarge) })
    expect(bench.thread.appends.map(({ stream }) => stream)).toEqual(['a-1'])
    bench.thread.written(bench.thread.appends[0]!)
    expect(exact.verdict?.status).toBe('written')
  })

  test('metadata that JSON cannot hold, and none of its neighbours', async () => {
    const bench = await TestBench.open()
    const metadata = { big: 1n } as never
    const odd = { ...command, origin: { ...command.origin, metadata } }
    const bad = bench.append(bench.appendOf('a-1', -1, { commands: [odd] }))
    bench.append(bench.appendOf('a-2'))
    await bench.runtime.settle()
    expect(bad.verdict).toMatchObject({ status: 'refused', error: expect.any(TypeError) })
    expect(bench.thread.appends.map(({ stream }) => stream)).toEqual(['a-2'])
  })
})

describe('bounds', () => {
  test('so many are on their way; the others follow as answers come, in order', async () => {
    const bench = await TestBench.open({ maxAppendsInFlight: 2 })
    for (let stream = 0; stream < 5; stream++) bench.append(bench.appendOf(`a-${stream}`))
    await bench.runtime.settle()
    const streams = () => bench.thread.appends.map(({ stream }) => stream)
    expect(streams()).toEqual(['a-0', 'a-1'])
    bench.thread.written(bench.thread.appends[1]!)
    await bench.runtime.settle()
    expect(streams()).toEqual(['a-0', 'a-1', 'a-2'])
    bench.thread.written(bench.thread.appends[0]!)
    bench.thread.written(bench.thread.appends[2]!)
    await bench.runtime.settle()
    expect(streams()).toEqual(['a-0', 'a-1', 'a-2', 'a-3', 'a-4'])
  })

  test('so many bytes are on their way; one that is larger goes alone', async () => {
    const bench = await TestBench.open({ maxAppendBytes: 16 * 1024 * 1024 })
    const large = { ...command, events: [{ type: 'Done', json: `"${'x'.repeat(15 * 1024 * 1024)}"` }] }
    for (let stream = 0; stream < 6; stream++) {
      bench.append(bench.appendOf(`a-${stream}`, -1, { commands: [large] }))
    }
    await bench.runtime.settle()
    expect(bench.thread.appends).toHaveLength(4)
    bench.thread.written(bench.thread.appends[0]!)
    await bench.runtime.settle()
    expect(bench.thread.appends).toHaveLength(5)
  })
})

describe('deadlines', () => {
  test('what was sent is unknown, its late answer is heard and changes nothing', async () => {
    const bench = await TestBench.open({ callTimeoutMs: 2_000 })
    const kept = bench.append(bench.appendOf('a-1'))
    await bench.runtime.advance(1_999)
    expect(kept.verdict).toBeUndefined()
    await bench.runtime.advance(1)
    expect(kept.verdict).toMatchObject({
      status: 'unknown',
      cause: { message: expect.stringContaining('does not answer') },
    })
    bench.thread.written(bench.thread.appends[0]!)
    expect(kept.verdict?.status).toBe('unknown')
    expect(bench.logger.messages('debug')).toEqual(['EventStoreDB: a late answer to an append'])
  })

  test('what was not sent is refused: nothing happened', async () => {
    const bench = await TestBench.open({ callTimeoutMs: 2_000 })
    bench.thread.note({ kind: 'disconnected', failure: down })
    const kept = bench.append(bench.appendOf('a-1'))
    await bench.runtime.advance(2_000)
    expect(kept.verdict).toMatchObject({ status: 'refused', error: expect.any(StoreUnavailable) })
    bench.thread.connected()
    await bench.runtime.settle()
    expect(bench.thread.appends).toEqual([])
  })

  test('what waits for a place among too many is refused, too', async () => {
    const bench = await TestBench.open({ callTimeoutMs: 2_000, maxAppendsInFlight: 1 })
    const first = bench.append(bench.appendOf('a-1'))
    const second = bench.append(bench.appendOf('a-2'))
    await bench.runtime.advance(2_000)
    expect(first.verdict?.status).toBe('unknown')
    expect(second.verdict).toMatchObject({
      status: 'refused',
      error: { message: expect.stringContaining('too many appends are on their way') },
    })
  })

  test('answers leave no timer behind', async () => {
    const bench = await TestBench.open()
    const before = bench.runtime.pendingTimers
    for (let round = 0; round < 3; round++) {
      bench.append(bench.appendOf(`a-${round}`))
      await bench.runtime.settle()
      bench.thread.written(bench.thread.appends.at(-1)!)
    }
    await bench.runtime.settle()
    expect(bench.runtime.pendingTimers).toBe(before)
  })

  test('a connection that leaves very many appends without an answer is replaced', async () => {
    const bench = await TestBench.open({ callTimeoutMs: 1_000, maxAppendsInFlight: 5_000 })
    for (let stream = 0; stream < 1_001; stream++) bench.append(bench.appendOf(`mute-${stream}`))
    await bench.runtime.settle()
    for (let half = 0; half < 2; half++) {
      bench.append(bench.appendOf(`a-${half}`))
      await bench.runtime.settle()
      bench.thread.written(bench.thread.appends.at(-1)!)
      await bench.runtime.advance(500)
    }
    expect(bench.threads.all[0]?.state).toBe('ended')
  })
})

describe('without a connection', () => {
  test('appends wait, and go when it is back', async () => {
    const bench = await TestBench.open()
    await bench.runtime.advance(5_000)
    const sent = bench.append(bench.appendOf('a-1'))
    await bench.runtime.settle()
    bench.thread.note({ kind: 'disconnected', failure: down })
    const held = bench.append(bench.appendOf('a-2'))
    await bench.runtime.settle()
    expect(sent.verdict).toMatchObject({ status: 'unknown' })
    expect(held.verdict).toBeUndefined()
    bench.thread.connected()
    await bench.runtime.settle()
    expect(bench.thread.appends.map(({ stream }) => stream)).toEqual(['a-2'])
  })

  test('with access denied they are refused at once', async () => {
    const bench = await TestBench.open()
    await bench.runtime.advance(5_000)
    bench.thread.note({ kind: 'disconnected', failure: down })
    const held = bench.append(bench.appendOf('a-1'))
    bench.thread.notConnected({ kind: 'denied', detail: 'not authenticated' })
    expect(held.verdict).toMatchObject({ status: 'refused', error: expect.any(AccessDenied) })
    const later = bench.append(bench.appendOf('a-2'))
    await bench.runtime.settle()
    expect(later.verdict).toMatchObject({ status: 'refused', error: expect.any(AccessDenied) })
  })
})

describe('checkHead', () => {
  const checked = async (bench: TestBench) => {
    await bench.runtime.settle()
    return bench.thread.appends.at(-1)!
  }

  test('is an append of no events: success is true, a conflict is false', async () => {
    const bench = await TestBench.open()
    const yes = bench.store.checkHead('a-1', 5)
    const sent = await checked(bench)
    expect(sent).toMatchObject({ stream: 'a-1', expectedRevision: 5 })
    // An empty stream is answered like revision 0: what was asked counts.
    bench.thread.written(sent, -5)
    expect(await yes).toBe(true)
    const no = bench.store.checkHead('a-1', 5)
    bench.thread.conflict(await checked(bench), 6)
    expect(await no).toBe(false)
  })

  test('a check that is lost with its connection is sent again over the next one', async () => {
    const bench = await TestBench.open()
    await bench.runtime.advance(5_000)
    const check = bench.store.checkHead('a-1', 5)
    await checked(bench)
    bench.thread.note({ kind: 'disconnected', failure: down })
    bench.thread.connected()
    bench.thread.written(await checked(bench), 0)
    expect(await check).toBe(true)
  })

  test('a server that gives up on it answers nobody', async () => {
    const bench = await TestBench.open()
    const check = expect(bench.store.checkHead('a-1', 5)).rejects.toThrow(StoreUnavailable)
    bench.thread.failed(await checked(bench), { kind: 'undecided', detail: '' })
    await check
  })

  test('no answer in time is StoreUnavailable', async () => {
    const bench = await TestBench.open({ callTimeoutMs: 1_000 })
    const check = expect(bench.store.checkHead('a-1', 5)).rejects.toThrow(StoreUnavailable)
    await bench.runtime.advance(1_000)
    await check
  })
})

test('close waits for what is under way', async () => {
  const bench = await TestBench.open()
  const kept = bench.append(bench.appendOf('a-1'))
  await bench.runtime.settle()
  const closing = bench.store.close()
  await bench.runtime.settle()
  expect(bench.thread.state).toBe('running')
  bench.thread.written(bench.thread.appends[0]!)
  await closing
  expect(kept.verdict?.status).toBe('written')
  expect(bench.thread.state).toBe('ended')
})
