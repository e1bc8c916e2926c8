import assert from 'node:assert/strict'
import type { Direction, ReadStreamOptions } from '../../store/event-store.ts'
import type { ContractSuite } from './contract-suite.ts'

const ranges: readonly [ReadStreamOptions, readonly number[]][] = [
  [{}, [0, 1, 2, 3, 4, 5, 6]],
  [{ from: 0 }, [0, 1, 2, 3, 4, 5, 6]],
  [{ from: 3 }, [3, 4, 5, 6]],
  [{ from: 6 }, [6]],
  [{ from: 7 }, []],
  [{ from: 1_000 }, []],
  [{ limit: 1 }, [0]],
  [{ from: 2, limit: 3 }, [2, 3, 4]],
  [{ from: 5, limit: 100 }, [5, 6]],
  [{ direction: 'backwards' }, [6, 5, 4, 3, 2, 1, 0]],
  [{ direction: 'backwards', limit: 1 }, [6]],
  [{ direction: 'backwards', from: 3 }, [3, 2, 1, 0]],
  [{ direction: 'backwards', from: 3, limit: 2 }, [3, 2]],
  [{ direction: 'backwards', from: 0 }, [0]],
  [{ direction: 'backwards', from: 1_000, limit: 2 }, [6, 5]],
]

/** Reading one stream. */
export function readStreamContract({ test, options }: ContractSuite): void {
  test('read stream: an empty stream has no events and no pages, whatever is asked', async (kit) => {
    const store = await kit.open()
    await kit.write(store, kit.appendOf('other', -1, 1))
    for (const [range] of ranges) assert.deepEqual(await kit.readStream(store, 'empty', range), [])
  })

  test('read stream: from, limit, and both directions', async (kit) => {
    const store = await kit.open()
    await kit.write(store, kit.appendOf('a', -1, 1))
    await kit.write(store, kit.appendOf('between', -1, 2))
    await kit.write(store, kit.appendOf('a', 0, 2, 1))
    await kit.write(store, kit.appendOf('between', 1, 2))
    await kit.write(store, kit.appendOf('a', 3, 3))
    for (const [range, revisions] of ranges) {
      const events = await kit.readStream(store, 'a', range)
      assert.deepEqual(
        events.map(({ revision }) => revision),
        revisions,
        JSON.stringify(range),
      )
      for (const event of events) assert.equal(event.stream, kit.stream('a'))
    }
  })

  test('read stream: what was acknowledged is there at once, through every handle', async (kit) => {
    const store = await kit.open()
    const other = await kit.open('other')
    for (let revision = 0; revision < 50; revision++) {
      await kit.write(revision % 2 === 0 ? store : other, kit.appendOf('a', revision - 1, 1))
      const [newest] = await kit.readStream(revision % 3 === 0 ? store : other, 'a', {
        direction: 'backwards',
        limit: 1,
      })
      assert.equal(newest?.revision, revision)
    }
  })

  test('read stream: reading while it is written gives a gapless beginning, and ends', async (kit) => {
    const store = await kit.open()
    const other = await kit.open('other')
    await kit.write(store, kit.appendOf('a', -1, 2))
    let reading: 'on' | 'over' = 'on'
    const writing = (async () => {
      for (let revision = 1; reading === 'on'; revision += 2) {
        await kit.write(store, kit.appendOf('a', revision, 2))
        await kit.turn()
      }
    })()
    for (let round = 0; round < 20; round++) {
      const directions: readonly Direction[] = ['forwards', 'backwards']
      const [forwards, backwards] = await Promise.all(
        directions.map(async (direction) => {
          const events = await kit.readStream(other, 'a', { direction })
          return events.map(({ revision }) => revision)
        }),
      )
      assert.deepEqual(forwards, [...forwards!.keys()])
      assert.deepEqual(backwards, [...backwards!.keys()].reverse())
      await kit.turn()
    }
    reading = 'over'
    await writing
  })

  test('read stream: leaving the loop early does no harm', async (kit) => {
    const store = await kit.open()
    await kit.fill(store, 'a', 3_000)
    for (let round = 0; round < 30; round++) {
      for await (const page of store.readStream(kit.stream('a'))) {
        assert.equal(page[0]?.revision, 0)
        break
      }
    }
    await kit.write(store, kit.appendOf('a', 2_999, 1))
    assert.equal((await kit.readStream(store, 'a')).length, 3_001)
  })

  test('read stream: every place of a stream of thousands is found, whatever the size of its appends', async (kit) => {
    const store = await kit.open()
    for (const size of [1, 64, 128, 700]) {
      const id = `by ${size}`
      if (size > 1) await kit.fill(store, id, 4_200, size)
      else {
        await kit.write(store, kit.appendOf(id, -1, 1_020))
        for (let revision = 1_019; revision < 1_027; revision++) {
          await kit.write(store, kit.appendOf(id, revision, 1))
        }
        await kit.write(store, kit.appendOf(id, 1_027, 100))
      }
      for (const from of [0, 1_022, 1_023, 1_024, 1_025, 1_099]) {
        const [event] = await kit.readStream(store, id, { from, limit: 1 })
        assert.equal(event?.revision, from)
        const [last] = await kit.readStream(store, id, { from, limit: 1, direction: 'backwards' })
        assert.equal(last?.revision, from)
      }
      const events = await kit.readStream(store, id)
      assert.ok(events.every(({ revision }, index) => revision === index))
    }
  })

  const long = options.longStream ?? 100_000
  test(`read stream: ${long} events`, async (kit) => {
    const store = await kit.open()
    await kit.fill(store, 'a', long)
    for (const direction of ['forwards', 'backwards'] as const) {
      let expected = direction === 'forwards' ? 0 : long - 1
      for await (const page of store.readStream(kit.stream('a'), { direction })) {
        for (const { revision } of page) {
          assert.ok(revision === expected, `${direction}: ${revision} came instead of ${expected}.`)
          expected += direction === 'forwards' ? 1 : -1
        }
      }
      assert.equal(expected, direction === 'forwards' ? long : -1)
    }
    for (const from of [0, 1, Math.floor(long / 2), long - 1]) {
      const [event] = await kit.readStream(store, 'a', { from, limit: 1 })
      assert.equal(event?.revision, from)
    }
    assert.equal(await store.checkHead(kit.stream('a'), long - 1), true)
  })
}
