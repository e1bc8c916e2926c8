import {
  type AppendExpectedRevision,
  type AppendToStreamOptions,
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
} from '@eventstore/db-client'
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js'
import { credentials } from '@grpc/grpc-js'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { DoubleProcess } from './double-process.ts'
import { type DoubleOptions, EventStoreDouble } from './event-store-double.ts'
import { shared, streams } from './stubs.ts'
import { testAuthorityFile, testTls } from './tls.ts'
import { streamIdentifier } from './wire.ts'

/** What the unmodified client sees of the double, whole and broken. */
const clients: EventStoreDBClient[] = []
const doubles: EventStoreDouble[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose()
  for (const double of doubles.splice(0)) await double.stop()
})

function clientOf(connectionString: string): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(connectionString)
  clients.push(client)
  return client
}

async function serve(
  options: DoubleOptions = {},
): Promise<{ double: EventStoreDouble; client: EventStoreDBClient }> {
  const double = await EventStoreDouble.start({ commitTimeoutMs: 50, ...options })
  doubles.push(double)
  const client = clientOf(double.connectionString)
  return { double, client }
}

let ids = 0
const event = (data: Readonly<Record<string, string | number>> = { n: 1 }) => {
  const id = `00000000-0000-4000-8000-${(++ids).toString(16).padStart(12, '0')}`
  return jsonEvent({ id, type: 'Counted', data })
}

const at = (expectedRevision: AppendExpectedRevision): AppendToStreamOptions => ({ expectedRevision })

async function revisions(client: EventStoreDBClient, stream: string): Promise<readonly bigint[]> {
  const found: bigint[] = []
  try {
    for await (const { event } of client.readStream(stream))
      if (event !== undefined) found.push(event.revision)
  } catch (error) {
    expect(error).toMatchObject({ type: 'stream-not-found' })
  }
  return found
}

/** Whether it settled by the time that the server has answered something else. */
async function isSettled(promise: Promise<unknown>, client: EventStoreDBClient): Promise<boolean> {
  let settled = false
  const settle = (): void => {
    settled = true
  }
  promise.then(settle, settle)
  await revisions(client, 'anything')
  return settled
}

describe('the double, whole', () => {
  test('keeps its data over a restart, forgets them when told to, and is found again by the same client', async () => {
    const { double, client } = await serve()
    const first = event()
    await client.appendToStream('a-1', [first], at('no_stream'))
    await double.restart()
    await vi.waitFor(async () => expect(await revisions(client, 'a-1')).toEqual([0n]), 5000)
    const again = await client.appendToStream('a-1', [first], at('no_stream'))
    expect(again.nextExpectedRevision).toBe(0n)
    await double.restart('lost')
    await vi.waitFor(async () => expect(await revisions(client, 'a-1')).toEqual([]), 5000)
  })

  test('loses nothing that it acknowledged when it is killed under load', async () => {
    const { double, client } = await serve()
    await client.appendToStream('warm', [event()])
    const appends: Promise<string>[] = []
    let acknowledged = 0
    for (let i = 0; i < 400; i++) {
      const append = client.appendToStream(`load-${i % 8}`, [event({ i })]).then(
        () => {
          if (++acknowledged === 100) void double.stop()
          return 'written'
        },
        () => 'not known',
      )
      appends.push(append)
    }
    const outcomes = await Promise.all(appends)
    expect(outcomes).toContain('not known')
    await double.start()
    const stored = Array.from({ length: 8 }, (_, i) => double.events(`load-${i}`).length)
    expect(stored.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(acknowledged)
  })

  test('ends a subscription with an error when its server goes, and does not bring it back', async () => {
    const { double, client } = await serve()
    const seen: string[] = []
    const subscription = client.subscribeToAll({ fromPosition: 'end' })
    subscription.on('caughtUp', () => void seen.push('caught up'))
    subscription.on('error', (error) => void seen.push(`error ${Reflect.get(error, 'code')}`))
    await vi.waitFor(() => expect(seen).toEqual(['caught up']))
    await double.stop()
    await vi.waitFor(() => expect(seen).toEqual(['caught up', 'error 14']))
  })

  test('drops a live subscriber that does not read', async () => {
    const { double, client } = await serve({ subscriberPatienceMs: 20 })
    const raw = new streamsGrpc.StreamsClient(`127.0.0.1:${double.port}`, credentials.createInsecure())
    const options = new streams.ReadReq.Options()
      .setStream(
        new streams.ReadReq.Options.StreamOptions()
          .setStreamIdentifier(streamIdentifier('slow'))
          .setEnd(new shared.Empty()),
      )
      .setSubscription(new streams.ReadReq.Options.SubscriptionOptions())
      .setNoFilter(new shared.Empty())
      .setUuidOption(new streams.ReadReq.Options.UUIDOption().setString(new shared.Empty()))
    const call = raw.read(new streams.ReadReq().setOptions(options))
    let status: { code: number; details: string } | undefined
    let caughtUp = false
    call.on('error', () => {})
    call.on('status', (ended) => {
      status = ended
    })
    call.on('data', (message: streams.ReadResp) => {
      if (!message.hasCaughtUp()) return
      caughtUp = true
      call.pause()
    })
    await vi.waitFor(() => expect(caughtUp).toBe(true))
    const pad = 'x'.repeat(4000)
    for (let i = 0; i < 5; i++) {
      await client.appendToStream(
        'slow',
        Array.from({ length: 200 }, () => event({ pad })),
      )
    }
    await vi.waitFor(() => {
      call.resume()
      expect(status).toMatchObject({
        code: 10,
        details:
          'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
      })
    }, 5000)
    raw.close()
  })

  test('serves TLS to those who know its authority', async () => {
    const { double } = await serve({ tls: testTls })
    const client = clientOf(`${double.connectionString}&tlsCAFile=${testAuthorityFile}`)
    await client.appendToStream('a-1', [event()], at('no_stream'))
    expect(await revisions(client, 'a-1')).toEqual([0n])
    await expect(clientOf(double.connectionString).appendToStream('a-1', [event()])).rejects.toMatchObject({
      code: 14,
    })
  })

  test('lets in whoever gives the right password, and nobody write what may only be read', async () => {
    // The client keeps its password to itself where there is no TLS.
    const { double } = await serve({
      tls: testTls,
      user: { name: 'admin', password: 'right' },
      readOnlyStreams: ['sealed-'],
    })
    const withPassword = (password: string) =>
      clientOf(
        `${double.connectionString.replace('esdb://', `esdb://admin:${password}@`)}&tlsCAFile=${testAuthorityFile}`,
      )
    const client = withPassword('right')
    await client.appendToStream('a-1', [event()], at('no_stream'))
    await expect(client.appendToStream('sealed-1', [event()])).rejects.toMatchObject({
      type: 'access-denied',
    })
    const intruder = withPassword('wrong').readStream('a-1')
    await expect(intruder[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      type: 'access-denied',
      code: 16,
    })
  })
})

describe('persistent subscriptions of the double', () => {
  test.each(['RoundRobin', 'DispatchToSingle', 'Pinned'] as const)(
    '%s: two consumers get every event between them, once',
    async (consumerStrategyName) => {
      const { client } = await serve()
      await client.appendToStream(
        'a-1',
        Array.from({ length: 12 }, (_, i) => event({ i })),
      )
      const settings = persistentSubscriptionToStreamSettingsFromDefaults({
        startFrom: 'start',
        consumerStrategyName,
      })
      await client.createPersistentSubscriptionToStream('a-1', 'group', settings)
      const got: string[][] = [[], []]
      for (const mine of got) {
        const options = { bufferSize: 4 }
        const consumer = client.subscribeToPersistentSubscriptionToStream('a-1', 'group', options)
        consumer.on('data', (resolved) => {
          mine.push(String(resolved.event?.revision))
          void consumer.ack(resolved)
        })
      }
      await vi.waitFor(() => expect(got.flat()).toHaveLength(12))
      await client.appendToStream(
        'a-1',
        Array.from({ length: 8 }, (_, i) => event({ i })),
      )
      await vi.waitFor(() => expect(got.flat()).toHaveLength(20))
      expect(new Set(got.flat()).size).toBe(20)
    },
  )
})

describe('the double, broken on purpose', () => {
  test('drops the answer of an append that it has written', async () => {
    const { double, client } = await serve()
    double.addFault({ on: 'append', stream: 'a-', fault: { kind: 'dropAnswer' } })
    const lost = client.appendToStream('a-1', [event()], at('no_stream'))
    await vi.waitFor(async () => expect(await revisions(client, 'a-1')).toEqual([0n]))
    expect(await isSettled(lost, client)).toBe(false)
    expect(double.faults.met).toBe(1)
    lost.catch(() => {})
  })

  test('answers late', async () => {
    const { double, client } = await serve()
    double.addFault({ on: 'append', fault: { kind: 'answerLate', ms: 30 } })
    const late = client.appendToStream('a-1', [event()], at('no_stream'))
    await vi.waitFor(async () => expect(await revisions(client, 'a-1')).toEqual([0n]))
    expect((await late).nextExpectedRevision).toBe(0n)
  })

  test('stays mute: nothing is written and nobody is told', async () => {
    const { double, client } = await serve()
    await client.appendToStream('warm', [event()])
    double.addFault({ on: 'append', fault: { kind: 'stayMute' } })
    const mute = client.appendToStream('a-1', [event()], at('no_stream'))
    mute.catch(() => {})
    await client.appendToStream('a-2', [event()], at('no_stream'))
    expect(await revisions(client, 'a-1')).toEqual([])
    expect(await isSettled(mute, client)).toBe(false)
  })

  test('commits an append seconds after readers found nothing of it; its repeat meanwhile times out', async () => {
    const { double, client } = await serve()
    double.holdCommits()
    const one = event()
    await expect(client.appendToStream('a-1', [one], at('no_stream'))).rejects.toMatchObject({
      type: 'deadline-exceeded',
    })
    expect(await revisions(client, 'a-1')).toEqual([])
    await expect(client.appendToStream('a-1', [one], at('no_stream'))).rejects.toMatchObject({
      type: 'deadline-exceeded',
    })
    double.releaseCommits()
    await vi.waitFor(async () => expect(await revisions(client, 'a-1')).toEqual([0n]))
    const repeat = await client.appendToStream('a-1', [one], at('no_stream'))
    expect(repeat.nextExpectedRevision).toBe(0n)
    expect(double.events('a-1').map((stored) => stored.id)).toEqual([one.id])
  })

  test('commits late by itself after the time that it was told', async () => {
    const { double, client } = await serve()
    double.addFault({ on: 'append', fault: { kind: 'commitLate', ms: 80 } })
    await expect(client.appendToStream('a-1', [event()], at('no_stream'))).rejects.toMatchObject({
      type: 'deadline-exceeded',
    })
    expect(await revisions(client, 'a-1')).toEqual([])
    await vi.waitFor(async () => expect(await revisions(client, 'a-1')).toEqual([0n]))
  })

  test('carries an append out long after it came', async () => {
    const { double, client } = await serve()
    await client.appendToStream('warm', [event()])
    double.addFault({ on: 'append', stream: 'a-1', fault: { kind: 'carryOutLate', ms: 40 } })
    client.appendToStream('a-1', [event()], at('no_stream')).catch(() => {})
    await client.appendToStream('a-2', [event()], at('no_stream'))
    expect(await revisions(client, 'a-1')).toEqual([])
    await vi.waitFor(async () => expect(await revisions(client, 'a-1')).toEqual([0n]))
  })

  test('answers with a conflict that rests on an event which then vanishes', async () => {
    const { double, client } = await serve()
    // The client sends its very first append after those that follow it.
    await client.appendToStream('warm', [event()])
    double.holdCommits()
    const vanishing = client.appendToStream('a-1', [event()], at('no_stream'))
    const conflict = client.appendToStream('a-1', [event()], at('no_stream'))
    await expect(conflict).rejects.toMatchObject({ type: 'wrong-expected-version', actualVersion: 0n })
    expect(await revisions(client, 'a-1')).toEqual([])
    await expect(vanishing).rejects.toMatchObject({ type: 'deadline-exceeded' })
    double.loseUncommitted()
    const next = event()
    await client.appendToStream('a-1', [next], at('no_stream'))
    expect(double.events('a-1').map((stored) => stored.id)).toEqual([next.id])
  })

  test('ends the call, before or after it has written', async () => {
    const { double, client } = await serve()
    await client.appendToStream('warm', [event()])
    double.addFault({ on: 'append', fault: { kind: 'endCall', code: 14, after: 'nothing' } })
    await expect(client.appendToStream('a-1', [event()], at('no_stream'))).rejects.toMatchObject({ code: 14 })
    expect(double.events('a-1')).toEqual([])
    double.addFault({ on: 'append', fault: { kind: 'endCall', code: 13, after: 'done' } })
    await expect(client.appendToStream('a-1', [event()], at('no_stream'))).rejects.toMatchObject({ code: 13 })
    expect(double.events('a-1')).toHaveLength(1)
    await client.appendToStream('a-1', [event()], at(0n))
  })

  test.each([
    ['accessDenied', { type: 'access-denied' }],
    ['notReady', { type: 'unknown', message: 'Could not recognize Server Is Not Ready' }],
    ['tooBusy', { type: 'unknown', message: 'Could not recognize Server Is Busy' }],
    ['timeout', { type: 'deadline-exceeded' }],
    ['unknown', { type: 'unknown' }],
    ['conflict', { type: 'wrong-expected-version', actualVersion: 8n }],
  ] as const)('refuses an append: %s', async (refusal, error) => {
    const { double, client } = await serve()
    double.addFault({ on: 'append', fault: { kind: 'refuse', with: refusal } })
    await expect(client.appendToStream('a-1', [event()], at(7n))).rejects.toMatchObject(error)
    expect(double.events('a-1')).toEqual([])
  })

  test('refuses a read for want of a leader', async () => {
    const { double, client } = await serve()
    double.addFault({ on: 'read', fault: { kind: 'refuse', with: 'notLeader' } })
    const read = client.readStream('a-1', { requiresLeader: true })
    await expect(read[Symbol.asyncIterator]().next()).rejects.toMatchObject({ type: 'not-leader', code: 5 })
  })

  test('cuts a subscription in the middle, and one that is open', async () => {
    const { double, client } = await serve()
    await client.appendToStream('a-1', [event(), event(), event()])
    const seen: string[] = []
    const watch = () => {
      const subscription = client.subscribeToStream('a-1')
      subscription.on('data', ({ event }) => void seen.push(String(event?.revision)))
      subscription.on('caughtUp', () => void seen.push('caught up'))
      subscription.on('error', (error) => void seen.push(`error ${Reflect.get(error, 'code')}`))
    }
    // The confirmation is the first message.
    double.addFault({ on: 'subscribe', fault: { kind: 'endCall', code: 10, after: 3 } })
    watch()
    await vi.waitFor(() => expect(seen).toEqual(['0', '1', 'error 10']))
    seen.length = 0
    watch()
    await vi.waitFor(() => expect(seen).toEqual(['0', '1', '2', 'caught up']))
    double.endCalls('subscribe', 14)
    await vi.waitFor(() => expect(seen.at(-1)).toBe('error 14'))
  })

  test('lets some pass first, meets as many as it was told, and goes by the name of the stream', async () => {
    const { double, client } = await serve()
    double.addFault({
      on: 'append',
      stream: 'a-',
      skip: 1,
      times: 2,
      fault: { kind: 'refuse', with: 'unknown' },
    })
    const outcome = (stream: string) =>
      client.appendToStream(stream, [event()]).then(
        () => 'written',
        () => 'refused',
      )
    expect(await outcome('b-1')).toBe('written')
    expect(await outcome('a-1')).toBe('written')
    expect(await outcome('a-1')).toBe('refused')
    expect(await outcome('a-2')).toBe('refused')
    expect(await outcome('a-2')).toBe('written')
    expect(double.count('append')).toBe(5)
  })
})

describe('the double in a process of its own', () => {
  test('serves, fails as it is told, and keeps its data over a restart', async () => {
    await using double = await DoubleProcess.start({ commitTimeoutMs: 50 })
    const client = clientOf(double.connectionString)
    const first = event()
    await client.appendToStream('a-1', [first], at('no_stream'))
    await double.addFault({ on: 'append', fault: { kind: 'refuse', with: 'timeout' } })
    await expect(client.appendToStream('a-1', [event()], at(0n))).rejects.toMatchObject({
      type: 'deadline-exceeded',
    })
    await double.restart()
    await vi.waitFor(async () => expect(await revisions(client, 'a-1')).toEqual([0n]), 5000)
    expect(await double.eventIds('a-1')).toEqual([first.id])
    expect(await double.count('append')).toBe(2)
  })
})
