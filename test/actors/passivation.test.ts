import { describe, expect, it, vi } from 'vitest'
import { Supervisor } from '../../actors/supervisor.ts'
import { sleep } from '../../src/runtime.ts'
import { stream } from './kit/note.ts'
import { caught, changedStore, inWorld, type Node, type World } from './kit/world.ts'

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const

async function createAll(world: World, node: Node, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await world.run(node.note(id).ask(create))
    await world.runtime.advance(1_500)
  }
}

const passivated = (node: Node): readonly string[] => node.sightings('passivated').map(({ id }) => id)

describe('passivation', () => {
  it(
    'puts away the least recently used beyond the bound, and brings them back as they were',
    inWorld(async (world) => {
      const node = await world.start({ liveAggregates: 2 })
      await createAll(world, node, ['a', 'b'])
      await world.run(node.note('a').ask(rename))
      await createAll(world, node, ['c', 'd'])
      expect(passivated(node)).toEqual(['b', 'a'])
      expect(node.system.metrics().live).toBe(2)
      const state = await world.run(node.note('a').state())
      expect(state).toMatchObject({ revision: 1, context: { title: 'renamed' } })
    }),
  )

  it(
    'puts away what nobody has used for a while, by the clock',
    inWorld(async (world) => {
      const node = await world.start({ passivateAfterMs: 60_000 })
      await createAll(world, node, ['a', 'b'])
      await world.runtime.advance(40_000)
      await world.run(node.note('b').ask(rename))
      await world.runtime.advance(40_000)
      expect(passivated(node)).toEqual(['a'])
      await world.runtime.advance(60_000)
      expect(passivated(node)).toEqual(['a', 'b'])
      expect(node.system.metrics().live).toBe(0)
    }),
  )

  it(
    'never happens where it is switched off',
    inWorld(async (world) => {
      const node = await world.start({ passivateAfterMs: 0 })
      await createAll(world, node, ['a'])
      await world.runtime.advance(10_000_000)
      expect(node.system.metrics().live).toBe(1)
    }),
  )

  it(
    'waits for an append under way, and happens right after it',
    inWorld(async (world) => {
      const node = await world.start({ liveAggregates: 1 })
      await createAll(world, node, ['a'])
      world.store.next({ kind: 'slowAppend', afterMs: 5_000 }, { stream: stream('a') })
      const slow = node.note('a').ask(rename)
      await world.runtime.advance(10)
      await createAll(world, node, ['b'])
      expect(passivated(node)).toEqual([])
      expect(await world.run(slow)).toMatchObject({ status: 'accepted', revision: 1 })
      await world.runtime.settle()
      expect(passivated(node)).toEqual(['a'])
    }),
  )

  it(
    'waits for an unsettled append, whatever it takes',
    inWorld(async (world) => {
      const node = await world.start({ liveAggregates: 1, passivateAfterMs: 60_000 })
      await createAll(world, node, ['a'])
      world.store.next({ kind: 'unknownBeforeWrite' }, { stream: stream('a'), times: 20 })
      const asked = caught(node.note('a').ask(rename))
      await world.runtime.advance(10)
      await createAll(world, node, ['b'])
      await world.runtime.advance(150_000)
      expect(await asked).toMatchObject({ tag: 'CommandTimeout', executed: 'unknown' })
      expect(passivated(node)).not.toContain('a')
      await world.runtime.advance(600_000)
      expect(passivated(node)).toContain('a')
      expect(await world.storedMessages(stream('a'))).toHaveLength(2)
    }),
  )

  it(
    'waits for an answer that a check of the head holds back, and happens right after it',
    inWorld(async (world) => {
      const node = await world.start({ liveAggregates: 1 })
      await createAll(world, node, ['a'])
      world.store.next({ kind: 'slowCheck', afterMs: 5_000 })
      const refused = node.note('a').ask({ type: 'Refuse' })
      await world.runtime.advance(10)
      await createAll(world, node, ['b'])
      expect(passivated(node)).toEqual([])
      expect(await world.run(refused)).toMatchObject({ status: 'rejected', code: 'NotNow' })
      await world.runtime.settle()
      expect(passivated(node)).toEqual(['a'])
    }),
  )

  it(
    'waits for a snapshot that is being saved',
    inWorld(async (world) => {
      const node = await world.start({ liveAggregates: 1, snapshotEvery: 1 })
      await world.run(Promise.all([node.note('a').ask(create), node.note('b').ask(create)]))
      await world.runtime.settle()
      expect(node.sightings('snapshotSaved')).toHaveLength(2)
      expect(node.system.metrics().live).toBe(1)
    }),
  )

  it(
    'is called off by a command that comes first',
    inWorld(async (world) => {
      const node = await world.start({ liveAggregates: 1 })
      await createAll(world, node, ['a'])
      // Asked to leave and asked for at once, in the same turn of the event loop.
      const b = node.note('b').ask(create)
      const a = node.note('a').ask(rename)
      await world.run(Promise.all([a, b]))
      expect(passivated(node)).not.toContain('a')
    }),
  )

  it(
    'never gives an aggregate two live mailboxes: commands at the very instant of leaving are decided in order, once',
    inWorld(
      async (world) => {
        const node = await world.start({ liveAggregates: 1, snapshotEvery: 5 })
        const references = ['a', 'b', 'c'].map((id) => node.note(id))
        await world.run(Promise.all(references.map((one) => one.ask(create))))
        const asked: Promise<unknown>[] = []
        for (let round = 0; round < 60; round++) {
          for (const one of references) {
            asked.push(one.ask({ type: 'Rename', title: `${round}` }, { expectedRevision: round }))
            // One turn of the event loop: everything stands at another place each time.
            if (round % 3 !== 0) await new Promise<void>((resolve) => setImmediate(resolve))
          }
        }
        const outcomes = await world.run(Promise.all(asked))
        expect(new Set(outcomes.map((outcome) => (outcome as { status: string }).status))).toEqual(
          new Set(['accepted']),
        )
        for (const one of references) expect(await world.stored(stream(one.id))).toHaveLength(61)
        expect(node.sightings('conflict')).toEqual([])
        expect(passivated(node).length).toBeGreaterThan(10)
      },
      { order: 'seeded', seed: 5 },
    ),
  )

  it(
    'is not undone by an answer that comes too late',
    inWorld(async (world) => {
      const lateChecks = changedStore(world.store, (store) => ({
        async checkHead(at, revision) {
          await sleep(world.runtime, 8_000)
          return store.checkHead(at, revision)
        },
      }))
      const node = await world.start({ liveAggregates: 1 }, lateChecks)
      const a = node.note('a')
      await createAll(world, node, ['a'])
      // The check of the head is overtaken by an append that confirms the same; then the aggregate leaves, and the
      // check says no, to nobody.
      const refused = a.ask({ type: 'Refuse' })
      await world.runtime.advance(10)
      expect(await world.run(a.ask(rename))).toMatchObject({ revision: 1 })
      await world.run(refused)
      await createAll(world, node, ['b'])
      expect(passivated(node)).toEqual(['a'])
      await world.runtime.advance(10_000)
      // The same reference as before: it must reach a live mailbox.
      const outcome = await world.run(a.ask({ type: 'Rename', title: 'again' }))
      expect(outcome).toMatchObject({ status: 'accepted', revision: 2 })
    }),
  )

  it(
    'frees the memory also where somebody keeps a reference',
    inWorld(async (world) => {
      const dismiss = vi.spyOn(Supervisor.prototype, 'dismiss')
      const node = await world.start({ liveAggregates: 1 })
      const a = node.note('a')
      await world.run(a.ask(create))
      await createAll(world, node, ['b'])
      const dismissed = new Set(dismiss.mock.calls.map(([actor]) => actor))
      dismiss.mockRestore()
      const [left] = [...dismissed].filter(({ phase }) => phase === 'passivated')
      // The reference still knows the actor that answered last; it holds nothing of the aggregate any more.
      expect(left).toMatchObject({ id: 'a', durable: undefined, liveState: undefined })
      expect(await world.run(a.ask(rename))).toMatchObject({ revision: 1 })
    }),
  )

  it(
    'leaves what is quarantined where it is, so that its reason stays known',
    inWorld(async (world) => {
      const node = await world.start({ liveAggregates: 1, passivateAfterMs: 10_000 })
      await (await world.stranger()).write(stream('a'), [{ type: 'Unheard' }])
      const failure = await world.failure(node.note('a').ask(create))
      expect(failure).toMatchObject({ tag: 'AggregateQuarantined' })
      await createAll(world, node, ['b', 'c'])
      await world.runtime.advance(100_000)
      expect(node.system.metrics()).toMatchObject({ quarantined: 1, live: 1 })
      expect(await world.failure(node.note('a').ask(create))).toBe(failure)
    }),
  )
})
