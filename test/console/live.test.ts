import { describe, expect, test } from 'vitest'
import { account } from '../../examples/bank/account.ts'
import { liveStream } from '../../src/console/live/live-stream.ts'
import type { AggregateNow, LogNews, Sample, Trouble } from '../../src/console/wire.ts'
import { foreignWriter, simulatedRuntime } from '../../src/testing/index.ts'
import { type Bank, bank, LiveReader, withAlice } from './kit.ts'

async function opened(it: Bank, query: string): Promise<LiveReader> {
  const answer = await it.get(`api/live?${query}`)
  expect(answer.headers.get('content-type')).toBe('text/event-stream')
  return new LiveReader(answer)
}

const deposit = (it: Bank, id = 'alice') =>
  it.runtime.run(it.system.get(account, id).ask({ type: 'Deposit', amount: 1 }))

describe('a live stream', () => {
  test('samples the system each second, while somebody reads', async () => {
    const it = await bank()
    await withAlice(it)
    const reader = (await opened(it, 'page=overview')).read()
    for (let nth = 0; nth < 5; nth++) await deposit(it)
    await it.runtime.run(it.system.get(account, 'alice').ask({ type: 'Open', owner: 'again' }))
    await it.runtime.advance(1_250)
    const [samples] = reader.messages<readonly Sample[]>('samples')
    expect(samples).toMatchObject([
      { answered: 6, rejected: 1, failed: 0, events: 5, appends: 5, batch: { mean: 1, largest: 1 }, live: 1 },
    ])
    await reader.close()
  })

  test('inspects nothing more when the last reader has left for a while', async () => {
    const it = await bank()
    const reader = (await opened(it, 'page=overview')).read()
    const waiting = it.runtime.pendingTimers
    await reader.close()
    await it.runtime.advance(6_000)
    expect(it.runtime.pendingTimers).toBeLessThan(waiting)
  })

  test('begins with what happened since the last sample that the page has', async () => {
    const it = await bank()
    const first = (await opened(it, 'page=overview')).read()
    await it.runtime.advance(5_000)
    const since = it.runtime.clock.now() - 2_500
    const second = (await opened(it, `page=overview&since=${since}`)).read()
    await it.runtime.settle()
    expect(second.messages<readonly Sample[]>('samples')[0]).toHaveLength(3)
    await first.close()
    await second.close()
  })

  test('keeps the samples of five minutes, however long it is looked at', async () => {
    const it = await bank()
    const first = (await opened(it, 'page=overview')).read()
    await it.runtime.advance(400_000)
    const second = (await opened(it, 'page=overview')).read()
    await it.runtime.settle()
    expect(second.messages<readonly Sample[]>('samples')[0]).toHaveLength(300)
    await first.close()
    await second.close()
  })

  test('shows an aggregate whenever it has moved, and only then', async () => {
    const it = await bank()
    await withAlice(it)
    const reader = (await opened(it, 'page=aggregate&aggregate=account&id=alice')).read()
    await it.runtime.advance(900)
    await deposit(it)
    await it.runtime.advance(900)
    await it.runtime.run(it.system.get(account, 'alice').ask({ type: 'Freeze', reason: 'lost card' }))
    await it.runtime.advance(900)
    const seen = reader.messages<AggregateNow>('aggregate')
    expect(seen.map(({ revision }) => revision)).toEqual([3, 4, 5])
    await reader.close()
  })

  test('shows trouble as it comes', async () => {
    const it = await bank()
    await withAlice(it)
    const reader = (await opened(it, 'page=trouble')).read()
    await it.runtime.advance(250)
    const writer = await foreignWriter(it.store.provider, it.runtime)
    await writer.write('account-alice', [{ type: 'Unheard' }])
    await it.runtime.advance(1_500)
    const [before, then] = reader.messages<Trouble>('trouble')
    expect(before?.quarantined).toEqual([])
    expect(then?.quarantined).toMatchObject([{ id: 'alice' }])
    await reader.close()
  })

  test('follows the log from now on, or from a position', async () => {
    const it = await bank()
    await withAlice(it)
    const { events } = (await it.json('log')) as LogNews
    const now = (await opened(it, 'page=log&type=Deposited')).read()
    const then = (await opened(it, `page=log&after=${events[2]?.position}`)).read()
    const all = (await opened(it, 'page=log&after=start&type=Opened')).read()
    await it.runtime.settle()
    await deposit(it)
    await it.runtime.advance(250)
    const revisions = (reader: LiveReader) =>
      reader.messages<LogNews>('log').flatMap((news) => news.events.map(({ revision }) => revision))
    expect(revisions(now)).toEqual([4])
    expect(revisions(then)).toEqual([3, 4])
    expect(revisions(all)).toEqual([0])
    await all.close()
    await now.close()
    await then.close()
  })

  test('ends when the system stops, so that the page looks for the next one', async () => {
    const it = await bank()
    const reader = (await opened(it, 'page=overview')).read()
    const stopped = it.system.stop()
    await it.runtime.advance(500)
    await it.runtime.run(stopped)
    expect(reader.ended).toBe(true)
    expect((await it.get('api/live?page=overview')).status).toBe(503)
  })

  test('is one of a bounded number', async () => {
    const it = await bank()
    const readers: LiveReader[] = []
    for (let nth = 0; nth < 64; nth++) readers.push((await opened(it, 'page=overview')).read())
    expect((await it.get('api/live?page=overview')).status).toBe(503)
    await readers.pop()?.close()
    readers.push((await opened(it, 'page=overview')).read())
    for (const reader of readers) await reader.close()
  })
})

describe('a slow reader', () => {
  test('costs no memory: of a log that is too fast it gets a part, and is told so', async () => {
    const it = await bank()
    const writer = await foreignWriter(it.store.provider, it.runtime)
    const reader = await opened(it, 'page=log')
    await it.runtime.settle()
    const begun = it.store.calls.subscriptions
    const written = 40_000
    const many = Array.from({ length: 500 }, () => ({ type: 'Deposited', amount: 1, rounding: 0 }))
    for (let batch = 0; batch < written / many.length; batch++) {
      await writer.write('account-fast', many)
      await it.runtime.advance(250)
    }
    // It has read nothing so far. What waits for it is what it gets now.
    reader.read()
    await it.runtime.settle()
    expect(reader.text.length).toBeLessThan(64 * 1024 + 300 * 600)
    const news = reader.messages<LogNews>('log')
    const received = news.reduce((sum, { events }) => sum + events.length, 0)
    expect(received).toBeLessThan(1_000)
    expect(news.some(({ gap }) => gap)).toBe(true)
    // Nor is anything read of the store for it.
    expect(it.store.calls.subscriptions - begun).toBeLessThan(5)

    await it.runtime.advance(500)
    await writer.write('account-fast', [{ type: 'Deposited', amount: 2, rounding: 0 }])
    await it.runtime.advance(500)
    expect(reader.text).toContain('{\\"amount\\":2')
    await reader.close()
  })

  test('is asked for again only when it has taken what there was', async () => {
    const runtime = simulatedRuntime()
    let taken = 0
    const source = {
      everyBeats: 1,
      take: () => ({ name: 'big', json: JSON.stringify(String(++taken).padEnd(40_000)) }),
      close: () => undefined,
    }
    let closed = 0
    const body = liveStream(
      [source],
      runtime.clock,
      () => false,
      () => closed++,
    )
    await runtime.advance(60_000)
    expect(taken).toBe(2)
    const reader = new LiveReader(new Response(body)).read()
    await runtime.advance(1_000)
    expect(taken).toBe(6)
    await reader.close()
    expect(closed).toBe(1)
  })
})
