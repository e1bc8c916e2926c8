import { describe, expect, it } from 'vitest'
import { position } from '../../../src/event/position.ts'
import { type FaultyStoreOptions, foreignWriter, silentLogger } from '../../../src/testing/index.ts'
import { append, eventsIn, fixture, follow, revisionsOf, send, stream } from './store-fixture.ts'

/** Three appends: of one event, of two commands with two and one, of one. Revisions 0 | 1 2 3 | 4. */
async function threeAppends(options?: Partial<FaultyStoreOptions>) {
  const all = await fixture(options)
  for (const one of [append(-1), append(0, [2, 1]), append(3)]) {
    send(all.handle, one)
    await all.runtime.settle()
  }
  return all
}

describe('a read through a faulty store', () => {
  it.each([
    [1, [0, 1, 2, 3]],
    [2, [0]],
    [3, []],
    [9, []],
  ])('that is %i appends behind ends at a whole append', async (appendsBehind, revisions) => {
    const { handle, store } = await threeAppends()
    store.next({ kind: 'staleRead', appendsBehind })
    expect(await revisionsOf(handle)).toEqual(revisions)
    expect(await revisionsOf(handle)).toEqual([0, 1, 2, 3, 4])
  })

  it('can be stale backwards and over all streams', async () => {
    const { handle, store } = await threeAppends()
    store.next({ kind: 'staleRead', appendsBehind: 1 })
    const backwards: number[] = []
    for await (const page of handle.readStream(stream, { direction: 'backwards', limit: 2 })) {
      backwards.push(...page.map(({ revision }) => revision))
    }
    expect(backwards).toEqual([3, 2])
    store.next({ kind: 'staleRead', appendsBehind: 2 })
    const all: number[] = []
    for await (const page of handle.readAll({ after: position(0) })) all.push(...page.map((e) => e.revision))
    expect(all).toEqual([0])
  })

  it('fails, at once or on its way', async () => {
    const { handle, store } = await threeAppends()
    store.next({ kind: 'failedRead', afterEvents: 2 })
    const seen: number[] = []
    const read = async (): Promise<void> => {
      for await (const page of handle.readStream(stream)) seen.push(...page.map(({ revision }) => revision))
    }
    await expect(read()).rejects.toMatchObject({ tag: 'StoreUnavailable' })
    expect(seen).toEqual([0, 1])
    store.next({ kind: 'failedRead', afterEvents: 0 })
    await expect(read()).rejects.toMatchObject({ tag: 'StoreUnavailable' })
    expect(seen).toEqual([0, 1])
  })

  it('is slow, or comes in pages that end inside commands', async () => {
    const { handle, runtime, store } = await threeAppends()
    store.next({ kind: 'slowRead', afterMs: 500 })
    await runtime.run(eventsIn(handle))
    expect(runtime.clock.now()).toBe(500)
    store.next({ kind: 'tornPages', events: 2 })
    const pages: number[][] = []
    for await (const page of handle.readStream(stream)) pages.push(page.map(({ revision }) => revision))
    expect(pages).toEqual([[0, 1], [2, 3], [4]])
  })
})

describe('checkHead through a faulty store', () => {
  it('refuses, fails, is late, and is true otherwise', async () => {
    const { handle, runtime, store } = await threeAppends()
    for (const kind of ['refusedCheck', 'failedCheck'] as const) store.next({ kind })
    expect(await handle.checkHead(stream, 4)).toBe(false)
    await expect(handle.checkHead(stream, 4)).rejects.toMatchObject({ tag: 'StoreUnavailable' })
    store.next({ kind: 'slowCheck', afterMs: 800 })
    const late = handle.checkHead(stream, 4)
    await runtime.settle()
    send(handle, append(4))
    // It was true when it was looked at, which is all that a check says.
    expect(await runtime.run(late)).toBe(true)
    expect(await handle.checkHead(stream, 4)).toBe(false)
    expect(await handle.checkHead(stream, 5)).toBe(true)
  })
})

describe('a subscription through a faulty store', () => {
  it('stops inside a command and goes on later', async () => {
    const { handle, runtime, store } = await threeAppends()
    store.next({ kind: 'tornDelivery', afterMs: 400 })
    const seen = follow(handle)
    await runtime.settle()
    expect(seen).toEqual([0, 1])
    await runtime.advance(400)
    expect(seen).toEqual([0, 1, 2, 3, 4, 'caughtUp'])
    await handle.close()
    await runtime.settle()
    expect(seen.at(-1)).toBe('ended')
  })

  it('lags', async () => {
    const { handle, runtime, store } = await threeAppends()
    store.next({ kind: 'slowDelivery', afterMs: 400 })
    const seen = follow(handle)
    await runtime.advance(399)
    expect(seen).toEqual([])
    await runtime.advance(1)
    expect(seen).toEqual([0, 1, 2, 3, 4, 'caughtUp'])
  })

  it('delivers a system its own events where it is told to', async () => {
    const followed = async (options?: Partial<FaultyStoreOptions>): Promise<unknown> => {
      const { handle, runtime } = await threeAppends(options)
      const seen = follow(handle, { exceptSystem: 'one' })
      await runtime.settle()
      return seen
    }
    expect(await followed()).toEqual(['caughtUp'])
    expect(await followed({ ownEvents: 'delivered' })).toEqual([0, 1, 2, 3, 4, 'caughtUp'])
  })

  it('is cut, by a fault or by hand', async () => {
    const { handle, runtime, store } = await threeAppends()
    store.next({ kind: 'cutSubscription' })
    const byFault = follow(handle)
    const byHand = follow(handle)
    await runtime.settle()
    expect(byFault).toEqual(['StoreUnavailable'])
    expect(byHand).toEqual([0, 1, 2, 3, 4, 'caughtUp'])
    store.cutSubscriptions()
    await runtime.settle()
    expect(byHand.at(-1)).toBe('StoreUnavailable')
  })

  it('leaves no timer behind when it is closed while it waits', async () => {
    const { handle, runtime, store } = await threeAppends()
    store.next({ kind: 'slowDelivery', afterMs: 1e6 })
    const seen = follow(handle)
    await runtime.settle()
    expect(runtime.pendingTimers).toBe(1)
    await handle.close()
    await runtime.settle()
    expect(seen).toEqual(['ended'])
    expect(runtime.pendingTimers).toBe(0)
  })
})

describe('snapshots through a faulty store', () => {
  const snapshot = (revision: number) => ({ revision, eventId: `event ${revision}`, body: '{"balance":10}' })

  it('are missing, stale, damaged, lost, slow and out of reach', async () => {
    const { handle, store, runtime } = await threeAppends()
    const snapshots = handle.snapshots!
    await snapshots.save(stream, snapshot(1))
    await snapshots.save(stream, snapshot(3))
    store.next({ kind: 'lostSave' })
    await snapshots.save(stream, snapshot(4))
    expect(await snapshots.load(stream)).toEqual(snapshot(3))
    store.next({ kind: 'missingSnapshot' })
    expect(await snapshots.load(stream)).toBeUndefined()
    store.next({ kind: 'staleSnapshot' })
    expect(await snapshots.load(stream)).toEqual(snapshot(1))
    for (const damage of ['cutOff', 'otherShape', 'otherHistory'] as const) {
      store.next({ kind: 'corruptSnapshot', damage })
      expect(await snapshots.load(stream)).not.toEqual(snapshot(3))
    }
    store.next({ kind: 'failedLoad' })
    await expect(snapshots.load(stream)).rejects.toMatchObject({ tag: 'StoreUnavailable' })
    store.next({ kind: 'failedSave' })
    await expect(snapshots.save(stream, snapshot(4))).rejects.toMatchObject({ tag: 'StoreUnavailable' })
    expect(await snapshots.load(stream)).toEqual(snapshot(3))
    store.next({ kind: 'slowSave', afterMs: 500 })
    store.next({ kind: 'slowLoad', afterMs: 500 })
    const saved = snapshots.save(stream, snapshot(5))
    const loaded = snapshots.load(stream)
    await runtime.advance(499)
    expect(await snapshots.load(stream)).toEqual(snapshot(3))
    await runtime.run(Promise.all([saved, loaded]))
    expect(await snapshots.load(stream)).toEqual(snapshot(5))
  })
})

describe('a store that is down', () => {
  it('answers nothing well until it is up again', async () => {
    const { handle, open, runtime, store } = await threeAppends()
    const seen = follow(handle)
    await runtime.settle()
    store.goDown({ forMs: 5000 })
    const result = send(handle, append(4))
    await runtime.settle()
    expect(result.verdict?.status).toBe('refused')
    expect(seen.at(-1)).toBe('StoreUnavailable')
    for (const attempt of [
      () => handle.checkHead(stream, 4),
      () => eventsIn(handle),
      () => handle.snapshots!.load(stream),
      () => open('two'),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ tag: 'StoreUnavailable' })
    }
    expect(store.fired.get('outage')).toBe(5)
    await runtime.advance(5000)
    expect(await revisionsOf(handle)).toEqual([0, 1, 2, 3, 4])
  })

  it.each(['unknown', 'mute'] as const)('answers appends as told: %s', async (appends) => {
    const { handle, runtime, store } = await fixture()
    store.goDown({ appends })
    const result = send(handle, append(-1))
    await runtime.settle()
    expect(result.verdict?.status).toBe(appends === 'mute' ? undefined : 'unknown')
    store.comeUp()
    expect(await revisionsOf(handle)).toEqual([])
  })

  it('fails to open once', async () => {
    const { open, store } = await fixture()
    store.next({ kind: 'failedOpen' })
    await expect(open('two')).rejects.toMatchObject({ tag: 'StoreUnavailable' })
    expect((await open('two')).maxAppendBytes).toBeGreaterThan(0)
  })
})

describe('a crash', () => {
  it('leaves the dead process without an answer, what was committed, and what was under way', async () => {
    const { handle, open, runtime, store } = await threeAppends()
    const other = await open('two')
    store.next({ kind: 'lateArrival', afterMs: 1000 })
    const late = send(handle, append(4))
    const seen = follow(handle)
    await runtime.settle()
    store.crash('one')
    let answers = 0
    const count = (): void => void answers++
    void handle.checkHead(stream, 4).then(count, count)
    void eventsIn(handle).then(count, count)
    void handle.snapshots!.load(stream).then(count, count)
    const dead = send(handle, append(5))
    await runtime.advance(1000)
    expect([answers, late.verdict, dead.verdict]).toEqual([0, undefined, undefined])
    expect(seen).toEqual([0, 1, 2, 3, 4, 'caughtUp'])
    expect(await revisionsOf(other)).toEqual([0, 1, 2, 3, 4, 5])
  })
})

describe('planned faults', () => {
  it('wait for their stream, their system and their turn', async () => {
    const { handle, open, runtime, store } = await fixture()
    const two = await open('two')
    store.next({ kind: 'refused', because: 'unreachable' }, { stream: 'account-bob' })
    store.next({ kind: 'unknownBeforeWrite' }, { system: 'two', after: 1, times: 2 })
    const statuses: (string | undefined)[] = []
    for (const [by, of] of [
      [handle, stream],
      [handle, 'account-bob'],
      [two, 'account-a'],
      [two, 'account-b'],
      [two, 'account-c'],
      [two, 'account-d'],
    ] as const) {
      const result = send(by, append(-1, [1], of))
      await runtime.settle()
      statuses.push(result.verdict?.status)
    }
    expect(statuses).toEqual(['written', 'refused', 'written', 'unknown', 'unknown', 'written'])
    expect(store.planned).toEqual([])
  })
})

describe('random faults', () => {
  const rates = { conflict: 0.1, unknownAfterWrite: 0.1, lateCommit: 0.1, vanishingTail: 0.1, mute: 0.05 }

  const play = async (seed: number) => {
    const { handle, runtime, store } = await fixture({ seed, rates, longestMs: 4000 })
    for (let round = 0; round < 200; round++) {
      const revisions = await revisionsOf(handle)
      send(handle, append((revisions.at(-1) ?? -1) as number, [1, 2]))
      await runtime.advance(300)
    }
    await runtime.runUntilIdle()
    return { store, events: await eventsIn(handle) }
  }

  it('strike the same operations in the same way for the same seed', async () => {
    const [one, same, other] = [await play(4), await play(4), await play(5)]
    const faults = ({ store }: typeof one) =>
      store.sends.map(({ fault, verdict }) => [fault, verdict?.status])
    expect(faults(same)).toEqual(faults(one))
    expect(same.events.map(({ type, revision }) => [type, revision])).toEqual(
      one.events.map(({ type, revision }) => [type, revision]),
    )
    expect(faults(other)).not.toEqual(faults(one))
    for (const kind of Object.keys(rates)) expect(one.store.fired.get(kind as 'mute')).toBeGreaterThan(0)
  })

  it('never break what the store promises: gapless, atomic, and written means stored', async () => {
    for (let seed = 0; seed < 10; seed++) {
      const { store, events } = await play(seed)
      expect(events.map(({ revision }) => revision)).toEqual(events.map((_, index) => index))
      for (const { append, verdict } of store.sends) {
        const stored = events.filter(({ id }) => id.slice(0, 32) === append.id.slice(0, 32))
        expect([0, 3]).toContain(stored.length)
        if (verdict?.status === 'written') expect(stored.at(-1)?.revision).toBe(verdict.revision)
        if (verdict?.status === 'refused') expect(stored).toEqual([])
      }
    }
  })
})

describe('what a faulty store has written', () => {
  it('is known by append, in the order of the commits, with their instants', async () => {
    let instants = 0
    const { handle, runtime, store } = await fixture({ instant: () => ++instants })
    const [late, other] = [append(-1), append(-1, [2], 'account-bob')]
    store.next({ kind: 'lateCommit', afterMs: 500, repeats: 'none' })
    send(handle, late)
    send(handle, other)
    await runtime.advance(3000)
    send(handle, other)
    await runtime.settle()
    expect(store.writes).toEqual([
      { append: other, revision: 1, instant: 1 },
      { append: late, revision: 0, instant: 2 },
    ])
  })

  it('is written without a fault by those whom none strikes', async () => {
    const { runtime, store } = await fixture({ rates: { refused: 1 } })
    store.goDown()
    const calm = await store.faultless.open({ runtime, logger: silentLogger, system: 'calm' })
    const result = send(calm, append(-1))
    await runtime.settle()
    expect(result.verdict?.status).toBe('written')
    await calm.close()
  })
})

describe('a foreign writer', () => {
  it('writes behind the back of all systems', async () => {
    const { handle, memory, runtime } = await threeAppends()
    const foreign = await foreignWriter(memory, runtime)
    expect(await foreign.write(stream, [{ type: 'Deposited', amount: 5 }])).toBe(5)
    const revision = await foreign.write(stream, [{ type: 'A' }, { type: 'B' }], {
      commandId: 'mine',
      commandType: 'Deposit',
      metadata: { who: 'me' },
    })
    expect(revision).toBe(7)
    const [, , , , , five, six] = await eventsIn(handle)
    expect([five?.type, five?.data]).toEqual(['Deposited', { amount: 5 }])
    expect(six?.origin).toMatchObject({ commandId: 'mine', count: 2, system: foreign.system })
    await expect(foreign.write(stream, [{ type: 'A' }], { expectedRevision: 2 })).rejects.toThrow(
      /could not write to account-alice: \{"status":"conflict","revision":7\}/,
    )
    await foreign.close()
  })
})

describe('the inner store', () => {
  it('is closed when nobody holds it and nothing is under way', async () => {
    const { handle, memory, runtime, store } = await fixture()
    let open = 0
    const inner = memory.open.bind(memory)
    memory.open = async (context) => {
      const real = await inner(context)
      open++
      const close = real.close.bind(real)
      real.close = async () => {
        open--
        await close()
      }
      return real
    }
    await handle.close()
    await runtime.settle()
    const again = await store.open({ runtime, logger: silentLogger, system: 'three' })
    expect(open).toBe(1)
    store.next({ kind: 'lateArrival', afterMs: 1000 })
    send(again, append(-1))
    await again.close()
    await again.close()
    await runtime.settle()
    expect(open).toBe(1)
    await runtime.advance(2000)
    expect(open).toBe(0)
  })
})
