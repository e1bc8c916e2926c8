import { describe, expect, it } from 'vitest'
import type { CommandTimeout } from '../../src/errors.ts'
import { stream } from './kit/note.ts'
import { caught, inWorld, type World } from './kit/world.ts'

const rename = { type: 'Rename', title: 'renamed' } as const

async function created(world: World) {
  const node = await world.start()
  await world.run(node.note('a').ask({ type: 'Create', title: 'first' }))
  return { node, a: node.note('a') }
}

const effectsOf = async (world: World, commandId: string): Promise<number> =>
  (await world.stored(stream('a'))).filter(({ origin }) => origin?.commandId === commandId).length

describe('the same command asked again while it is in the mailbox', () => {
  it(
    'rule 16: joins it, and both get the one outcome',
    inWorld(async (world) => {
      const { a } = await created(world)
      world.store.next({ kind: 'slowAppend', afterMs: 1_000 })
      const both = [a.ask(rename, { commandId: 'x' }), a.ask(rename, { commandId: 'x' })]
      await world.runtime.advance(100)
      both.push(a.ask(rename, { commandId: 'x' }))
      const outcomes = await world.run(Promise.all(both))
      for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'accepted', revision: 1 })
      expect(await effectsOf(world, 'x')).toBe(1)
    }),
  )

  it(
    'rule 16: queues behind one that was decided as a rejection',
    inWorld(async (world) => {
      const { node, a } = await created(world)
      world.store.next({ kind: 'slowCheck', afterMs: 500 })
      const first = a.ask({ type: 'Refuse' }, { commandId: 'x' })
      await world.runtime.advance(100)
      const second = a.ask({ type: 'Refuse' }, { commandId: 'x' })
      await world.run(Promise.all([first, second]))
      expect(node.sightings('commandReceived').filter(({ commandId }) => commandId === 'x')).toHaveLength(2)
    }),
  )

  it(
    'rule 9: with another type is CommandIdReused, and nothing of it is done',
    inWorld(async (world) => {
      const { a } = await created(world)
      const first = a.ask(rename, { commandId: 'x' })
      const failure = await world.failure(a.ask({ type: 'Divide' }, { commandId: 'x' }))
      expect(failure).toMatchObject({ tag: 'CommandIdReused', commandId: 'x' })
      expect(failure.message).toContain("belongs to a 'Rename' already")
      await world.run(first)
      expect(await effectsOf(world, 'x')).toBe(1)
    }),
  )

  it(
    'follows one that is accepted and not yet durable, where it cannot join',
    inWorld(async (world) => {
      const { a } = await created(world)
      world.store.next({ kind: 'slowAppend', afterMs: 1_000 })
      const first = a.ask(rename, { commandId: 'x', expectedRevision: 0 })
      await world.runtime.advance(100)
      const second = a.ask(rename, { commandId: 'x' })
      expect(await world.run(first)).toMatchObject({ duplicate: false, revision: 1 })
      expect(await world.run(second)).toMatchObject({
        status: 'accepted',
        duplicate: true,
        revision: 1,
        events: [{ type: 'Renamed', title: 'renamed' }],
      })
      expect(await effectsOf(world, 'x')).toBe(1)
    }),
  )

  it(
    'has one effect also where the first of three is stale after a conflict',
    inWorld(async (world) => {
      const { a } = await created(world)
      world.store.next({ kind: 'slowAppend', afterMs: 1_000 })
      const all = [a.ask(rename, { commandId: 'x', expectedRevision: 0 })]
      await world.runtime.advance(100)
      all.push(a.ask(rename, { commandId: 'x' }))
      await world.runtime.advance(100)
      all.push(a.ask(rename, { commandId: 'x' }))
      await world.runtime.advance(100)
      await (await world.stranger()).write(stream('a'), [{ type: 'Renamed', title: 'by a stranger' }])
      const [first, second, third] = await world.run(Promise.all(all))
      expect(first).toMatchObject({ status: 'rejected', code: 'StaleRevision', revision: 1 })
      expect(second).toMatchObject({ status: 'accepted', revision: 2, duplicate: false })
      expect(third).toMatchObject({ status: 'accepted', revision: 2, duplicate: true })
      expect(await effectsOf(world, 'x')).toBe(1)
    }),
  )

  it(
    'has one effect also where the id was made by the system and is known from a timeout',
    inWorld(async (world) => {
      const { a } = await created(world)
      world.store.next({ kind: 'unknownBeforeWrite' })
      const first = caught(a.ask(rename, { timeoutMs: 200 }))
      await world.runtime.advance(500)
      const timeout = (await first) as CommandTimeout
      expect(timeout).toMatchObject({ tag: 'CommandTimeout', executed: 'unknown' })
      const { commandId } = timeout
      const again = [a.ask(rename, { commandId }), a.ask(rename, { commandId })]
      for (const outcome of await world.run(Promise.all(again))) {
        expect(outcome).toMatchObject({ status: 'accepted', commandId, revision: 1 })
      }
      expect(await world.run(a.ask(rename, { commandId }))).toMatchObject({ duplicate: true, revision: 1 })
      expect(await effectsOf(world, commandId)).toBe(1)
    }),
  )

  // The last entry of an id in a long mailbox is found by an index. When that entry leaves, an earlier one of the same
  // id may still be there.
  it.each([0, 20])('has one effect also where a waiting repeat gave up, with %i others waiting', (others) =>
    inWorld(async (world) => {
      const { a } = await created(world)
      world.store.next({ kind: 'unknownBeforeWrite' })
      const first = a.ask(rename, { commandId: 'x' })
      await world.runtime.advance(100)
      const between = Array.from({ length: others }, () => a.ask({ type: 'Touch' }))
      const second = caught(a.ask(rename, { commandId: 'x', expectedRevision: 0, timeoutMs: 200 }))
      await world.runtime.advance(500)
      expect(await second).toMatchObject({ tag: 'CommandTimeout', executed: 'unknown' })
      const third = a.ask(rename, { commandId: 'x', expectedRevision: 1 })
      await (await world.stranger()).write(stream('a'), [{ type: 'Renamed', title: 'by a stranger' }])
      expect(await world.run(first)).toMatchObject({ status: 'accepted', revision: 2, duplicate: false })
      expect(await world.run(third)).toMatchObject({ status: 'accepted', revision: 2, duplicate: true })
      await world.run(Promise.all(between))
      expect(await effectsOf(world, 'x')).toBe(1)
    })(),
  )

  it(
    'rule 15: where one of two callers gives up, its timeout tells the truth about the command of the other',
    inWorld(async (world) => {
      const { a } = await created(world)
      // Decided as a rejection whose head cannot be confirmed for a while.
      world.store.next({ kind: 'failedCheck' }, { times: 5 })
      const patient = a.ask(rename, { commandId: 'x', expectedRevision: 1 })
      const hasty = caught(a.ask(rename, { commandId: 'x', expectedRevision: 1, timeoutMs: 100 }))
      await world.runtime.advance(200)
      const timeout = (await hasty) as { readonly executed: 'no' | 'unknown' }
      await (await world.stranger()).write(stream('a'), [{ type: 'Renamed', title: 'by a stranger' }])
      // The state that the caller expected is there now, and the other caller still waits.
      expect(await world.run(patient)).toMatchObject({ status: 'accepted', revision: 2 })
      expect(timeout).toMatchObject({ tag: 'CommandTimeout', executed: 'unknown' })
    }),
  )
})
