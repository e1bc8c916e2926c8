import assert from 'node:assert/strict'
import type { EventStore, SnapshotStore, StoredSnapshot } from '../../store/event-store.ts'
import type { ContractSuite } from './contract-suite.ts'

const snapshotAt = (revision: number, body = `{"at":${revision}}`): StoredSnapshot => ({
  revision,
  eventId: `event-${revision}`,
  body,
})

/** Snapshots, where the store keeps them. */
export function snapshotContract({ test }: ContractSuite): void {
  test('snapshots: none before the first, then the newest', async (kit) => {
    const snapshots = snapshotsOf(await kit.open())
    const stream = kit.stream('a')
    assert.equal(await snapshots.load(stream), undefined)
    for (const revision of [10, 20, 30]) {
      await snapshots.save(stream, snapshotAt(revision))
      assert.deepEqual(await snapshots.load(stream), snapshotAt(revision))
    }
    assert.equal(await snapshots.load(kit.stream('b')), undefined)
    assert.deepEqual(await snapshotsOf(await kit.open('other')).load(stream), snapshotAt(30))
  })

  test('snapshots: the newest at or below a revision', async (kit) => {
    const snapshots = snapshotsOf(await kit.open())
    const stream = kit.stream('a')
    await snapshots.save(stream, snapshotAt(10))
    await snapshots.save(stream, snapshotAt(20))
    assert.deepEqual(await snapshots.load(stream, 25), snapshotAt(20))
    assert.deepEqual(await snapshots.load(stream, 20), snapshotAt(20))
    assert.deepEqual(await snapshots.load(stream, 19), snapshotAt(10))
    assert.equal(await snapshots.load(stream, 9), undefined)
  })

  test('snapshots: of a long stream there are few, and one of them is near below any revision', async (kit) => {
    const snapshots = snapshotsOf(await kit.open())
    const stream = kit.stream('a')
    const every = 400
    const last = 20_000
    for (let revision = every; revision <= last; revision += every) {
      await snapshots.save(stream, snapshotAt(revision))
    }
    const kept = new Set<number>()
    for (let asked = every; asked <= last; asked += every) {
      const { revision } = (await snapshots.load(stream, asked + every - 1)) ?? { revision: -1 }
      assert.ok(asked - revision <= asked / 6, `${revision} is too far below ${asked}.`)
      kept.add(revision)
    }
    assert.ok(kept.size <= 20, `${kept.size} are many.`)
    assert.equal(await snapshots.load(stream, every - 1), undefined)
    for (const asked of [last, last - every, last - 2 * every]) {
      assert.deepEqual(await snapshots.load(stream, asked), snapshotAt(asked))
    }
  })

  test('snapshots: an older one never takes the place of a newer one', async (kit) => {
    const snapshots = snapshotsOf(await kit.open())
    const stream = kit.stream('a')
    for (let revision = 100; revision <= 200; revision++) await snapshots.save(stream, snapshotAt(revision))
    for (let revision = 0; revision < 100; revision++) await snapshots.save(stream, snapshotAt(revision))
    assert.deepEqual(await snapshots.load(stream), snapshotAt(200))
    await snapshots.save(stream, snapshotAt(200, '{"again":true}'))
    assert.deepEqual(await snapshots.load(stream), snapshotAt(200, '{"again":true}'))
  })

  test('snapshots: saved at once for many streams, large ones and odd ones among them', async (kit) => {
    const snapshots = snapshotsOf(await kit.open())
    const body = JSON.stringify({ text: 'ü'.repeat(300_000) })
    const streams = Array.from({ length: 20 }, (_, index) => kit.stream(`${index}-ü`.repeat(100)))
    await Promise.all(streams.map((stream, index) => snapshots.save(stream, snapshotAt(index, body))))
    for (const [index, stream] of streams.entries()) {
      const loaded = await snapshots.load(stream)
      assert.equal(loaded?.revision, index)
      assert.ok(loaded?.body === body, 'The large body came back whole.')
    }
  })
}

function snapshotsOf(store: EventStore): SnapshotStore {
  assert.ok(store.snapshots !== undefined)
  return store.snapshots
}
