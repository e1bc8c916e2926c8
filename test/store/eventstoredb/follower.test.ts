import { describe, expect, test } from 'vitest'
import { AccessDenied, StoreUnavailable } from '../../../src/errors.ts'
import type { Subscription, SubscriptionMessage } from '../../../src/store/event-store.ts'
import type { Failure, FailureKind } from '../../../src/store/eventstoredb/failure.ts'
import type { Answer } from '../../../src/store/eventstoredb/protocol.ts'
import type { Field } from '../../../src/store/eventstoredb/wire-event.ts'
import { storedAppend, storedEvents } from './support/stored-events.ts'
import { TestBench } from './support/test-bench.ts'

const down: Failure = { kind: 'down', detail: 'gone' }
const at = (commit: number, prepare = commit) => ({ commit, prepare })
const page = (events: readonly Field[][], last: number): Answer => ({
  kind: 'events',
  events: events.flat(),
  last: at(last),
})

/** Reads a subscription as it comes; what arrived is kept as revisions, `caughtUp` and the error. */
class Reader {
  readonly arrived: (readonly number[] | 'caughtUp' | Error | 'end')[] = []
  readonly #iterator: AsyncIterator<SubscriptionMessage>

  constructor(subscription: Subscription) {
    this.#iterator = subscription[Symbol.asyncIterator]()
  }

  async step(): Promise<void> {
    try {
      const { done, value } = await this.#iterator.next()
      if (done) this.arrived.push('end')
      else
        this.arrived.push(
          value.kind === 'caughtUp' ? 'caughtUp' : value.events.map(({ revision }) => revision),
        )
    } catch (error) {
      this.arrived.push(error as Error)
    }
  }

  /** Reads on and on. */
  async run(): Promise<void> {
    for (;;) {
      await this.step()
      const last = this.arrived.at(-1)
      if (last === 'end' || last instanceof Error) return
    }
  }
}

async function following(bench: TestBench, options?: Parameters<TestBench['store']['subscribe']>[0]) {
  const subscription = bench.store.subscribe(options)
  const reader = new Reader(subscription)
  await bench.runtime.settle()
  const follow = () => bench.thread.callsOf('follow').at(-1)!
  return {
    subscription,
    reader,
    follow,
    async answer(...answers: readonly Answer[]) {
      for (const answer of answers) bench.thread.answer(follow().ticket, answer)
      await bench.runtime.settle()
    },
  }
}

describe('a subscription', () => {
  test('delivers pages and marks in order, and asks for more as they are read', async () => {
    const bench = await TestBench.open()
    const { reader, answer, follow } = await following(bench, { filter: { categories: ['a'] } })
    expect(follow()).toMatchObject({ after: 'start', filter: { categories: ['a'] } })
    void reader.run()
    await answer(page(storedEvents(2), 2), { kind: 'caughtUp' }, page(storedEvents(1, 3), 3))
    expect(reader.arrived).toEqual([[0, 1], 'caughtUp', [2]])
    expect(bench.thread.callsOf('more')).toHaveLength(2)
  })

  test.each(['down', 'tooSlow', 'undecided', 'notReady', 'other'] as const)(
    'goes on where it stands after %s',
    async (kind: FailureKind) => {
      const bench = await TestBench.open()
      await bench.runtime.advance(5_000)
      const { reader, answer, follow } = await following(bench)
      void reader.run()
      await answer(page(storedEvents(3), 3), { kind: 'caughtUp' })
      await answer({ kind: 'failed', failure: { kind, detail: '' } })
      // Some of these end the connection, too: then a new one is made first.
      if (bench.threads.all.length > 1) bench.thread.connected()
      await bench.runtime.advance(1_000)
      expect(follow()).toMatchObject({ after: at(3), delivered: at(3) })
      await answer(page(storedEvents(1, 4), 4), { kind: 'caughtUp' })
      expect(reader.arrived).toEqual([[0, 1, 2], 'caughtUp', [3], 'caughtUp'])
    },
  )

  test('goes on where it stands after its connection was lost', async () => {
    const bench = await TestBench.open()
    await bench.runtime.advance(5_000)
    const { reader, answer, follow } = await following(bench, { after: 7 as never })
    expect(follow()).toMatchObject({ after: at(7), delivered: at(7) })
    void reader.run()
    await answer({ kind: 'checkpoint', at: at(100, 0) })
    bench.thread.note({ kind: 'disconnected', failure: down })
    bench.thread.connected()
    await bench.runtime.settle()
    // From the checkpoint on, but what was delivered is known apart: the checkpoint may stand before it.
    expect(follow()).toMatchObject({ after: at(100, 0), delivered: at(7) })
  })

  test('waits longer after each failure in a row', async () => {
    const bench = await TestBench.open({ heartbeatMs: 3_600_000 })
    const { answer, follow } = await following(bench)
    const pauses: number[] = []
    for (let round = 0; round < 8; round++) {
      const { ticket } = follow()
      await answer({ kind: 'failed', failure: { kind: 'tooSlow', detail: '' } })
      let waited = 0
      for (; follow().ticket === ticket; waited += 50) await bench.runtime.advance(50)
      pauses.push(waited)
    }
    expect(pauses.at(-1)).toBeGreaterThan(pauses[0]! * 4)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(5_050)
  })

  test('ends with AccessDenied, which trying again does not mend', async () => {
    const bench = await TestBench.open()
    const { reader, answer } = await following(bench)
    void reader.run()
    await answer({ kind: 'failed', failure: { kind: 'denied', detail: '' } })
    expect(reader.arrived).toEqual([expect.any(AccessDenied)])
  })
})

describe('caught up', () => {
  test('is not said again when a silent subscription was renewed and nothing was missed', async () => {
    const bench = await TestBench.open({ silenceMs: 10_000, heartbeatMs: 3_600_000 })
    const { reader, answer, follow } = await following(bench)
    void reader.run()
    await answer(page(storedEvents(1), 1), { kind: 'caughtUp' })
    const { ticket } = follow()
    await bench.runtime.advance(10_000)
    expect(bench.thread.callsOf('stop').map((stop) => stop.ticket)).toContain(ticket)
    expect(follow()).toMatchObject({ after: at(1), delivered: at(1) })
    await answer({ kind: 'caughtUp' })
    expect(reader.arrived).toEqual([[0], 'caughtUp'])
    await bench.runtime.advance(10_000)
    await answer(page(storedEvents(1, 2), 2), { kind: 'caughtUp' })
    expect(reader.arrived).toEqual([[0], 'caughtUp', [1], 'caughtUp'])
  })

  test('is said by the server again when the reader had fallen behind', async () => {
    const bench = await TestBench.open()
    const { reader, answer, follow } = await following(bench)
    await answer({ kind: 'caughtUp' })
    for (let number = 1; number <= 4; number++) await answer(page(storedEvents(1, number), number))
    const { ticket } = follow()
    await answer({ kind: 'heldBack' })
    for (let step = 0; step < 5; step++) await reader.step()
    void reader.run()
    await bench.runtime.settle()
    expect(follow().ticket).not.toBe(ticket)
    expect(follow()).toMatchObject({ after: at(4), delivered: at(4) })
    await answer({ kind: 'caughtUp' })
    expect(reader.arrived).toEqual(['caughtUp', [0], [1], [2], [3], 'caughtUp'])
  })
})

test('a slow reader gets no more pages ahead when its subscription begins anew', async () => {
  const bench = await TestBench.open()
  const { reader, answer, follow } = await following(bench)
  for (let number = 1; number <= 4; number++) await answer(page(storedEvents(1, number), number))
  const { ticket } = follow()
  await answer({ kind: 'failed', failure: { kind: 'tooSlow', detail: '' } })
  await bench.runtime.advance(10_000)
  expect(follow().ticket).toBe(ticket)
  await reader.step()
  await reader.step()
  await bench.runtime.settle()
  expect(follow()).toMatchObject({ after: at(4), delivered: at(4) })
  expect(follow().ticket).not.toBe(ticket)
})

describe('an append', () => {
  const append = storedAppend({ stream: 'a-1', first: 0, position: 1, commands: [2, 3] })

  test('that comes in parts is delivered whole', async () => {
    const bench = await TestBench.open()
    const { reader, answer } = await following(bench)
    void reader.run()
    await answer(page(append.slice(0, 1), 1), page(append.slice(1, 4), 4))
    expect(reader.arrived).toEqual([])
    await answer(page(append.slice(4), 5))
    expect(reader.arrived).toEqual([[0, 1, 2, 3, 4]])
  })

  test('whose rest comes over a new connection is delivered whole', async () => {
    const bench = await TestBench.open()
    await bench.runtime.advance(5_000)
    const { reader, answer } = await following(bench)
    void reader.run()
    await answer(page(append.slice(0, 3), 3))
    bench.thread.note({ kind: 'disconnected', failure: down })
    bench.thread.connected()
    await bench.runtime.settle()
    await answer(page(append.slice(3), 5))
    expect(reader.arrived).toEqual([[0, 1, 2, 3, 4]])
  })

  test('in the middle of which the subscription begins anew is delivered once', async () => {
    const bench = await TestBench.open()
    const { reader, answer, follow } = await following(bench)
    void reader.run()
    const { ticket } = follow()
    await answer(page(append.slice(0, 1), 1), { kind: 'heldBack' })
    await answer(page(append.slice(1, 3), 3))
    expect(follow().ticket).not.toBe(ticket)
    expect(follow()).toMatchObject({ after: at(3), delivered: at(3) })
    await answer(page(append.slice(3), 5))
    expect(reader.arrived).toEqual([[0, 1, 2, 3, 4]])
  })

  test('whose rest does not come is not withheld for good', async () => {
    const bench = await TestBench.open()
    const { reader, answer } = await following(bench)
    void reader.run()
    await answer(page(append.slice(0, 2), 2))
    await bench.runtime.advance(1_000)
    expect(reader.arrived).toEqual([[0, 1]])
    await answer(page(append.slice(2, 3), 3), page(storedEvents(1, 9, 'a-2'), 9))
    expect(reader.arrived).toEqual([[0, 1], [2], [8]])
  })

  test('of which a filter leaves out a part is not waited for', async () => {
    const bench = await TestBench.open()
    const { reader, answer } = await following(bench, { filter: { eventTypes: ['Done'] } })
    void reader.run()
    await answer(page(append.slice(0, 1), 1))
    expect(reader.arrived).toEqual([[0]])
  })
})

describe('from the end', () => {
  test('begins at what was the end at the call: appends wait until it is known', async () => {
    const bench = await TestBench.open()
    const { follow } = await following(bench, { after: 'end' })
    const kept = bench.append(bench.appendOf('a-1'))
    await bench.runtime.settle()
    expect(bench.thread.appends).toEqual([])
    bench.thread.answer(bench.thread.callsOf('readEnd')[0]!.ticket, { kind: 'end', at: at(41) })
    await bench.runtime.settle()
    expect(follow()).toMatchObject({ after: at(41) })
    bench.thread.written(bench.thread.appends[0]!)
    expect(kept.verdict?.status).toBe('written')
  })

  test('skips nothing when the connection is lost before the first event', async () => {
    const bench = await TestBench.open()
    await bench.runtime.advance(5_000)
    const { follow } = await following(bench, { after: 'end' })
    bench.thread.answer(bench.thread.callsOf('readEnd')[0]!.ticket, { kind: 'end', at: at(41) })
    await bench.runtime.settle()
    bench.thread.note({ kind: 'disconnected', failure: down })
    bench.thread.connected()
    await bench.runtime.settle()
    expect(follow()).toMatchObject({ after: at(41) })
  })
})

describe('reading all', () => {
  test('ends where it has caught up', async () => {
    const bench = await TestBench.open()
    const read = bench.store.readAll()[Symbol.asyncIterator]()
    const first = read.next()
    await bench.runtime.settle()
    const { ticket } = bench.thread.callsOf('follow')[0]!
    bench.thread.answer(ticket, page(storedEvents(2), 2))
    bench.thread.answer(ticket, { kind: 'caughtUp' })
    expect((await first).value).toHaveLength(2)
    expect(await read.next()).toEqual({ done: true, value: undefined })
    await bench.runtime.settle()
    expect(bench.thread.callsOf('stop').map((stop) => stop.ticket)).toEqual([ticket])
  })

  test('gives up where nothing comes for long', async () => {
    const bench = await TestBench.open({ callTimeoutMs: 4_000 })
    const read = expect(bench.store.readAll()[Symbol.asyncIterator]().next()).rejects.toThrow(
      StoreUnavailable,
    )
    await bench.runtime.advance(4_000)
    await read
  })
})

describe('the heartbeat', () => {
  test('asks the leader while somebody follows, and nobody else', async () => {
    const bench = await TestBench.open({ heartbeatMs: 1_000 })
    await bench.runtime.advance(5_000)
    expect(bench.thread.callsOf('ask')).toEqual([])
    const { subscription } = await following(bench)
    await bench.runtime.advance(1_000)
    const [ask] = bench.thread.callsOf('ask')
    expect(ask).toMatchObject({ leader: 'required' })
    bench.thread.answer(ask!.ticket, { kind: 'alive' })
    await subscription.close()
    await bench.runtime.advance(5_000)
    expect(bench.thread.callsOf('ask')).toHaveLength(1)
  })

  test('that is not answered has the connection replaced', async () => {
    const bench = await TestBench.open({ heartbeatMs: 1_000, replaceAfterMs: 3_000 })
    await following(bench)
    await bench.runtime.advance(4_500)
    expect(bench.threads.all).toHaveLength(2)
  })

  test('that finds another leader has the connection replaced', async () => {
    const bench = await TestBench.open({ heartbeatMs: 1_000 })
    await bench.runtime.advance(5_000)
    await following(bench)
    await bench.runtime.advance(1_000)
    const [ask] = bench.thread.callsOf('ask')
    bench.thread.answer(ask!.ticket, { kind: 'failed', failure: { kind: 'notLeader', detail: '' } })
    expect(bench.threads.all).toHaveLength(2)
  })

  test('asks any node where another one than the leader is wanted', async () => {
    const connectionString = 'esdb://a,b?nodePreference=follower'
    const bench = await TestBench.open({ connectionString, heartbeatMs: 1_000 })
    await following(bench)
    await bench.runtime.advance(1_000)
    expect(bench.thread.callsOf('ask')[0]).toMatchObject({ leader: 'any' })
  })
})
