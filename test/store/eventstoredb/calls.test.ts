import { describe, expect, test } from 'vitest'
import { AccessDenied, StoreUnavailable, StreamDeleted } from '../../../src/errors.ts'
import type { Failure } from '../../../src/store/eventstoredb/failure.ts'
import { storedEvents } from './support/stored-events.ts'
import { TestBench } from './support/test-bench.ts'

const failed = (kind: Failure['kind']) => ({ kind: 'failed', failure: { kind, detail: '' } }) as const

/** Asks for the first page of a stream; further pages follow from it. */
async function reading(bench: TestBench, options = {}) {
  const pages = bench.store.readStream('a-1', options)[Symbol.asyncIterator]()
  const first = pages.next()
  await bench.runtime.settle()
  return { pages, first, call: () => bench.thread.callsOf('readPage').at(-1)! }
}

describe('a page of a read', () => {
  test('follows from the one before, forwards and backwards', async () => {
    const bench = await TestBench.open()
    for (const [direction, from, next] of [
      ['forwards', 'start', 2],
      ['backwards', 'end', -1],
    ] as const) {
      const { pages, first, call } = await reading(bench, { direction })
      expect(call()).toMatchObject({ from, direction, count: 500 })
      const events = storedEvents(2)
      if (direction === 'backwards') events.reverse()
      bench.thread.answer(call().ticket, { kind: 'page', events: events.flat(), reached: 'cut' })
      expect((await first).value).toHaveLength(2)
      const second = pages.next()
      await bench.runtime.settle()
      if (next < 0) expect(await second).toMatchObject({ done: true })
      else {
        expect(call()).toMatchObject({ from: next, direction })
        bench.thread.answer(call().ticket, { kind: 'page', events: [], reached: 'end' })
        expect(await second).toMatchObject({ done: true })
      }
    }
  })

  test('asks for no more than the limit', async () => {
    const bench = await TestBench.open()
    const { first, call, pages } = await reading(bench, { from: 7, limit: 2 })
    expect(call()).toMatchObject({ from: 7, count: 2 })
    bench.thread.answer(call().ticket, { kind: 'page', events: storedEvents(2).flat(), reached: 'cut' })
    await first
    expect(await pages.next()).toMatchObject({ done: true })
  })

  test.each(['undecided', 'tooSlow', 'other', 'notReady', 'down', 'notLeader'] as const)(
    'is asked for again after %s',
    async (kind) => {
      const bench = await TestBench.open()
      await bench.runtime.advance(5_000)
      const { first, call } = await reading(bench)
      bench.thread.answer(call().ticket, failed(kind))
      if (bench.threads.all.length > 1) bench.thread.connected()
      await bench.runtime.advance(1_000)
      bench.thread.answer(call().ticket, { kind: 'page', events: [], reached: 'nothing' })
      expect(await first).toMatchObject({ done: true })
    },
  )

  test('is asked for again over the next connection', async () => {
    const bench = await TestBench.open()
    await bench.runtime.advance(5_000)
    const { first, call } = await reading(bench)
    bench.thread.listener.crashed('TypeError: undefined is not iterable')
    bench.thread.connected()
    await bench.runtime.settle()
    bench.thread.answer(call().ticket, { kind: 'page', events: [], reached: 'nothing' })
    expect(await first).toMatchObject({ done: true })
  })

  test.each([
    ['denied', AccessDenied],
    ['deleted', StreamDeleted],
    ['unsupported', StoreUnavailable],
  ] as const)('is given up at once after %s', async (kind, type) => {
    const bench = await TestBench.open()
    const { first, call } = await reading(bench)
    const refused = expect(first).rejects.toThrow(type)
    bench.thread.answer(call().ticket, failed(kind))
    await refused
  })

  test('is given up in time, and the call is ended', async () => {
    const bench = await TestBench.open({ callTimeoutMs: 2_000 })
    const { first, call } = await reading(bench)
    const refused = expect(first).rejects.toThrow('no answer within 2000 ms')
    await bench.runtime.advance(2_000)
    await refused
    expect(bench.thread.callsOf('stop')).toEqual([{ kind: 'stop', ticket: call().ticket }])
  })

  test('says why there is no connection, where there is none', async () => {
    const bench = await TestBench.open({ callTimeoutMs: 2_000 })
    bench.thread.note({ kind: 'disconnected', failure: { kind: 'notReady', detail: 'Server Is Not Ready' } })
    const { first } = await reading(bench)
    const refused = expect(first).rejects.toThrow('whether a majority of its nodes is up')
    await bench.runtime.advance(2_000)
    await refused
  })
})

test('a stream without a name has no events', async () => {
  const bench = await TestBench.open()
  expect(await bench.store.readStream('')[Symbol.asyncIterator]().next()).toMatchObject({ done: true })
})

describe('snapshots', () => {
  test('one that is too large is not saved, and said so', async () => {
    const bench = await TestBench.open({ maxAppendBytes: 100 })
    await bench.store.snapshots.save('a-1', { revision: 1, eventId: 'id', body: `"${'x'.repeat(100)}"` })
    expect(bench.logger.messages('warn')[0]).toContain('the snapshot is too large')
    expect(bench.thread.callsOf('readPage')).toEqual([])
  })

  test('that were thrown away are none', async () => {
    const bench = await TestBench.open()
    const loading = bench.store.snapshots.load('a-1')
    await bench.runtime.settle()
    const call = bench.thread.callsOf('readPage')[0]!
    expect(call.stream).toBe('reenact.snapshots-a-1')
    bench.thread.answer(call.ticket, failed('deleted'))
    expect(await loading).toBeUndefined()
  })
})
