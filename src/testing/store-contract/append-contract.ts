import assert from 'node:assert/strict'
import { eventIdOf } from '../../event/event-id.ts'
import type { Append, EventStore, Verdict } from '../../store/event-store.ts'
import type { ContractKit } from './contract-kit.ts'
import type { ContractSuite } from './contract-suite.ts'

/** One append: written once and for all, at its exact revision, or not at all. */
export function appendContract({ test, options }: ContractSuite): void {
  test('append: an empty stream takes its first append at -1, the next at its revision', async (kit) => {
    const store = await kit.open()
    const first = await kit.write(store, kit.appendOf('a', -1, 1))
    assert.equal(first.revision, 0)
    const second = await kit.write(store, kit.appendOf('a', 0, 2, 1))
    assert.equal(second.revision, 3)
    assert.ok(first.position < second.position, 'Positions rise.')
    const events = await kit.readStream(store, 'a')
    assert.deepEqual(
      events.map(({ revision }) => revision),
      [0, 1, 2, 3],
    )
    assert.equal(events[0]?.position, first.position)
    assert.equal(events[3]?.position, second.position)
  })

  test('append: no verdict comes before append has returned', async (kit) => {
    const store = await kit.open()
    await new Promise<void>((resolve, reject) => {
      let returned = false
      store.append([kit.appendOf('a', -1, 1)], () => {
        if (returned) resolve()
        else reject(new Error('The verdict came before append returned.'))
      })
      returned = true
    })
  })

  test('append: a wrong expected revision is a conflict that says the right one, and stores nothing', async (kit) => {
    const store = await kit.open()
    assert.deepEqual(await kit.sendOne(store, kit.appendOf('a', 0, 1)), { status: 'conflict', revision: -1 })
    await kit.write(store, kit.appendOf('a', -1, 3))
    for (const expectedRevision of [-1, 0, 1, 3, 1_000]) {
      assert.deepEqual(await kit.sendOne(store, kit.appendOf('a', expectedRevision, 2)), {
        status: 'conflict',
        revision: 2,
      })
    }
    assert.equal((await kit.readStream(store, 'a')).length, 3)
    assert.equal((await kit.readAll(store)).length, 3)
  })

  test('append: of many writers of one slot exactly one wins, from two handles', async (kit) => {
    const stores = [await kit.open('one'), await kit.open('two')]
    let revision = -1
    for (let round = 0; round < 20; round++) {
      const contenders = Array.from({ length: 6 }, () => kit.appendOf('a', revision, 2))
      const verdicts = await Promise.all(
        contenders.map((append, index) => kit.sendOne(stores[index % 2]!, append)),
      )
      const winners = verdicts.flatMap((verdict, index) => (verdict.status === 'written' ? [index] : []))
      assert.equal(winners.length, 1, JSON.stringify(verdicts))
      for (const verdict of verdicts) assert.notEqual(verdict.status, 'unknown')
      const [slot] = await kit.readStream(stores[0]!, 'a', { from: revision + 1, limit: 1 })
      assert.equal(slot?.id, contenders[winners[0]!]?.id)
      revision += 2
    }
    assert.equal((await kit.readStream(stores[1]!, 'a')).length, 40)
  })

  test('append: the same append sent again is written, with the first revision and position', async (kit) => {
    const store = await kit.open()
    const other = await kit.open('other')
    const append = kit.appendOf('a', -1, 1, 2)
    const first = await kit.write(store, append)
    assert.deepEqual(await kit.sendOne(store, append), first)
    assert.deepEqual(await kit.sendOne(other, structuredClone(append)), first)
    const next = await kit.write(store, kit.appendOf('a', 2, 1))
    for (let revision = 3; revision < 50; revision++) await kit.write(store, kit.appendOf('a', revision, 1))
    assert.deepEqual(await kit.sendOne(store, append), first)
    assert.deepEqual(await kit.sendOne(other, structuredClone(append)), first)
    assert.ok(next.position > first.position)
    assert.equal((await kit.readStream(store, 'a')).length, 51)
    assert.equal((await kit.readAll(store)).length, 51)
  })

  test('append: the same append sent twice at once has one effect', async (kit) => {
    const store = await kit.open()
    const other = await kit.open('other')
    const mayBeUnknown = options.repeatUnderWay === 'mayBeUnknown'
    const rounds = mayBeUnknown ? 4 : 21
    for (let revision = -1; revision < rounds - 1; revision++) {
      const append = kit.appendOf('a', revision, 1)
      const verdicts = await Promise.all([kit.sendOne(store, append), kit.sendOne(other, append)])
      const settled = await kit.write(store, append)
      for (const verdict of verdicts) {
        if (!mayBeUnknown || verdict.status !== 'unknown') assert.deepEqual(verdict, settled)
      }
    }
    assert.equal((await kit.readAll(store)).length, rounds)
  })

  test('append: one that overlaps what is there in part is a conflict', async (kit) => {
    const store = await kit.open()
    const append = kit.appendOf('a', -1, 1, 1, 1)
    await kit.write(store, append)
    const conflict: Verdict = { status: 'conflict', revision: 2 }
    assert.deepEqual(await kit.sendOne(store, kit.appendOf('a', 0, 1)), conflict)
    assert.deepEqual(await kit.sendOne(store, kit.appendOf('a', 1, 5)), conflict)
    assert.deepEqual(await kit.sendOne(store, { ...kit.appendOf('a', -1, 9), id: kit.appendId() }), conflict)
    assert.equal((await kit.readStream(store, 'a')).length, 3)
  })

  test('append: several commands are stored together; each event knows its command and its place in it', async (kit) => {
    const store = await kit.open()
    const append = kit.appendWith('a', -1, [
      kit.command(2, { commandType: 'First', metadata: { who: 'me', deep: { list: [1, null, 'ü'] } } }),
      { ...kit.command(1, { commandType: 'Second', system: 'elsewhere' }), schemaVersion: 7 },
      kit.command(3, { correlationId: 'shared', causationId: 'shared', commandId: 'shared' }),
    ])
    await kit.write(store, append)
    const events = await kit.readStream(store, 'a')
    const expected = append.commands.flatMap(({ origin, schemaVersion, events }) =>
      events.map((event, index) => ({
        origin,
        schemaVersion,
        index,
        type: event.type,
        data: JSON.parse(event.json) as unknown,
      })),
    )
    assert.equal(events.length, expected.length)
    for (const [offset, event] of events.entries()) {
      const { stream, revision, position, id, recordedAt, ...rest } = event
      assert.deepEqual(rest, expected[offset])
      assert.deepEqual({ stream, revision }, { stream: append.stream, revision: offset })
      assert.equal(id, eventIdOf(append.id, offset))
      assert.equal(typeof position, 'number')
      assert.ok(Math.abs(recordedAt - kit.runtime.clock.now()) < 3_600_000, 'It was recorded about now.')
    }
    assert.deepEqual(await kit.readAll(store), events)
  })

  test('append: no reader ever sees a part of an append', async (kit) => {
    const store = await kit.open()
    const other = await kit.open('other')
    const size = 7
    const writing = writeRounds(kit, store, size, 40)
    let seen = 0
    while (seen < 40 * size) {
      const events = await kit.readStream(other, 'a')
      assert.equal(events.length % size, 0, `A part of an append was visible: ${events.length} events.`)
      seen = events.length
      await kit.turn()
    }
    await writing
  })

  test('checkHead: true of the last revision only', async (kit) => {
    const store = await kit.open()
    const other = await kit.open('other')
    assert.equal(await store.checkHead(kit.stream('a'), -1), true)
    assert.equal(await store.checkHead(kit.stream('a'), 0), false)
    for (let revision = 0; revision < 10; revision++) {
      await kit.write(store, kit.appendOf('a', revision - 1, 1))
      for (const handle of [store, other]) {
        assert.equal(await handle.checkHead(kit.stream('a'), revision), true)
        assert.equal(await handle.checkHead(kit.stream('a'), revision - 1), false)
        assert.equal(await handle.checkHead(kit.stream('a'), revision + 1), false)
      }
    }
    const checks = await Promise.all(
      Array.from({ length: 100 }, (_, index) => store.checkHead(kit.stream('a'), index)),
    )
    assert.deepEqual(
      checks.flatMap((isHead, index) => (isHead ? [index] : [])),
      [9],
    )
  })
}

async function writeRounds(kit: ContractKit, store: EventStore, size: number, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const append: Append = kit.appendOf('a', round * size - 1, 2, size - 2)
    await kit.write(store, append)
    await kit.turn()
  }
}
