import { persistentSubscriptionToStreamSettingsFromDefaults } from '@eventstore/db-client'
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js'
import { credentials } from '@grpc/grpc-js'
import { describe, expect, test, vi } from 'vitest'
import { at, clientOf, event, revisions, serve } from './client-on-double.ts'
import { DoubleProcess } from './double-process.ts'
import { shared, streams } from './stubs.ts'
import { testAuthorityFile, testTls } from './tls.ts'
import { streamIdentifier } from './wire.ts'

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
