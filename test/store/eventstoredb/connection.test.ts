import { describe, expect, test } from 'vitest'
import { AccessDenied, StoreUnavailable } from '../../../src/errors.ts'
import { TestBench } from './support/test-bench.ts'

const down = { kind: 'down', detail: 'connect ECONNREFUSED' } as const

describe('opening', () => {
  test('tries again, later and later, until the store is there', async () => {
    const bench = new TestBench()
    const opening = bench.store.open()
    for (let attempt = 1; attempt <= 3; attempt++) {
      expect(bench.thread.connects).toBe(attempt)
      bench.thread.notConnected(down)
      await bench.runtime.advance(1_000)
    }
    bench.thread.connected()
    await opening
    expect(bench.threads.all).toHaveLength(1)
    expect(bench.logger.messages('info')).toEqual(['EventStoreDB: connected'])
  })

  test('after some attempts a thread is replaced, whatever it may have piled up', async () => {
    const bench = new TestBench({ connectTimeoutMs: 3_600_000 })
    const opening = bench.store.open()
    while (bench.threads.all.length < 3) {
      bench.thread.notConnected(down)
      await bench.runtime.advance(5_000)
    }
    expect(bench.threads.all.map(({ connects }) => connects)).toEqual([20, 20, 1])
    bench.thread.connected()
    await opening
  })

  test('a thread that does not answer is replaced', async () => {
    const bench = new TestBench({ connectTimeoutMs: 3_600_000 })
    const opening = bench.store.open()
    await bench.runtime.advance(16_000)
    expect(bench.threads.all.map(({ state }) => state)).toEqual(['ended', 'running'])
    bench.thread.connected()
    await opening
  })

  test('a node that was found and does not answer is given up sooner: it is frozen', async () => {
    const bench = new TestBench({ connectTimeoutMs: 3_600_000 })
    const opening = bench.store.open()
    await bench.runtime.advance(10_000)
    bench.thread.note({ kind: 'asked' })
    await bench.runtime.advance(4_000)
    expect(bench.thread.state).toBe('ended')
    await bench.runtime.advance(1_000)
    bench.thread.note({ kind: 'asked' }, { kind: 'connected' })
    await opening
  })

  test('gives up in time with the last reason, and what to do', async () => {
    const bench = new TestBench({ connectTimeoutMs: 1_000 })
    const opening = bench.store.open()
    const refused = expect(opening).rejects.toThrow(
      'EventStoreDB (esdb://a:2113,b:2113,c:2113) cannot be reached: connect ECONNREFUSED. Check that it runs',
    )
    bench.thread.notConnected(down)
    await bench.runtime.advance(1_000)
    await refused
    expect(bench.thread.state).toBe('ended')
    expect(bench.runtime.pendingTimers).toBe(0)
  })

  test.each([
    ['denied', AccessDenied, 'denies access'],
    ['untrusted', StoreUnavailable, 'It is no outage: give the right tlsCAFile'],
    ['unsupported', StoreUnavailable, 'install @eventstore/db-client 6.2.1'],
  ] as const)('what only an operator can mend is said at once: %s', async (kind, type, text) => {
    const bench = new TestBench()
    const opening = bench.store.open()
    bench.thread.notConnected({ kind, detail: 'detail' })
    const error = await opening.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(type)
    expect(String(error)).toContain(text)
  })

  test('a client that is not installed is said to be so', async () => {
    const bench = new TestBench()
    const opening = bench.store.open()
    bench.thread.listener.crashed("Cannot find package '@eventstore/db-client' imported from main.js")
    await expect(opening).rejects.toThrow('install @eventstore/db-client 6.2.1 beside reenact')
  })

  test('warnings of the connection string reach the log', async () => {
    const bench = await TestBench.open({ connectionString: 'esdb://a?tlsVerifyCert=false' })
    expect(bench.logger.messages('warn')[0]).toContain('give tlsCAFile instead')
  })
})

describe('a connection that is lost', () => {
  test('is made anew at once in a new thread', async () => {
    const bench = await TestBench.open()
    await bench.runtime.advance(5_000)
    bench.thread.note({ kind: 'disconnected', failure: down })
    expect(bench.threads.all.map(({ state }) => state)).toEqual(['ended', 'running'])
    expect(bench.thread.connects).toBe(1)
    bench.thread.connected()
    expect(bench.logger.messages('warn')).toEqual([
      'EventStoreDB: the connection is lost, a new one is made: cannot be reached: connect ECONNREFUSED',
    ])
  })

  test('is made anew after a pause where it did not last', async () => {
    const bench = await TestBench.open()
    for (let round = 0; round < 3; round++) {
      const before = bench.threads.all.length
      bench.thread.listener.crashed('TypeError')
      expect(bench.threads.all).toHaveLength(before)
      await bench.runtime.advance(5_000)
      expect(bench.threads.all).toHaveLength(before + 1)
      bench.thread.connected()
    }
  })

  test('nothing is heard of a thread that was ended', async () => {
    const bench = await TestBench.open()
    await bench.runtime.advance(5_000)
    const first = bench.thread
    const kept = bench.append(bench.appendOf('a-1'))
    await bench.runtime.settle()
    first.note({ kind: 'disconnected', failure: down })
    bench.thread.connected()
    expect(kept.verdict?.status).toBe('unknown')
    expect(bench.threads.all).toHaveLength(2)
  })

  test('closing ends the thread and every timer', async () => {
    const bench = await TestBench.open()
    await bench.store.close()
    await bench.store.close()
    expect(bench.thread.state).toBe('ended')
    expect(bench.runtime.pendingTimers).toBe(0)
  })
})

describe('work without success', () => {
  test('has client and connection replaced after some seconds', async () => {
    const bench = await TestBench.open({ replaceAfterMs: 3_000, callTimeoutMs: 60_000 })
    const kept = bench.append(bench.appendOf('a-1'))
    await bench.runtime.advance(2_500)
    expect(bench.threads.all).toHaveLength(1)
    await bench.runtime.advance(500)
    expect(bench.threads.all).toHaveLength(2)
    expect(kept.verdict).toMatchObject({ status: 'unknown' })
  })

  test('counts also when each call was given up before', async () => {
    const bench = await TestBench.open({ replaceAfterMs: 3_000, callTimeoutMs: 400 })
    bench.append(bench.appendOf('a-1'))
    await bench.runtime.advance(3_000)
    expect(bench.threads.all).toHaveLength(2)
  })

  test('of appends counts although reads succeed', async () => {
    const bench = await TestBench.open({ replaceAfterMs: 3_000, callTimeoutMs: 60_000 })
    bench.append(bench.appendOf('a-1'))
    for (let look = 0; look < 6; look++) {
      const check = bench.store.readStream('a-1')[Symbol.asyncIterator]().next()
      await bench.runtime.settle()
      const { ticket } = bench.thread.callsOf('readPage').at(-1)!
      bench.thread.answer(ticket, { kind: 'page', events: [], reached: 'nothing' })
      await check
      await bench.runtime.advance(500)
    }
    expect(bench.threads.all).toHaveLength(2)
  })

  test('does not count while others succeed, or when nothing is under way', async () => {
    const bench = await TestBench.open({ replaceAfterMs: 3_000, callTimeoutMs: 60_000 })
    bench.append(bench.appendOf('mute-1'))
    for (let look = 0; look < 20; look++) {
      bench.append(bench.appendOf(`a-${look}`))
      await bench.runtime.settle()
      bench.thread.written(bench.thread.appends.at(-1)!)
      await bench.runtime.advance(500)
    }
    bench.thread.written(bench.thread.appends[0]!)
    await bench.runtime.advance(60_000)
    expect(bench.threads.all).toHaveLength(1)
  })

  test('is not seen in a clock that is set anew', async () => {
    const bench = await TestBench.open()
    const kept = bench.append(bench.appendOf('a-1'))
    bench.runtime.shiftClock(3_600_000)
    await bench.runtime.advance(1_000)
    bench.runtime.shiftClock(-7_200_000)
    await bench.runtime.advance(1_000)
    expect(bench.threads.all).toHaveLength(1)
    bench.thread.written(bench.thread.appends[0]!)
    expect(kept.verdict?.status).toBe('written')
  })
})
