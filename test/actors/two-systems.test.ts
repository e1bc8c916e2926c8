import { describe, expect, it } from 'vitest'
import { changedBehaviour } from './kit/changed-behaviour.ts'
import { note, stream } from './kit/note.ts'
import { caught, inWorld, type Node, type World } from './kit/world.ts'

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const
const divide = { type: 'Divide' } as const
const patient = { timeoutMs: 600_000 }

/** The definition of an older version, which has never heard of `Divided`. */
const olderNote = changedBehaviour(note, (original) => ({
  replay: (state, stored) =>
    original.replay(state, stored.type === 'Divided' ? { ...stored, type: 'Unheard' } : stored),
}))

async function two(world: World, settings = {}): Promise<readonly [Node, Node]> {
  const nodes = [await world.start(settings), await world.start(settings)] as const
  await world.run(nodes[0].note('a').ask(create))
  return nodes
}

describe('two systems on one store', () => {
  it(
    'see what the other one writes, without a conflict where they take turns',
    inWorld(async (world) => {
      const nodes = await two(world)
      for (let turn = 0; turn < 20; turn++) {
        const outcome = await world.run(nodes[turn % 2]!.note('a').ask(rename))
        expect(outcome).toMatchObject({ status: 'accepted', revision: turn + 1 })
        for (const node of nodes) expect((await world.run(node.note('a').state())).revision).toBe(turn + 1)
      }
      for (const node of nodes) expect(node.sightings('conflict')).toEqual([])
      expect(nodes[0].sightings('refreshed')).toHaveLength(10)
    }),
  )

  it(
    'lose nothing where they collide, and each answer is true of what is stored',
    inWorld(
      async (world) => {
        const nodes = await two(world)
        const asked = Array.from({ length: 120 }, (_, nth) => nodes[nth % 2]!.note('a').ask(divide, patient))
        const outcomes = await world.run(Promise.all(asked))
        const events = await world.stored(stream('a'))
        expect(events).toHaveLength(361)
        for (const { commandId, revision } of outcomes) {
          expect(events[revision]).toMatchObject({ index: 2, origin: { commandId } })
        }
      },
      { order: 'seeded', seed: 21, rates: { slowAppend: 0.6, slowDelivery: 0.6 }, longestMs: 40 },
    ),
  )

  it(
    'are asked the same at once: one effect, and both know it',
    inWorld(async (world) => {
      const nodes = await two(world)
      const asked = nodes.map((node) => node.note('a').ask(divide, { ...patient, commandId: 'x' }))
      const outcomes = await world.run(Promise.all(asked))
      expect(outcomes).toMatchObject([{ revision: 3 }, { revision: 3 }])
      expect(outcomes.map((one) => one.status === 'accepted' && one.duplicate).sort()).toEqual([false, true])
      expect(await world.stored(stream('a'))).toHaveLength(4)
    }),
  )

  it(
    'work on aggregates of their own without a word between them',
    inWorld(async (world) => {
      const nodes = await two(world)
      const asked = nodes.flatMap((node, nth) =>
        Array.from({ length: 50 }, (_, number) => node.note(`${number} of ${nth}`).ask(create)),
      )
      await world.run(Promise.all(asked))
      for (const node of nodes) {
        expect(node.sightings('conflict')).toEqual([])
        expect(node.sightings('refreshed')).toEqual([])
        expect(node.sightings('restarting')).toEqual([])
      }
    }),
  )

  it(
    'go on where one of them is killed in the middle of everything',
    inWorld(
      async (world) => {
        const nodes = await two(world)
        const acknowledged = new Map<string, number>()
        for (const [nth, node] of nodes.entries()) {
          for (let number = 0; number < 60; number++) {
            const commandId = `${number} of ${nth}`
            const asked = node.note('a').ask(rename, { ...patient, commandId })
            void caught(asked.then(({ revision }) => acknowledged.set(commandId, revision)))
          }
        }
        for (let turn = 0; turn < 25; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
        world.kill(nodes[0])
        await world.runtime.advance(600_000)
        const events = await world.stored(stream('a'))
        for (const [commandId, revision] of acknowledged) {
          expect(events[revision]).toMatchObject({ origin: { commandId } })
        }
        const ids = events.map(({ origin }) => origin!.commandId)
        expect(new Set(ids).size).toBe(ids.length)
        // All of the one that lived.
        expect([...acknowledged.keys()].filter((id) => id.endsWith('of 1'))).toHaveLength(60)
      },
      { order: 'seeded', seed: 5, rates: { slowAppend: 0.3 }, longestMs: 10 },
    ),
  )

  it(
    'of different windows and snapshots agree on the state',
    inWorld(async (world) => {
      const small = await world.start({ windowCommands: 3, snapshotEvery: 2 })
      const large = await world.start({ windowCommands: 50, snapshotEvery: 5 })
      await world.run(small.note('a').ask(create))
      for (let nth = 0; nth < 30; nth++) {
        await world.run((nth % 2 === 0 ? small : large).note('a').ask(rename, { commandId: `${nth}` }))
      }
      const other = await world.start({ windowCommands: 50, snapshotEvery: 5 })
      const states = await world.run(Promise.all([small, large, other].map((node) => node.note('a').state())))
      for (const { context, revision } of states) {
        expect({ context, revision }).toEqual({
          context: { title: 'renamed', changes: 30, parts: 1 },
          revision: 30,
        })
      }
      // A snapshot of the small one lacks commands that the large ones must know.
      expect(await world.run(other.note('a').ask(rename, { commandId: '4' }))).toMatchObject({
        duplicate: true,
      })
    }),
  )

  it(
    'of which one does not know what the other writes: it says so of that aggregate, and nothing is lost',
    inWorld(async (world) => {
      const knowing = await world.start()
      const older = await world.start({}, world.store, [olderNote])
      await world.run(knowing.note('a').ask(create))
      await world.run(knowing.note('b').ask(create))
      // As long as it meets nothing strange, it works on the same aggregates.
      expect(await world.run(older.system.get(olderNote, 'a').ask(rename))).toMatchObject({ revision: 1 })
      await world.run(knowing.note('a').ask(divide))
      const failure = await world.failure(older.system.get(olderNote, 'a').ask(rename))
      expect(failure).toMatchObject({ tag: 'AggregateQuarantined', reason: 'EventMisfit' })
      expect(failure.message).toContain("'Unheard' at revision 2 of note-a")
      expect(older.log.about('quarantine', ['error'])).toHaveLength(1)
      // Neither the other aggregate nor the other system is touched by it.
      expect(await world.run(older.system.get(olderNote, 'b').ask(rename))).toMatchObject({ revision: 1 })
      expect(await world.run(knowing.note('a').ask(rename))).toMatchObject({ revision: 5 })
      expect(await world.stored(stream('a'))).toHaveLength(6)
    }),
  )

  it(
    'may be stopped one after the other: the store stays open for the other one',
    inWorld(async (world) => {
      const nodes = await two(world)
      await world.stop(nodes[0])
      expect(await world.run(nodes[1].note('a').ask(rename))).toMatchObject({ revision: 1 })
    }),
  )
})

describe('foreign writers', () => {
  it(
    'may write whatever the machine knows, in any number of events',
    inWorld(async (world) => {
      const node = await world.start()
      const stranger = await world.stranger()
      await stranger.write(stream('a'), [
        { type: 'Created', title: 'theirs' },
        { type: 'Divided' },
        { type: 'Divided' },
      ])
      expect(await world.run(node.note('a').state())).toMatchObject({ revision: 2, context: { parts: 3 } })
      expect(await world.run(node.note('a').ask(rename))).toMatchObject({ revision: 3 })
    }),
  )

  it(
    'who use a command id of ours have had its effect',
    inWorld(async (world) => {
      const node = await world.start()
      await world.run(node.note('a').ask(create))
      const options = { commandId: 'x', commandType: 'Rename' }
      await (await world.stranger()).write(stream('a'), [{ type: 'Renamed', title: 'theirs' }], options)
      expect(await world.run(node.note('a').ask(rename, { commandId: 'x' }))).toMatchObject({
        status: 'accepted',
        duplicate: true,
        revision: 1,
        events: [{ type: 'Renamed', title: 'theirs' }],
      })
    }),
  )

  it(
    'who write again and again make it retry, in waits that grow, until it wins',
    inWorld(async (world) => {
      const node = await world.start()
      await world.run(node.note('a').ask(create))
      world.store.next({ kind: 'conflict', by: 'stranger' }, { stream: stream('a'), times: 12 })
      expect(await world.run(node.note('a').ask(rename, patient))).toMatchObject({ revision: 13 })
      const conflicts = node.sightings('conflict').map(({ at }) => at)
      expect(conflicts).toHaveLength(12)
      const waits = conflicts.slice(1).map((at, nth) => at - conflicts[nth]!)
      expect(waits[0]).toBeLessThan(waits[6]!)
      expect(Math.max(...waits)).toBeLessThanOrEqual(500)
    }),
  )
})
