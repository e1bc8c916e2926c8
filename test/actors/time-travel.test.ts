import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { behaviour } from '../../src/aggregate/aggregate-type.ts'
import type { StateOf } from '../../src/aggregate/index.ts'
import { HistoryUnreadable, type NotInHistory, SystemStopped } from '../../src/errors.ts'
import { position } from '../../src/event/position.ts'
import type { HistoryStep, Moment } from '../../src/index.ts'
import type { EventStore, ReadStreamOptions } from '../../src/store/event-store.ts'
import type { Fault } from '../../src/testing/index.ts'
import { changedBehaviour } from './kit/changed-behaviour.ts'
import { note, stream } from './kit/note.ts'
import { changedStore, inWorld, type Node, type World } from './kit/world.ts'

const divide = { type: 'Divide' } as const
const create = { type: 'Create', title: 'first' } as const
const rename = (title: string) => ({ type: 'Rename', title }) as const

async function ask(world: World, node: Node, ...commands: readonly object[]): Promise<void> {
  for (const command of commands) await world.run(node.note('a').ask(command as never))
}

async function steps(
  world: World,
  node: Node,
  options?: { from?: number; limit?: number },
): Promise<readonly HistoryStep<typeof note>[]> {
  const read = async () => {
    const all: HistoryStep<typeof note>[] = []
    for await (const step of node.system.history(note, 'a', options)) all.push(step)
    return all
  }
  return world.run(read())
}

const plain = <State extends Pick<StateOf<typeof note>, 'value' | 'context' | 'revision' | 'status'>>({
  value,
  context,
  revision,
  status,
}: State) => ({ value, context, revision, status })

/** What every revision's state must be, made of nothing but the stream. */
async function replayed(world: World) {
  let state = note[behaviour].initial('a')
  const states = [{ ...note[behaviour].view(state), revision: -1 }]
  for (const event of await world.stored(stream('a'))) {
    state = note[behaviour].replay(state, event)
    states.push({ ...note[behaviour].view(state), revision: event.revision })
  }
  return states.map((each) => plain(each as never))
}

describe('every state of the past is the replay of what was stored until then', () => {
  it('at a revision, step by step, with and without snapshots, live or not', async () => {
    const commands = fc.array(fc.constantFrom(rename('x'), rename('y'), divide, { type: 'Touch' } as const), {
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(commands, fc.integer({ min: 0, max: 4 }), (all, snapshotEvery) =>
        inWorld(async (world) => {
          const writer = await world.start({ snapshotEvery })
          await ask(world, writer, create, ...all)
          const expected = await replayed(world)
          const events = await world.stored(stream('a'))
          const reader = await world.start({ snapshotEvery })

          for (const node of [writer, reader]) {
            for (let revision = -1; revision < events.length; revision++) {
              const event = events[revision]
              const whole = event === undefined ? -1 : wholeUntil(event)
              const state = await world.run(node.system.at(note, 'a', { revision }))
              expect(plain(state)).toEqual(expected[whole + 1])
            }
            const history = await steps(world, node)
            expect(history.map(({ event }) => event)).toEqual(events)
            expect(history.map(({ before }) => plain(before))).toEqual(expected.slice(0, -1))
            expect(history.map(({ after }) => plain(after))).toEqual(expected.slice(1))
          }
          expect(reader.system.metrics().live).toBe(0)
        })(),
      ),
      { numRuns: 25 },
    )
  })

  /** The last revision at or below an event's that ends a command. */
  function wholeUntil({ revision, index, origin }: { revision: number; index: number; origin?: unknown }) {
    const { count } = origin as { count: number }
    return index === count - 1 ? revision : revision - index - 1
  }
})

describe('at', () => {
  it(
    'shows a state as state() does, typed alike',
    inWorld(async (world) => {
      const node = await world.start()
      await ask(world, node, create, rename('second'))
      const then = await world.run(node.system.at(note, 'a', { revision: 0 }))
      expectTypeOf(then).toEqualTypeOf<StateOf<typeof note>>()
      expect(then.context.title).toBe('first')
      expect(then.matches('present')).toBe(true)
      const now = await world.run(node.note('a').state())
      expect(plain(await world.run(node.system.at(note, 'a', { revision: 1 })))).toEqual(plain(now))
    }),
  )

  it(
    'never shows half a command',
    inWorld(async (world) => {
      const node = await world.start()
      await ask(world, node, create, divide)
      const within = await world.run(node.system.at(note, 'a', { revision: 2 }))
      expect(plain(within)).toMatchObject({ revision: 0, context: { parts: 1 } })
      const after = await world.run(node.system.at(note, 'a', { revision: 3 }))
      expect(plain(after)).toMatchObject({ revision: 3, context: { parts: 4 } })
    }),
  )

  it(
    'reads on where a read lagged behind the revision that is asked for',
    inWorld(async (world) => {
      const node = await world.start({ snapshotEvery: 0 })
      await ask(world, node, create, rename('second'), divide, rename('fourth'))
      world.store.next({ kind: 'staleRead', appendsBehind: 3 })
      expect(plain(await world.run(node.system.at(note, 'a', { revision: 4 })))).toMatchObject({
        revision: 4,
        context: { title: 'second', parts: 4 },
      })
      world.store.next({ kind: 'staleRead', appendsBehind: 3 })
      expect((await world.run(node.system.at(note, 'a', { revision: 3 }))).revision).toBe(1)
    }),
  )

  it(
    'says that the store lags where reads do not come to the revision that it has shown',
    inWorld(async (world) => {
      const lagging = changedStore(world.store, (store) => ({
        readStream: (of, options) =>
          options?.limit === 1 ? store.readStream(of, options) : store.readStream(of, { from: 99 }),
      }))
      const node = await world.start({ snapshotEvery: 0 }, lagging)
      await (await world.stranger()).write(stream('a'), [
        { type: 'Created', title: 'first' },
        { type: 'Renamed', title: 'second' },
      ])
      await (await world.stranger()).write(stream('a'), [{ type: 'Renamed', title: 'third' }])
      const failure = await world.failure(node.system.at(note, 'a', { revision: 2 }))
      expect(failure).toMatchObject({ tag: 'StoreUnavailable' })
      expect(failure.message).toContain('one shows revision 2, others end at -1')
    }),
  )

  it(
    'finds the last event that was recorded until a time',
    inWorld(async (world) => {
      const node = await world.start({ snapshotEvery: 3 })
      const begun = world.runtime.clock.now()
      for (const command of [create, ...Array.from({ length: 9 }, (_, nth) => rename(`${nth}`))]) {
        await ask(world, node, command)
        await world.runtime.advance(1_000)
      }
      const events = await world.stored(stream('a'))
      for (const { revision, recordedAt } of events) {
        for (const time of [recordedAt, new Date(recordedAt), recordedAt + 999]) {
          expect((await world.run(node.system.at(note, 'a', { time }))).revision).toBe(revision)
        }
      }
      const later = { time: new Date(begun + 1e9) }
      expect((await world.run(node.system.at(note, 'a', later))).revision).toBe(9)
    }),
  )

  it.each([
    [{ revision: 2 }, "note 'a' has no state at revision 2: its last event is at revision 1.", 1],
    [{ time: 0 }, "note 'a' has no state at 1970-01-01T00:00:00.000Z: its first event was recorded at", 1],
  ] as const)('says what the history holds instead of %o', (moment, message, lastRevision) =>
    inWorld(async (world) => {
      const node = await world.start()
      await ask(world, node, create, rename('second'))
      const error = (await world.failure(node.system.at(note, 'a', moment))) as NotInHistory
      expect(error).toMatchObject({ tag: 'NotInHistory', aggregate: 'note', id: 'a', lastRevision })
      expect(error.message).toContain(message)
    })(),
  )

  it(
    'says that there is no event at all',
    inWorld(async (world) => {
      const node = await world.start()
      for (const moment of [{ revision: 0 }, { time: 0 }]) {
        const error = await world.failure(node.system.at(note, 'a', moment))
        expect(error).toMatchObject({ tag: 'NotInHistory', lastRevision: -1 })
        expect(error.message).toMatch(/it has no event at all\.$/)
      }
      expect(await world.run(node.system.at(note, 'a', { revision: -1 }))).toMatchObject({ value: 'absent' })
    }),
  )

  it.each([
    {},
    { revision: 1, time: 1 },
    { revision: -2 },
    { revision: 1.5 },
    { revision: '1' },
    { time: Number.NaN },
    { time: new Date('yesterday') },
    { time: '2026-01-01' },
    null,
  ])('refuses %o as a moment', (moment) =>
    inWorld(async (world) => {
      const node = await world.start()
      const error = await world.failure(node.system.at(note, 'a', moment as unknown as Moment))
      expect(error).toBeInstanceOf(RangeError)
    })(),
  )
})

describe('history', () => {
  it(
    'names the command behind each step',
    inWorld(async (world) => {
      const node = await world.start()
      await ask(world, node, create)
      const options = { commandId: 'the second', correlationId: 'a conversation', metadata: { user: 'Ann' } }
      await world.run(node.note('a').ask(divide, options))
      const [first, ...rest] = await steps(world, node)
      expect(first?.command).toMatchObject({ commandType: 'Create', count: 1 })
      expect(rest.map(({ command, event }) => [command?.commandId, event.index])).toEqual([
        ['the second', 0],
        ['the second', 1],
        ['the second', 2],
      ])
      expect(rest[0]?.command).toMatchObject({
        commandType: 'Divide',
        correlationId: 'a conversation',
        metadata: { user: 'Ann' },
        system: node.system.id,
      })
      expectTypeOf(rest[0]!.after).toEqualTypeOf<StateOf<typeof note>>()
    }),
  )

  it(
    'begins and ends where it is told, also within a command',
    inWorld(async (world) => {
      const node = await world.start({ snapshotEvery: 2 })
      await ask(world, node, create, divide, divide)
      const all = await steps(world, node)
      const shape = (some: typeof all) =>
        some.map(({ event, before, after }) => [event.revision, plain(before), plain(after)])
      for (let from = 0; from <= 8; from++) {
        for (const limit of [0, 1, 2, 9]) {
          expect(shape(await steps(world, node, { from, limit }))).toEqual(
            shape(all).slice(from, from + limit),
          )
        }
      }
    }),
  )

  it(
    'is read no faster than it is asked',
    inWorld(async (world) => {
      let pages = 0
      const store = changedStore(world.memory, (inner) => ({
        async *readStream(name: string, options?: ReadStreamOptions) {
          for await (const page of inner.readStream(name, options)) {
            pages++
            yield page
          }
        },
      }))
      const node = await world.start({}, store)
      await world.run(node.note('a').ask(create))
      await world.run(Promise.all(Array.from({ length: 1_200 }, () => node.note('a').ask(rename('x')))))
      pages = 0
      for await (const step of node.system.history(note, 'a')) {
        expect(pages).toBe(1)
        if (step.event.revision === 99) break
      }
      expect(await steps(world, node)).toHaveLength(1_201)
      expect(pages).toBe(4)
    }),
  )

  it.each([{ from: -1 }, { from: 0.5 }, { limit: -1 }, { limit: Number.NaN }])('refuses %o', (options) =>
    inWorld(async (world) => {
      const node = await world.start()
      expect(() => node.system.history(note, 'a', options)).toThrow(RangeError)
    })(),
  )
})

describe('reading the past', () => {
  /** Note a with snapshots at the revisions 3, 7 and 11, and 14 as its last one; at one time each. */
  async function written(world: World): Promise<void> {
    const writer = await world.start({ snapshotEvery: 4 })
    await ask(world, writer, create, ...Array.from({ length: 11 }, (_, nth) => rename(`${nth}`)), divide)
    await world.stop(writer)
  }

  it(
    'starts at the nearest snapshot at or below, and needs no window that fits',
    inWorld(async (world) => {
      await written(world)
      const reads: ReadStreamOptions[] = []
      const store = changedStore(world.memory, (inner) => ({
        readStream: (name: string, options: ReadStreamOptions = {}) => {
          reads.push(options)
          return inner.readStream(name, options)
        },
      }))
      const node = await world.start({ windowCommands: 100_000 }, store)
      const { context } = await world.run(node.system.at(note, 'a', { revision: 10 }))
      expect(context).toMatchObject({ title: '9' })
      expect(reads).toEqual([
        { from: 7, limit: 1 },
        { from: 8, limit: 3 },
      ])
    }),
  )

  const damages: readonly Fault[] = [
    { kind: 'missingSnapshot' },
    { kind: 'staleSnapshot' },
    { kind: 'corruptSnapshot', damage: 'cutOff' },
    { kind: 'corruptSnapshot', damage: 'otherShape' },
    { kind: 'corruptSnapshot', damage: 'otherHistory' },
    { kind: 'failedLoad' },
  ]
  it.each(damages)('goes well where the snapshot fails: %o', (fault) =>
    inWorld(async (world) => {
      await written(world)
      const node = await world.start()
      world.store.next(fault, { system: node.system.id })
      const expected = (await replayed(world))[13]
      expect(plain(await world.run(node.system.at(note, 'a', { revision: 14 })))).toMatchObject({
        ...expected,
        context: { parts: 4 },
        revision: 14,
      })
    })(),
  )

  it(
    'writes nothing: no event, no snapshot',
    inWorld(async (world) => {
      await written(world)
      const attempts: string[] = []
      const store = changedStore(world.memory, (inner) => ({
        append: (...all: Parameters<EventStore['append']>) => {
          attempts.push('append')
          inner.append(...all)
        },
        snapshots: {
          load: (...all) => inner.snapshots!.load(...all),
          save: async () => void attempts.push('snapshot'),
        },
      }))
      const node = await world.start({ snapshotEvery: 1 }, store)
      await world.run(node.system.at(note, 'a', { revision: 14 }))
      await world.run(node.system.at(note, 'a', { time: world.runtime.clock.now() }))
      expect(await steps(world, node)).toHaveLength(15)
      expect(attempts).toEqual([])
      expect(node.system.metrics().live).toBe(0)
    }),
  )

  it(
    'goes as far as the events fit the machine, also in quarantine, and says where they do not',
    inWorld(async (world) => {
      const node = await world.start()
      await ask(world, node, create, rename('second'))
      const stranger = await world.stranger()
      await stranger.write(stream('a'), [{ type: 'Renamed', title: 'third' }, { type: 'NeverHeardOf' }])
      await world.failure(node.note('a').ask(divide))
      expect(node.system.metrics().quarantined).toBe(1)

      expect(await world.run(node.system.at(note, 'a', { revision: 1 }))).toMatchObject({ revision: 1 })
      const error = await world.failure(node.system.at(note, 'a', { revision: 3 }))
      expect(error).toBeInstanceOf(HistoryUnreadable)
      expect(error.message).toContain("The stored event 'NeverHeardOf' at revision 3")
      const seen: number[] = []
      const reading = (async () => {
        for await (const { event } of node.system.history(note, 'a')) seen.push(event.revision)
      })()
      expect(await world.failure(reading)).toBeInstanceOf(HistoryUnreadable)
      expect(seen).toEqual([0, 1])
    }),
  )

  it(
    'says that a stream was cut off at its beginning',
    inWorld(async (world) => {
      await written(world)
      const store = changedStore(world.memory, (inner) => ({
        async *readStream(name: string, options?: ReadStreamOptions) {
          for await (const page of inner.readStream(name, options)) {
            const kept = page.filter(({ revision }) => revision > 4)
            if (kept.length > 0) yield kept
          }
        },
      }))
      const node = await world.start({ snapshotEvery: 0 }, store)
      const error = await world.failure(node.system.at(note, 'a', { revision: 9 }))
      expect(error).toMatchObject({ tag: 'HistoryUnreadable' })
      expect(error.message).toContain('does not begin at revision 0')
    }),
  )

  it(
    'takes an event that somebody else wrote for a command of its own',
    inWorld(async (world) => {
      await written(world)
      const store = changedStore(world.memory, (inner) => ({
        async *readStream(name: string, options?: ReadStreamOptions) {
          for await (const page of inner.readStream(name, options)) {
            yield page.map(({ origin: _origin, ...event }) => ({ ...event, position: position(1) }))
          }
        },
      }))
      const node = await world.start({ snapshotEvery: 0 }, store)
      const history = await steps(world, node, { from: 12 })
      expect(history.map(({ command }) => command)).toEqual([undefined, undefined, undefined])
      expect(await world.run(node.system.at(note, 'a', { revision: 13 }))).toMatchObject({ revision: 13 })
    }),
  )

  it(
    'refuses a definition or an id that cannot be, and a stopped system',
    inWorld(async (world) => {
      const node = await world.start()
      const other = changedBehaviour(note, () => ({}))
      expect(await world.failure(node.system.at(other, 'a', { revision: 0 }))).toMatchObject({
        tag: 'UnknownAggregate',
      })
      expect(() => node.system.history(note, '')).toThrow(expect.objectContaining({ tag: 'InvalidId' }))
      await world.stop(node)
      await expect(node.system.at(note, 'a', { revision: 0 })).rejects.toBeInstanceOf(SystemStopped)
      expect(() => node.system.history(note, 'a')).toThrow(SystemStopped)
    }),
  )
})
