import assert from 'node:assert/strict'
import type { EventFilter } from '../../store/event-store.ts'
import { assertOrder } from './assert-order.ts'
import type { ContractKit } from './contract-kit.ts'
import type { ContractSuite } from './contract-suite.ts'

/** Reading the global order. */
export function readAllContract({ test, options }: ContractSuite): void {
  test('read all: nothing of a category that nobody wrote', async (kit) => {
    const store = await kit.open()
    assert.deepEqual(await kit.readAll(store), [])
    if (options.log !== 'shared') {
      for await (const page of store.readAll()) assert.fail(`An empty store gave ${page.length} events.`)
    }
  })

  test('read all: after every position come exactly the later events', async (kit) => {
    const store = await kit.open()
    await writeMixture(kit)
    const all = await kit.readAll(store)
    assertOrder(all, 36)
    for (const [index, event] of all.entries()) {
      assert.deepEqual(await kit.readAll(store, { after: event.position }), all.slice(index + 1))
      const limit = (index % 5) + 1
      assert.deepEqual(
        await kit.readAll(store, { after: event.position, limit }),
        all.slice(index + 1, index + 1 + limit),
      )
    }
  })

  test('read all: filters by category, event type and correlation, alone and together', async (kit) => {
    const store = await kit.open()
    await writeMixture(kit)
    const other = `${kit.category}other`
    await kit.write(store, { ...kit.appendOf('a', -1, 3), stream: `${other}-a` })
    await kit.write(store, { ...kit.appendOf('a', -1, 2), stream: `${kit.category}x-a` })
    const both: EventFilter = { categories: [kit.category, other] }
    const all = await kit.readAll(store, { filter: both })
    assertOrder(all, 39)
    const filters: readonly [EventFilter, (event: (typeof all)[number]) => boolean][] = [
      [{ categories: [other] }, ({ stream }) => stream.startsWith(`${other}-`)],
      [{ categories: [] }, () => false],
      [{ eventTypes: ['DoneToo'] }, ({ type }) => type === 'DoneToo'],
      [{ eventTypes: ['Done', 'DoneToo'] }, () => true],
      [{ eventTypes: [] }, () => false],
      [{ eventTypes: ['Never'] }, () => false],
      [{ correlationId: 'wanted' }, ({ origin }) => origin?.correlationId === 'wanted'],
      [{ correlationId: 'never' }, () => false],
      [
        { eventTypes: ['Done'], correlationId: 'wanted' },
        ({ type, origin }) => type === 'Done' && origin?.correlationId === 'wanted',
      ],
    ]
    for (const [filter, fits] of filters) {
      const expected = all.filter(fits)
      assert.deepEqual(await kit.readAll(store, { filter: { ...both, ...filter } }), expected)
      const limited = await kit.readAll(store, { filter: { ...both, ...filter }, limit: 4 })
      assert.deepEqual(limited, expected.slice(0, 4))
    }
  })

  test('read all: many events, page by page, while others write', async (kit) => {
    const store = await kit.open()
    const other = await kit.open('other')
    await kit.fill(store, 'a', 5_000)
    let reading: 'on' | 'over' = 'on'
    const writing = (async () => {
      let revision = -1
      for (; reading === 'on'; revision++) {
        await kit.write(other, kit.appendOf('b', revision, 1))
        await kit.turn()
      }
      return revision + 1
    })()
    for (let round = 0; round < 3; round++) {
      const events = await kit.readAll(store)
      assertOrder(events, events.length)
      assert.ok(events.length >= 5_000)
      await kit.turn()
    }
    reading = 'over'
    const written = await writing
    assertOrder(await kit.readAll(store), 5_000 + written)
  })
}

/** 36 events of 6 streams by two systems, in appends of one to three commands. */
async function writeMixture(kit: ContractKit): Promise<void> {
  const stores = [await kit.open('one'), await kit.open('two')]
  for (let round = 0; round < 3; round++) {
    for (let stream = 0; stream < 6; stream++) {
      const correlationId = stream === 2 ? 'wanted' : `correlation-${round}-${stream}`
      const append = kit.appendWith(`s${stream}`, round * 2 - 1, [
        ...(stream % 2 === 0 ? [kit.command(2, { correlationId })] : [kit.command(1), kit.command(1)]),
      ])
      await kit.write(stores[stream % 2]!, append)
    }
  }
}
