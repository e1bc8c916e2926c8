import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../actors/fingerprint.ts'
import { CommandWindow } from '../../actors/window.ts'
import { behaviour } from '../../src/aggregate/aggregate-type.ts'
import type { RecordedEvent } from '../../src/event/recorded-event.ts'
import type { Fault } from '../../src/testing/index.ts'
import { changedBehaviour } from './kit/changed-behaviour.ts'
import { note, stream } from './kit/note.ts'
import { caught, inWorld, type Node, type World } from './kit/world.ts'

interface Body {
  readonly window: string
  readonly state: unknown
  readonly windowCommands: number
}

/** What a snapshot must hold, made of nothing but the stream. */
function replayed(events: readonly RecordedEvent[], windowCommands: number): Body {
  const window = new CommandWindow(windowCommands)
  let state = note[behaviour].initial('a')
  for (const event of events) {
    state = note[behaviour].replay(state, event)
    if (event.index === 0 && event.origin !== undefined) {
      window.remember(fingerprintOf(event.origin.commandId), event.revision)
    }
  }
  return { window: window.dump(), state: note[behaviour].dump(state), windowCommands }
}

const commands = fc.array(
  fc.constantFrom(
    { type: 'Create', title: 'first' } as const,
    { type: 'Rename', title: 'renamed' } as const,
    { type: 'Divide' } as const,
    { type: 'Touch' } as const,
    { type: 'Refuse' } as const,
    { type: 'Collapse' } as const,
  ),
  { minLength: 1, maxLength: 25 },
)

async function askAll(world: World, node: Node, all: readonly object[]): Promise<void> {
  for (const command of all) await world.run(caught(node.note('a').ask(command as never)))
}

describe('invariant 2: live state and window = full replay = snapshot + tail', () => {
  it('for every snapshot that is taken', async () => {
    await fc.assert(
      fc.asyncProperty(
        commands,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 20 }),
        (all, snapshotEvery, windowCommands) =>
          inWorld(async (world) => {
            const node = await world.start({ snapshotEvery, windowCommands })
            const { snapshots } = await world.truth()
            for (const command of [{ type: 'Create', title: '0' }, ...all]) {
              await askAll(world, node, [command])
              const events = await world.stored(stream('a'))
              const snapshot = await snapshots!.load(stream('a'))
              if (snapshot === undefined) continue
              const body = JSON.parse(snapshot.body) as Body
              const until = events.slice(0, snapshot.revision + 1)
              expect(body).toMatchObject(replayed(until, windowCommands))
              expect(snapshot.eventId).toBe(until.at(-1)!.id)
              expect(events.length - 1 - snapshot.revision).toBeLessThan(snapshotEvery + 3)
            }
          })(),
      ),
      { numRuns: 25 },
    )
  })

  const damages: readonly (readonly [string, Fault | undefined])[] = [
    ['whole', undefined],
    ['missing', { kind: 'missingSnapshot' }],
    ['stale', { kind: 'staleSnapshot' }],
    ['cut off', { kind: 'corruptSnapshot', damage: 'cutOff' }],
    ['of another shape', { kind: 'corruptSnapshot', damage: 'otherShape' }],
    ['of another history', { kind: 'corruptSnapshot', damage: 'otherHistory' }],
    ['out of reach', { kind: 'failedLoad' }],
  ]

  it.each(damages)('where the snapshot is %s', (_name, fault) =>
    fc.assert(
      fc.asyncProperty(commands, fc.integer({ min: 1, max: 5 }), (all, snapshotEvery) =>
        inWorld(async (world) => {
          const writer = await world.start({ snapshotEvery })
          await askAll(world, writer, [{ type: 'Create', title: '0' }, ...all])
          const lastId = 'the last command'
          const last = await world.run(writer.note('a').ask({ type: 'Divide' }, { commandId: lastId }))
          const live = await world.run(writer.note('a').state())
          await world.stop(writer)

          const plain = await world.start({ snapshotEvery: 0 })
          const full = await world.run(plain.note('a').state())
          const node = await world.start({ snapshotEvery })
          if (fault !== undefined) world.store.next(fault, { system: node.system.id })
          const state = await world.run(node.note('a').state())
          const shown = ({ value, context, revision, status }: typeof state) => ({
            value,
            context,
            revision,
            status,
          })
          expect(shown(state)).toEqual(shown(full))
          expect(shown(state)).toEqual(shown(live))
          // The window, too: what was asked before is known, and what was not is decided.
          expect(await world.run(node.note('a').ask({ type: 'Divide' }, { commandId: lastId }))).toEqual({
            ...last,
            duplicate: true,
          })
          expect(await world.run(node.note('a').ask({ type: 'Divide' }))).toMatchObject({
            revision: live.revision + 3,
          })
        })(),
      ),
      { numRuns: 8 },
    ),
  )
})

async function worldWithSnapshot(world: World, windowCommands = 10): Promise<void> {
  const writer = await world.start({ snapshotEvery: 4, windowCommands })
  await askAll(world, writer, [
    { type: 'Create', title: '0' },
    ...Array.from({ length: 11 }, (_, nth) => ({ type: 'Rename', title: `${nth}` })),
  ])
  expect(writer.sightings('snapshotSaved').map(({ revision }) => revision)).toEqual([3, 7, 11])
  await askAll(world, writer, [{ type: 'Divide' }])
  await world.stop(writer)
}

const recovery = async (world: World, node: Node) => {
  await world.run(node.note('a').state())
  return node.sightings('recovered')[0]
}

describe('a snapshot', () => {
  it(
    'shortens the recovery: only what came after it is read',
    inWorld(async (world) => {
      await worldWithSnapshot(world)
      const node = await world.start({ snapshotEvery: 4, windowCommands: 10 })
      expect(await recovery(world, node)).toMatchObject({ revision: 14, events: 3, snapshotRevision: 11 })
    }),
  )

  it.each([
    ['a smaller window than is needed now', 11, { events: 15, snapshotRevision: -1 }],
    ['a larger one', 9, { events: 3, snapshotRevision: 11 }],
  ])('rule 12: with %s', (_name, windowCommands, expected) =>
    inWorld(async (world) => {
      await worldWithSnapshot(world)
      const node = await world.start({ snapshotEvery: 4, windowCommands })
      expect(await recovery(world, node)).toMatchObject({ revision: 14, ...expected })
    })(),
  )

  it(
    'of a machine of another structure is not used',
    inWorld(async (world) => {
      await worldWithSnapshot(world)
      const grown = changedBehaviour(note, () => ({ structureHash: 'of a machine with one more state' }))
      const node = await world.start({ snapshotEvery: 4, windowCommands: 10 }, world.store, [grown])
      const state = await world.run(node.system.get(grown, 'a').state())
      expect(state).toMatchObject({ revision: 14 })
      expect(node.sightings('recovered')).toMatchObject([{ events: 15, snapshotRevision: -1 }])
    }),
  )

  it(
    'is not taken where it is switched off, and not used',
    inWorld(async (world) => {
      await worldWithSnapshot(world)
      const node = await world.start({ snapshotEvery: 0 })
      expect(await recovery(world, node)).toMatchObject({ events: 15, snapshotRevision: -1 })
      await askAll(
        world,
        node,
        Array.from({ length: 9 }, () => ({ type: 'Divide' })),
      )
      expect(node.sightings('snapshotSaved')).toEqual([])
    }),
  )

  it(
    'that is lost or cannot be saved costs nothing but time',
    inWorld(async (world) => {
      world.store.next({ kind: 'failedSave' })
      world.store.next({ kind: 'lostSave' })
      const writer = await world.start({ snapshotEvery: 4 })
      await askAll(world, writer, [
        { type: 'Create', title: '0' },
        ...Array.from({ length: 9 }, (_, nth) => ({ type: 'Rename', title: `${nth}` })),
      ])
      expect(writer.log.about('a snapshot could not be saved', ['warn'])).toHaveLength(1)
      await world.stop(writer)
      const node = await world.start({ snapshotEvery: 4 })
      expect(await recovery(world, node)).toMatchObject({ revision: 9, events: 10 })
    }),
  )

  it(
    'that is damaged is told in the log, once',
    inWorld(async (world) => {
      await worldWithSnapshot(world)
      const node = await world.start({ snapshotEvery: 4, windowCommands: 10 })
      world.store.next({ kind: 'corruptSnapshot', damage: 'cutOff' })
      expect(await recovery(world, node)).toMatchObject({ revision: 14, events: 15 })
      expect(node.log.about('a snapshot is damaged', ['warn'])).toHaveLength(1)
    }),
  )

  it(
    'rule 18: that stands on another event than the stream is discarded',
    inWorld(async (world) => {
      await worldWithSnapshot(world)
      const { snapshots } = await world.truth()
      const newest = await snapshots!.load(stream('a'))
      await snapshots!.save(stream('a'), { ...newest!, revision: 14, eventId: 'of another history' })
      const node = await world.start({ snapshotEvery: 4, windowCommands: 10 })
      expect(await recovery(world, node)).toMatchObject({ revision: 14, events: 15, snapshotRevision: -1 })
      expect(node.sightings('quarantined')).toEqual([])
    }),
  )

  it(
    'from the future of a stream that was restored to an older state is discarded',
    inWorld(async (world) => {
      await worldWithSnapshot(world)
      const { snapshots } = await world.truth()
      const newest = await snapshots!.load(stream('a'))
      await snapshots!.save(stream('a'), { ...newest!, revision: 99 })
      const node = await world.start({ snapshotEvery: 4, windowCommands: 10 })
      expect(await recovery(world, node)).toMatchObject({ revision: 14, events: 15, snapshotRevision: -1 })
    }),
  )

  it(
    'rule 18: holds the durable state, though much more is decided already',
    inWorld(async (world) => {
      const node = await world.start({ snapshotEvery: 3, appendCommands: 2 })
      await askAll(world, node, [{ type: 'Create', title: '0' }])
      const asked = Array.from({ length: 20 }, () => node.note('a').ask({ type: 'Rename', title: 'x' }))
      const { snapshots } = await world.truth()
      for (let turn = 0; turn < 60; turn++) {
        await new Promise<void>((resolve) => setImmediate(resolve))
        const snapshot = await snapshots!.load(stream('a'))
        if (snapshot === undefined) continue
        const events = await world.stored(stream('a'))
        expect(snapshot.revision).toBeLessThan(events.length)
        expect(JSON.parse(snapshot.body)).toMatchObject(
          replayed(events.slice(0, snapshot.revision + 1), 1_000),
        )
      }
      await world.run(Promise.all(asked))
    }),
  )
})

describe('snapshots of many aggregates that are due together', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f']

  /** Six notes that come to revision 3 together, their snapshots two at a time. */
  async function sixDue(world: World, node: Node): Promise<void> {
    const askEach = (command: object): Promise<unknown> =>
      world.run(Promise.all(ids.map((id) => node.note(id).ask(command as never))))
    await askEach({ type: 'Create', title: '0' })
    for (const title of ['1', '2', '3']) await askEach({ type: 'Rename', title })
    await world.runtime.settle()
  }
  /** The first two saves take so long. */
  const slowTwice = (world: World, afterMs: number): void => {
    for (let nth = 0; nth < 2; nth++) world.store.next({ kind: 'slowSave', afterMs })
  }
  const twoAtOnce = { snapshotEvery: 4, snapshotsAtOnce: 2 } as const
  const saved = (node: Node): readonly (readonly [string, number])[] =>
    node.sightings('snapshotSaved').map(({ id, revision }) => [id, revision])

  it(
    'are saved in line, also of those that are asked nothing more',
    inWorld(async (world) => {
      const node = await world.start(twoAtOnce)
      await sixDue(world, node)
      expect(saved(node)).toEqual(ids.map((id) => [id, 3]))
    }),
  )

  it(
    'leave turns to others between them, also where the store answers at once',
    inWorld(async (world) => {
      const node = await world.start(twoAtOnce)
      const savedBetweenTurns = [0]
      const turn = (left: number): void => {
        savedBetweenTurns.push(0)
        if (left > 0) node.process.soon(() => turn(left - 1))
      }
      node.system.inspect((event) => {
        if (event.kind === 'appendWritten' && event.id === 'a' && event.revision === 3) turn(100)
        if (event.kind === 'snapshotSaved') savedBetweenTurns[savedBetweenTurns.length - 1]!++
      })
      await sixDue(world, node)
      expect(savedBetweenTurns.filter((saved) => saved > 0)).toEqual([2, 2, 2])
    }),
  )

  it(
    'wait for no store that stays mute: it is given up, and told in the log',
    inWorld(async (world) => {
      slowTwice(world, 600_000)
      const node = await world.start(twoAtOnce)
      await sixDue(world, node)
      expect(saved(node)).toEqual([])
      await world.runtime.advance(20_000)
      await world.runtime.settle()
      expect(saved(node)).toEqual(['c', 'd', 'e', 'f'].map((id) => [id, 3]))
      const told = node.log.about('a snapshot could not be saved', ['warn'])
      expect(told.map(({ fields }) => fields['id'])).toEqual(['a', 'b'])
      await world.runtime.advance(600_000)
    }),
  )

  it(
    'keep nobody in memory who waits for its turn',
    inWorld(async (world) => {
      slowTwice(world, 15_000)
      const node = await world.start({ snapshotEvery: 1, snapshotsAtOnce: 2, liveAggregates: 3 })
      for (const id of ids) await world.run(node.note(id).ask({ type: 'Create', title: id }))
      await world.runtime.settle()
      expect(node.sightings('passivated').map(({ id }) => id)).toEqual(['c'])
      await world.runtime.advance(15_000)
      await world.runtime.settle()
      expect(saved(node).map(([id]) => id)).toEqual(['a', 'd', 'e', 'f', 'b'])
    }),
  )

  it(
    'are saved no more once the system stops',
    inWorld(async (world) => {
      slowTwice(world, 1_000)
      const node = await world.start(twoAtOnce)
      await sixDue(world, node)
      await world.stop(node)
      await world.runtime.advance(2_000)
      expect(saved(node).map(([id]) => id)).not.toContain('c')
      expect(node.log.about('a snapshot could not be saved')).toEqual([])
    }),
  )
})
