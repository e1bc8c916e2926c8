import { describe, expect, it } from 'vitest'
import { StreamDeleted } from '../../src/errors.ts'
import type { RecordedEvent } from '../../src/event/recorded-event.ts'
import type { StoreProvider } from '../../src/store/event-store.ts'
import { changedBehaviour } from './kit/changed-behaviour.ts'
import { note, stream } from './kit/note.ts'
import { caught, changedStore, inWorld, type Node, type World } from './kit/world.ts'

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const
const patient = { timeoutMs: 600_000 }

/** A store whose view of one stream a test changes as it goes. */
function tamperedStore(inner: StoreProvider) {
  const tamper: { show: (events: readonly RecordedEvent[]) => readonly RecordedEvent[] } = {
    show: (events) => events,
  }
  const provider = changedStore(inner, (store) => ({
    async *readStream(of, options) {
      for await (const page of store.readStream(of, options)) {
        const shown = tamper.show(page)
        if (shown.length > 0) yield shown
      }
    },
  }))
  return { tamper, provider }
}

async function renamed(world: World, node: Node, times: number): Promise<void> {
  await world.run(node.note('a').ask(create))
  for (let nth = 0; nth < times; nth++) await world.run(node.note('a').ask(rename))
}

describe('quarantine', () => {
  it(
    'fails every command and every look at the state with one reason, and releases when told to',
    inWorld(async (world) => {
      const stranger = await world.stranger()
      await stranger.write(stream('a'), [{ type: 'Unheard' }])
      const node = await world.start()
      const waiting = [node.note('a').ask(create), node.note('a').ask(rename), node.note('a').state()]
      const failures = await world.run(Promise.all(waiting.map((one) => caught<unknown>(one))))
      for (const failure of failures) expect(failure).toBe(failures[0])
      expect(failures[0]).toMatchObject({ tag: 'AggregateQuarantined', reason: 'EventMisfit' })
      expect((failures[0] as Error).message).toContain("call system.release(definition, 'a')")
      expect(node.system.metrics()).toMatchObject({ quarantined: 1, outstanding: 0 })
      // Still the same trouble: it goes right back.
      expect(node.system.release(note, 'a')).toBe(true)
      expect(await world.failure(node.note('a').ask(create))).toMatchObject({ reason: 'EventMisfit' })
      expect(node.sightings('quarantined')).toHaveLength(2)
      expect(node.sightings('released')).toHaveLength(1)
      expect(node.log.about('released from quarantine', ['info'])).toHaveLength(1)
    }),
  )

  it(
    'release says whether there was something to release',
    inWorld(async (world) => {
      const node = await world.start()
      expect(node.system.release(note, 'a')).toBe(false)
      await world.run(node.note('a').ask(create))
      expect(node.system.release(note, 'a')).toBe(false)
    }),
  )

  it(
    'ends by a release once the cause is mended, and nothing was lost',
    inWorld(async (world) => {
      let isMended = false
      const mendable = changedBehaviour(note, (original) => ({
        replay(state, stored) {
          if (isMended || stored.type !== 'Renamed') return original.replay(state, stored)
          return original.replay(state, { ...stored, type: 'Forgotten' })
        },
      }))
      const writer = await world.start()
      await renamed(world, writer, 3)
      const node = await world.start({}, world.store, [mendable])
      const a = node.system.get(mendable, 'a')
      expect(await world.failure(a.ask(rename))).toMatchObject({ reason: 'EventMisfit' })
      isMended = true
      node.system.release(mendable, 'a')
      expect(await world.run(a.ask(rename))).toMatchObject({ revision: 4 })
      expect(await world.run(a.state())).toMatchObject({ context: { changes: 4 } })
    }),
  )

  it(
    'rule 20: of a stream that does not begin at revision 0',
    inWorld(async (world) => {
      const writer = await world.start()
      await renamed(world, writer, 4)
      const { tamper, provider } = tamperedStore(world.store)
      tamper.show = (events) => events.filter(({ revision }) => revision > 1)
      const node = await world.start({}, provider)
      const failure = await world.failure(node.note('a').ask(rename))
      expect(failure).toMatchObject({ reason: 'StreamDamaged' })
      expect(failure.message).toContain('does not begin at revision 0')
    }),
  )

  it(
    'rule 20: of a stream with a gap',
    inWorld(async (world) => {
      const writer = await world.start()
      await renamed(world, writer, 4)
      const { tamper, provider } = tamperedStore(world.store)
      tamper.show = (events) => events.filter(({ revision }) => revision !== 2)
      const node = await world.start({}, provider)
      const failure = await world.failure(node.note('a').ask(rename))
      expect(failure).toMatchObject({ reason: 'StreamDamaged' })
      expect(failure.message).toContain('revision 2 is missing')
    }),
  )

  it(
    'rule 20: of a stream that was deleted in the store',
    inWorld(async (world) => {
      const deleted = changedStore(world.store, () => ({
        // biome-ignore lint/correctness/useYield: it fails before it has anything to yield
        async *readStream(of) {
          throw new StreamDeleted(of)
        },
      }))
      const node = await world.start({}, deleted)
      const failure = await world.failure(node.note('a').ask(rename))
      expect(failure).toMatchObject({ reason: 'StreamDamaged' })
      expect(failure.message).toContain('was deleted in the store')
    }),
  )

  it(
    'rule 20: of an aggregate whose store holds less than it acknowledged, when that lasts: StoreBehind',
    inWorld(async (world) => {
      const { tamper, provider } = tamperedStore(world.store)
      const conflicts = changedStore(provider, (store) => ({
        append(batch, settle) {
          if (world.runtime.clock.now() < Date.UTC(2024, 0, 1) + 1_000) store.append(batch, settle)
          else queueMicrotask(() => settle(0, { status: 'conflict', revision: 1 }))
        },
      }))
      const node = await world.start({}, conflicts)
      await renamed(world, node, 4)
      await world.runtime.advance(2_000)
      // An older back-up was restored: the last revisions are gone.
      tamper.show = (events) => events.filter(({ revision }) => revision <= 1)
      const asked = caught(node.note('a').ask(rename, patient))
      await world.runtime.advance(50_000)
      expect(node.sightings('quarantined')).toEqual([])
      expect(await world.run(asked)).toMatchObject({ tag: 'AggregateQuarantined', reason: 'StoreBehind' })
      expect((await asked) as Error).toMatchObject({
        message: expect.stringContaining(
          'Whether the commands under way were executed is not known',
        ) as string,
      })
      // After the release it goes on from what there is.
      node.system.release(note, 'a')
      expect(await world.run(node.note('a').state())).toMatchObject({ revision: 1 })
    }),
  )

  it.each([
    ['a rejection', { type: 'Refuse' }, {}],
    ['a duplicate', { type: 'Create', title: 'first' }, { commandId: 'created' }],
  ] as const)('rule 20: also where nothing is under way but %s', (_name, command, options) =>
    inWorld(async (world) => {
      const { tamper, provider } = tamperedStore(world.store)
      const behind = changedStore(provider, (store) => ({
        checkHead: (of, revision) =>
          tamper.show([]) === empty ? Promise.resolve(false) : store.checkHead(of, revision),
      }))
      const node = await world.start({}, behind)
      await world.run(node.note('a').ask(create, { commandId: 'created' }))
      await world.run(node.note('a').ask(rename))
      tamper.show = () => empty
      const asked = caught(node.note('a').ask(command, { ...patient, ...options }))
      expect(await world.run(asked)).toMatchObject({ tag: 'AggregateQuarantined', reason: 'StoreBehind' })
    })(),
  )

  it(
    'rule 20: but a store that only lags behind for a while is waited for',
    inWorld(async (world) => {
      const { tamper, provider } = tamperedStore(world.store)
      const node = await world.start({}, provider)
      await renamed(world, node, 4)
      world.store.next({ kind: 'refusedCheck' })
      tamper.show = (events) => events.filter(({ revision }) => revision <= 1)
      const asked = node.note('a').ask({ type: 'Refuse' }, patient)
      await world.runtime.advance(30_000)
      tamper.show = (events) => events
      expect(await world.run(asked)).toMatchObject({ code: 'NotNow', revision: 4 })
      expect(node.sightings('quarantined')).toEqual([])
    }),
  )

  it(
    'rule 20: but one read that lags is none, however long an append is unsettled and whatever the clock is set to',
    inWorld(async (world) => {
      const node = await world.start()
      await renamed(world, node, 2)
      world.store.next({ kind: 'mute', effect: 'none' }, { times: 5 })
      const asked = node.note('a').ask(rename, { timeoutMs: Number.POSITIVE_INFINITY })
      await world.runtime.advance(90_000)
      world.runtime.shiftClock(3_600_000)
      world.store.next({ kind: 'staleRead', appendsBehind: 2 }, { times: 2 })
      expect(await world.run(asked)).toMatchObject({ status: 'accepted' })
      expect(world.store.planned).toEqual([])
      expect(node.sightings('quarantined')).toEqual([])
    }),
  )

  it(
    'rule 18: of a live aggregate whose place in the stream holds another event than it acknowledged',
    inWorld(async (world) => {
      const { tamper, provider } = tamperedStore(world.store)
      const node = await world.start({}, provider)
      await renamed(world, node, 2)
      tamper.show = (events) => events.map((event) => ({ ...event, id: 'of another history' }))
      world.store.next({ kind: 'refusedCheck' })
      expect(await world.failure(node.note('a').ask({ type: 'Refuse' }))).toMatchObject({
        tag: 'AggregateQuarantined',
        reason: 'StoreBehind',
      })
    }),
  )

  it(
    'is not disturbed by inspectors that ask, tell or release when they see it',
    inWorld(async (world) => {
      await (await world.stranger()).write(stream('a'), [{ type: 'Unheard' }])
      const node = await world.start()
      let releases = 0
      node.system.inspect((event) => {
        if (event.kind === 'quarantined' && releases++ < 3) node.system.release(note, 'a')
        if (event.kind === 'commandFailed') void caught(node.note('a').state())
      })
      expect(await world.failure(node.note('a').ask(create))).toMatchObject({ tag: 'AggregateQuarantined' })
      await world.runtime.settle()
      expect(node.sightings('quarantined')).toHaveLength(4)
      expect(node.system.metrics()).toMatchObject({ outstanding: 0, quarantined: 1 })
    }),
  )
})

const empty: readonly RecordedEvent[] = []

describe('a stream that cannot be read', () => {
  it(
    'fails its commands after some attempts, and is tried anew by the next one',
    inWorld(async (world) => {
      const node = await world.start({ maxStoreRetries: 3 })
      world.store.next({ kind: 'failedRead', afterEvents: 0 }, { times: 4 })
      const asked = [node.note('a').ask(create), node.note('a').state()]
      for (const failure of await world.run(Promise.all(asked.map((one) => caught<unknown>(one))))) {
        expect(failure).toMatchObject({ tag: 'StoreUnavailable' })
        expect((failure as Error).message).toContain('Nothing was sent')
      }
      expect(node.system.metrics()).toMatchObject({ live: 0, outstanding: 0, recovering: 0 })
      expect(node.log.about('could not be recovered', ['error'])).toHaveLength(1)
      expect(await world.run(node.note('a').ask(create))).toMatchObject({ revision: 0 })
    }),
  )

  it(
    'is not asked without end by an inspector that asks again when it sees a failure',
    inWorld(async (world) => {
      const node = await world.start({ maxStoreRetries: 0 })
      world.store.next({ kind: 'failedRead', afterEvents: 0 }, { times: 3 })
      const answers: Promise<unknown>[] = []
      node.system.inspect((event) => {
        if (event.kind === 'commandFailed') answers.push(caught(node.note('a').ask(create)))
      })
      expect(await world.failure(node.note('a').ask(create))).toMatchObject({ tag: 'StoreUnavailable' })
      await world.runtime.settle()
      expect(await world.run(Promise.all(answers))).toMatchObject([
        { tag: 'StoreUnavailable' },
        { tag: 'StoreUnavailable' },
        { status: 'accepted' },
      ])
    }),
  )
})
