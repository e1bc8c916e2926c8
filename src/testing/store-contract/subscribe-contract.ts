import assert from 'node:assert/strict'
import { position } from '../../event/position.ts'
import { assertOrder } from './assert-order.ts'
import type { ContractKit } from './contract-kit.ts'
import type { ContractSuite } from './contract-suite.ts'

/** Following the log: what is there, then what comes, nothing twice, nothing left out. */
export function subscribeContract({ test, options }: ContractSuite): void {
  test('subscribe: what is there, then caught up, then what comes', async (kit) => {
    const store = await kit.open()
    await kit.fill(store, 'a', 2_500)
    const follower = kit.follow(store)
    await follower.untilCaughtUp()
    assert.deepEqual(follower.caughtUpAt, [2_500])
    const other = await kit.open('other')
    for (let revision = 2_499; revision < 2_520; revision++) {
      await kit.write(revision % 2 === 0 ? store : other, kit.appendOf('a', revision, 1))
      await follower.until(revision + 2)
    }
    assertOrder(follower.events, 2_521)
    assert.deepEqual(await kit.readAll(store), follower.events)
  })

  test('subscribe: caught up at once where there is nothing', async (kit) => {
    const store = await kit.open()
    const follower = kit.follow(store)
    await follower.untilCaughtUp()
    assert.deepEqual(follower.messages, [{ kind: 'caughtUp' }])
    await kit.write(store, kit.appendOf('a', -1, 2))
    await follower.until(2)
  })

  test('subscribe: after a position, also one inside of an append, and from the end', async (kit) => {
    const store = await kit.open()
    await kit.fill(store, 'a', 40, 10)
    const all = await kit.readAll(store)
    for (const index of [0, 9, 10, 14, 38, 39]) {
      const follower = kit.follow(store, { after: all[index]!.position })
      await follower.untilCaughtUp()
      assert.deepEqual(follower.events, all.slice(index + 1))
      await follower.close()
    }
    const end = kit.follow(store, { after: 'end' })
    const start = kit.follow(store, { after: 'start' })
    await end.untilCaughtUp()
    assert.deepEqual(end.events, [])
    await start.untilCaughtUp()
    assert.deepEqual(start.events, all)
    await kit.write(store, kit.appendOf('a', 39, 3))
    await end.until(3)
    assert.deepEqual(
      end.events.map(({ revision }) => revision),
      [40, 41, 42],
    )
  })

  test('subscribe: from the end means from the call on', async (kit) => {
    const store = await kit.open()
    await kit.write(store, kit.appendOf('a', -1, 1))
    const follower = kit.follow(store, { after: 'end' })
    await kit.write(store, kit.appendOf('a', 0, 2))
    await follower.until(2)
    assert.deepEqual(
      follower.events.map(({ revision }) => revision),
      [1, 2],
    )
  })

  test('subscribe: filters hold for what is there and for what comes', async (kit) => {
    const store = await kit.open()
    const write = (id: string, revision: number) =>
      kit.write(
        store,
        kit.appendWith(id, revision, [
          kit.command(2, { correlationId: 'wanted' }),
          kit.command(2, { correlationId: 'unwanted' }),
        ]),
      )
    await write('a', -1)
    const byType = kit.follow(store, { filter: { eventTypes: ['DoneToo'] } })
    const byCorrelation = kit.follow(store, { filter: { correlationId: 'wanted' } })
    const nothing = kit.follow(store, { filter: { eventTypes: ['Never'] } })
    await byType.untilCaughtUp()
    await byCorrelation.untilCaughtUp()
    await nothing.untilCaughtUp()
    await write('a', 3)
    await write('b', -1)
    await byType.until(6)
    await byCorrelation.until(6)
    assert.ok(byType.events.every(({ type }) => type === 'DoneToo'))
    assert.ok(byCorrelation.events.every(({ origin }) => origin?.correlationId === 'wanted'))
    assert.deepEqual(nothing.events, [])
  })

  test('subscribe: an append is never torn over two messages', async (kit) => {
    const store = await kit.open()
    const follower = kit.follow(store)
    for (let revision = -1; revision < 900; revision += 90) {
      await kit.write(store, kit.appendOf('a', revision, 40, 50))
    }
    await follower.until(990)
    for (const message of follower.messages) {
      if (message.kind === 'events') assert.equal(message.events.length % 90, 0)
    }
  })

  test('subscribe: close ends a loop that waits, and the loop of a closed one is over', async (kit) => {
    const store = await kit.open()
    const follower = kit.follow(store)
    await follower.untilCaughtUp()
    const waiting = follower.step()
    await follower.close()
    assert.equal(await waiting, 'end')
    assert.equal(await follower.step(), 'end')
    await follower.close()
    const never = kit.follow(store)
    await never.close()
    assert.equal(await never.step(), 'end')
    const left = kit.follow(store)
    await left.untilCaughtUp()
    await left.leave()
    assert.equal(await left.step(), 'end')
  })

  test('subscribe: two subscribers, one of them slow, each get everything in order', async (kit) => {
    const store = await kit.open()
    const quick = kit.follow(store)
    const slow = kit.follow(store)
    await slow.untilCaughtUp()
    for (let revision = -1; revision < 5_999; revision += 100) {
      await kit.write(store, kit.appendOf('a', revision, ...new Array<number>(100).fill(1)))
      await quick.until(revision + 101)
      if (revision === 2_999) await slow.step()
    }
    await slow.until(6_000)
    assertOrder(slow.events, 6_000)
    assert.deepEqual(slow.events, quick.events)
    const times = slow.caughtUpAt.length
    await slow.untilCaughtUp()
    assert.equal(slow.caughtUpAt.length, times + 1, 'It says so again after it had fallen behind.')
  })

  test('subscribe: the order is that of the log under parallel writers', async (kit) => {
    const stores = [await kit.open('one'), await kit.open('two')]
    const follower = kit.follow(stores[0]!)
    const follow = follower.until(2 * 5 * 20)
    await Promise.all(
      stores.flatMap((store, writer) =>
        Array.from({ length: 5 }, async (_, stream) => {
          for (let revision = -1; revision < 19; revision++) {
            await kit.write(store, kit.appendOf(`w${writer}-${stream}`, revision, 1))
          }
        }),
      ),
    )
    await follow
    assertOrder(follower.events, 200)
    assert.deepEqual(await kit.readAll(stores[1]!), follower.events)
  })

  test('subscribe: except for one system, the events of all others come', async (kit) => {
    const own = await kit.open('own')
    const other = await kit.open('other')
    const follower = kit.follow(own, { after: 'end', exceptSystem: 'own' })
    await follower.untilCaughtUp()
    for (let round = 0; round < 10; round++) {
      await kit.write(own, appendBy(kit, 'own', round * 2 - 1))
      await kit.write(other, appendBy(kit, 'other', round * 2))
    }
    const foreign = () => follower.events.filter(({ origin }) => origin?.system === 'other')
    while (foreign().length < 10) await follower.step()
    assert.deepEqual(
      foreign().map(({ revision }) => revision),
      Array.from({ length: 10 }, (_, round) => round * 2 + 1),
    )
    if (options.exceptSystem !== 'ignored') assert.equal(follower.events.length, 10)
  })

  test('subscribe: a position beyond the end waits for it', async (kit) => {
    const store = await kit.open()
    const written = await kit.write(store, kit.appendOf('a', -1, 1))
    const follower = kit.follow(store, { after: position(written.position) })
    await follower.untilCaughtUp()
    assert.deepEqual(follower.events, [])
  })
}

function appendBy(kit: ContractKit, system: string, expectedRevision: number) {
  return kit.appendWith('a', expectedRevision, [kit.command(1, { system })])
}
