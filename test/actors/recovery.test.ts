import { describe, expect, it } from 'vitest'
import { sleep } from '../../src/runtime.ts'
import { stream } from './kit/note.ts'
import { changedStore, inWorld, type Node, type World } from './kit/world.ts'

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const
const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, nth) => `${nth}`)

async function stored(world: World, names: readonly string[], renames: number): Promise<void> {
  const writer = await world.start({ snapshotEvery: 0 })
  for (const id of names) {
    await world.run(writer.note(id).ask(create))
    await world.run(Promise.all(Array.from({ length: renames }, () => writer.note(id).ask(rename))))
  }
  await world.stop(writer)
}

const recovered = (node: Node): readonly string[] => node.sightings('recovered').map(({ id }) => id)

describe('a recovery', () => {
  it(
    'needs a permit: so many at once, and the others wait their turn',
    inWorld(async (world) => {
      let reading = 0
      let most = 0
      const slow = changedStore(world.store, (store) => ({
        async *readStream(of, options) {
          most = Math.max(most, ++reading)
          await sleep(world.runtime, 100)
          reading--
          yield* store.readStream(of, options)
        },
      }))
      const node = await world.start({ recoveries: 3 }, slow)
      const asked = ids(10).map((id) => node.note(id).ask(create))
      await world.runtime.advance(50)
      expect(node.system.metrics().recovering).toBe(3)
      await world.run(Promise.all(asked))
      expect(most).toBe(3)
      expect(recovered(node)).toEqual(ids(10))
      expect(node.system.metrics().recovering).toBe(0)
    }),
  )

  it(
    'gives its permit back while its read backs off: one bad stream holds up nobody',
    inWorld(async (world) => {
      const node = await world.start({ recoveries: 1 })
      world.store.next({ kind: 'failedRead', afterEvents: 0 }, { stream: stream('0'), times: 6 })
      const asked = ids(5).map((id) => node.note(id).ask(create))
      await world.runtime.settle()
      expect(recovered(node)).toEqual(['1', '2', '3', '4'])
      await world.run(Promise.all(asked))
      expect(recovered(node)).toEqual(['1', '2', '3', '4', '0'])
    }),
  )

  it(
    'of a long stream yields its permit between the pages',
    inWorld(async (world) => {
      await stored(world, ['long', 'short'], 30)
      const node = await world.start({ recoveries: 1, snapshotEvery: 0 })
      world.store.next({ kind: 'tornPages', events: 2 }, { stream: stream('long') })
      const asked = [node.note('long').state(), node.note('short').state()]
      await world.run(Promise.all(asked))
      expect(recovered(node)).toEqual(['short', 'long'])
    }),
  )

  it(
    'goes on where a failed read stopped',
    inWorld(async (world) => {
      await stored(world, ['a'], 30)
      const from: (number | undefined)[] = []
      const watched = changedStore(world.store, (store) => ({
        readStream(of, options) {
          from.push(options?.from)
          return store.readStream(of, options)
        },
      }))
      world.store.next({ kind: 'failedRead', afterEvents: 20 })
      const node = await world.start({ snapshotEvery: 0 }, watched)
      expect(await world.run(node.note('a').state())).toMatchObject({
        revision: 30,
        context: { changes: 30 },
      })
      expect(from).toEqual([0, 19])
    }),
  )

  it(
    'is shared by all who ask meanwhile, and their commands are decided in order',
    inWorld(async (world) => {
      await stored(world, ['a'], 3)
      const node = await world.start()
      world.store.next({ kind: 'slowRead', afterMs: 500 })
      const asked = [1, 2, 3].map((nth) => node.note('a').ask({ type: 'Rename', title: `${nth}` }))
      const states = [node.note('a').state(), node.note('a').state()]
      expect(await world.run(Promise.all(asked))).toMatchObject([4, 5, 6].map((revision) => ({ revision })))
      expect(await world.run(Promise.all(states))).toMatchObject([{ revision: 3 }, { revision: 3 }])
      expect(node.sightings('recovered')).toHaveLength(1)
    }),
  )

  it(
    'reads until it has seen what it knows to be there',
    inWorld(async (world) => {
      await stored(world, ['a'], 5)
      const node = await world.start({ snapshotEvery: 0 })
      await world.run(node.note('a').state())
      // The tail shows a revision that a lagging replica does not have.
      world.store.next({ kind: 'slowDelivery', afterMs: 1 }, { system: node.system.id })
      const stranger = await world.stranger()
      await stranger.write(stream('a'), [{ type: 'Divided' }])
      world.store.next({ kind: 'staleRead', appendsBehind: 1 }, { stream: stream('a'), times: 3 })
      world.store.next({ kind: 'refusedCheck' })
      const outcome = await world.run(node.note('a').ask({ type: 'Refuse' }))
      expect(outcome).toMatchObject({ code: 'NotNow', revision: 6 })
    }),
  )
})
