import { describe, expect, test, vi } from 'vitest'
import { at, event, isSettled, revisions, serve } from './client-on-double.ts'

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
    double.addFault({ on: 'append', stream: 'a-1', fault: { kind: 'carryOutLate', ms: 1_000 } })
    client.appendToStream('a-1', [event()], at('no_stream')).catch(() => {})
    await client.appendToStream('a-2', [event()], at('no_stream'))
    expect(await revisions(client, 'a-1')).toEqual([])
    await vi.waitFor(async () => expect(await revisions(client, 'a-1')).toEqual([0n]), 10_000)
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
