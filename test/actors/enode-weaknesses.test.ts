import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/testing/index.ts'
import { stream } from './kit/note.ts'
import { caught, changedStore, inWorld } from './kit/world.ts'

// ENode is the framework behind the design. Each of its nine known weaknesses is one test here.

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const
const patient = { timeoutMs: 600_000 }

describe.each(['kept', 'onDemand'] as const)(
  "ENode's weaknesses, none of which is ours (nact actors %s)",
  (nactActors) => {
    it(
      '1. a stale queue entry after a reset: 100 rounds of conflicts leave nothing unanswered and nothing twice',
      inWorld(
        async (world) => {
          const random = seededRandom(17)
          const nodes = [await world.start({ nactActors }), await world.start({ nactActors })]
          await world.run(nodes[0]!.note('a').ask(create))
          const stranger = await world.stranger()
          const asked: Promise<unknown>[] = []
          for (let round = 0; round < 100; round++) {
            if (random.chance(0.7)) world.store.next({ kind: 'slowAppend', afterMs: random.between(1, 30) })
            for (const node of nodes) {
              for (let nth = 0; nth < 3; nth++) {
                asked.push(node.note('a').ask(rename, { ...patient, commandId: `${asked.length}` }))
              }
            }
            await world.runtime.advance(random.below(10))
            await stranger.write(stream('a'), [{ type: 'Divided' }])
          }
          const outcomes = await world.run(Promise.all(asked))
          expect(outcomes).toHaveLength(600)
          for (const outcome of outcomes)
            expect(outcome).toMatchObject({ status: 'accepted', duplicate: false })
          const ids = (await world.stored(stream('a'))).flatMap(({ origin }) => origin?.commandId ?? [])
          expect(new Set(ids).size).toBe(ids.length)
          expect(ids).toHaveLength(701)
          expect(nodes.flatMap((node) => node.sightings('conflict')).length).toBeGreaterThan(50)
        },
        { order: 'seeded', seed: 4 },
      ),
    )

    it(
      '2. the create race: of two creates in flight one wins, and memory and store agree on which',
      inWorld(async (world) => {
        const node = await world.start({ nactActors })
        world.store.next({ kind: 'slowAppend', afterMs: 100 })
        const asked = ['A', 'B'].map((title) => node.note('a').ask({ type: 'Create', title }))
        await (await world.stranger()).write(stream('other'), [{ type: 'Created', title: 'x' }])
        const outcomes = await world.run(Promise.all(asked))
        expect(outcomes).toMatchObject([
          { status: 'accepted', revision: 0 },
          { status: 'rejected', code: 'AlreadyCreated', revision: 0 },
        ])
        expect((await world.run(node.note('a').state())).context.title).toBe('A')
        expect(await world.storedMessages(stream('a'))).toEqual([{ type: 'Created', title: 'A' }])
      }),
    )

    it(
      '2. the create race across two systems: the loser holds what the winner stored',
      inWorld(async (world) => {
        const nodes = [await world.start({ nactActors }), await world.start({ nactActors })]
        world.store.next({ kind: 'slowAppend', afterMs: 100 }, { times: 2 })
        const asked = nodes.map((node, nth) => node.note('a').ask({ type: 'Create', title: `of ${nth}` }))
        const outcomes = await world.run(Promise.all(asked))
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['accepted', 'rejected'])
        const [stored] = await world.storedMessages(stream('a'))
        for (const node of nodes) {
          const { context } = await world.run(node.note('a').state())
          expect(stored).toEqual({ type: 'Created', title: context.title })
        }
      }),
    )

    it(
      '3. speculative replies escape: a rejection that was decided on state which is rolled back is never sent',
      inWorld(async (world) => {
        const node = await world.start({ nactActors })
        await world.run(node.note('a').ask(create))
        world.store.next({ kind: 'slowAppend', afterMs: 1_000 })
        const close = node.note('a').ask({ type: 'Close' }, { expectedRevision: 0 })
        // Refused as the note is closed, on speculation.
        const renamed = node.note('a').ask(rename)
        await world.runtime.advance(500)
        await (await world.stranger()).write(stream('a'), [{ type: 'Divided' }])
        expect(await world.run(close)).toMatchObject({ status: 'rejected', code: 'StaleRevision' })
        expect(await world.run(renamed)).toMatchObject({ status: 'accepted', revision: 2 })
      }),
    )

    it(
      '4. the same command twice in one batch is stored once',
      inWorld(async (world) => {
        const node = await world.start({ nactActors })
        await world.run(node.note('a').ask(create))
        const before = world.store.sends.length
        const asked = ['x', 'y', 'x', 'x', 'y'].map((commandId) => node.note('a').ask(rename, { commandId }))
        const outcomes = await world.run(Promise.all(asked))
        expect(outcomes).toMatchObject([1, 2, 1, 1, 2].map((revision) => ({ status: 'accepted', revision })))
        expect(await world.stored(stream('a'))).toHaveLength(3)
        expect(world.store.sends).toHaveLength(before + 1)
      }),
    )

    it(
      '5. a poison event blocks nobody but its own aggregate',
      inWorld(async (world) => {
        const node = await world.start({ nactActors, shards: 1, writers: 1 })
        const ids = Array.from({ length: 40 }, (_, nth) => `${nth}`)
        for (const id of ids) await world.run(node.note(id).ask(create))
        world.store.next({ kind: 'refused', because: 'content' }, { stream: stream('7'), times: 1_000 })
        world.store.next({ kind: 'mute', effect: 'none' }, { stream: stream('8'), times: 1_000 })
        const asked = ids.map((id) => caught(node.note(id).ask(rename, { commandId: id })))
        await world.runtime.settle()
        const settled: unknown[] = []
        for (const one of asked) void one.then((outcome) => settled.push(outcome))
        await world.runtime.settle()
        // All but the mute one, and not a millisecond has passed; the poisoned one knows its error.
        expect(settled).toHaveLength(39)
        expect(settled.filter((outcome) => outcome instanceof Error)).toHaveLength(1)
      }),
    )

    it(
      '5. of many commands in one append only the poisoned one fails',
      inWorld(async (world) => {
        const picky = changedStore(world.store, (store) => ({
          append(batch, settle) {
            batch.forEach((append, index) => {
              const isPoisoned = append.commands.some(({ origin }) => origin.commandType === 'Divide')
              if (!isPoisoned) store.append([append], (_, verdict) => settle(index, verdict))
              else
                queueMicrotask(() => settle(index, { status: 'refused', error: new Error('not like this') }))
            })
          },
        }))
        const node = await world.start({ nactActors }, picky)
        await world.run(node.note('a').ask(create))
        const asked = Array.from({ length: 6 }, (_, nth) =>
          caught(node.note('a').ask(nth === 3 ? { type: 'Divide' } : rename)),
        )
        expect(await world.run(Promise.all(asked))).toMatchObject([
          { revision: 1 },
          { revision: 2 },
          { revision: 3 },
          { message: 'not like this' },
          { revision: 4 },
          { revision: 5 },
        ])
        // And afterwards appends are of many commands again.
        const sends = world.store.sends.length
        await world.run(Promise.all(Array.from({ length: 6 }, () => node.note('a').ask(rename))))
        expect(world.store.sends).toHaveLength(sends + 1)
      }),
    )

    it(
      '6. a conflict is retried only so often, in waits that grow, and a failed rehydration is no end in silence',
      inWorld(async (world) => {
        const node = await world.start({ nactActors, maxConflictRetries: 4, maxStoreRetries: 2 })
        await world.run(node.note('a').ask(create))
        world.store.next({ kind: 'conflict', by: 'stranger' }, { times: 100 })
        const failure = await world.failure(node.note('a').ask(rename, { ...patient, commandId: 'x' }))
        expect(failure).toMatchObject({ tag: 'ConflictRetriesExhausted', commandId: 'x', attempts: 5 })
        expect(node.sightings('conflict')).toHaveLength(5)
        // The strangers are those of the faults; nothing of ours is among what they stored.
        for (const { origin } of (await world.stored(stream('a'))).slice(1)) {
          expect(origin?.system).toMatch(/^rival-/)
        }

        const other = await world.start({ nactActors, maxStoreRetries: 2 })
        await world.run(other.note('b').ask(create))
        world.store.next({ kind: 'conflict', by: 'stranger' }, { stream: stream('b') })
        // The slot can be read, and the stream behind it cannot.
        world.store.next({ kind: 'failedRead', afterEvents: 0 }, { stream: stream('b'), after: 1, times: 50 })
        const lost = await world.failure(other.note('b').ask(rename, patient))
        expect(lost).toMatchObject({ tag: 'StoreUnavailable' })
        expect(other.log.about('could not be recovered', ['error'])).toHaveLength(1)
      }),
    )

    it(
      '7. clean-up never gives one aggregate two live mailboxes',
      inWorld(
        async (world) => {
          const node = await world.start({ nactActors, liveAggregates: 2, passivateAfterMs: 40 })
          const references = ['a', 'b', 'c', 'd'].map((id) => node.note(id))
          await world.run(Promise.all(references.map((one) => one.ask(create))))
          const asked: Promise<{ readonly revision: number }>[] = []
          for (let round = 0; round < 80; round++) {
            // Old references and new ones, at every distance from a clean-up.
            const kept = references[round % 4]!
            asked.push(kept.ask({ type: 'Rename', title: `${round}` }))
            asked.push(node.note(kept.id).ask({ type: 'Rename', title: `${round}` }))
            if (round % 5 !== 0) await new Promise<void>((resolve) => setImmediate(resolve))
            if (round % 7 === 0) await world.runtime.advance(round)
          }
          await world.run(Promise.all(asked))
          for (const { id } of references) {
            const events = await world.stored(stream(id))
            expect(events).toHaveLength(41)
            // Two mailboxes would have collided.
            expect(events.every(({ origin }) => origin?.system === node.system.id)).toBe(true)
          }
          expect(node.sightings('conflict')).toEqual([])
          expect(node.sightings('passivated').length).toBeGreaterThan(20)
        },
        { order: 'seeded', seed: 8 },
      ),
    )

    it(
      '8. nothing is evicted while it has work in flight, whatever the bound',
      inWorld(async (world) => {
        const node = await world.start({ nactActors, liveAggregates: 1, passivateAfterMs: 50 })
        const ids = Array.from({ length: 20 }, (_, nth) => `${nth}`)
        world.store.next({ kind: 'slowAppend', afterMs: 2_000 }, { times: 20 })
        const asked = ids.map((id) => node.note(id).ask(create))
        await world.runtime.advance(1_000)
        expect(node.system.metrics().live).toBe(20)
        expect(node.sightings('passivated')).toEqual([])
        for (const outcome of await world.run(Promise.all(asked))) {
          expect(outcome).toMatchObject({ status: 'accepted' })
        }
        await world.runtime.advance(1_000)
        expect(node.system.metrics().live).toBeLessThanOrEqual(1)
      }),
    )

    it(
      '9. an event that arrives twice or late is neither lost nor applied again',
      inWorld(async (world) => {
        // Ordered handlers of events are no part of the runtime; what it handles in order is the tail of the store.
        const node = await world.start({ nactActors })
        await world.run(node.note('a').ask(create))
        const stranger = await world.stranger()
        world.store.next({ kind: 'slowDelivery', afterMs: 500 }, { system: node.system.id })
        for (let nth = 1; nth <= 5; nth++) await stranger.write(stream('a'), [{ type: 'Divided' }])
        // Meanwhile it has learnt of them by a command.
        expect(await world.run(node.note('a').ask(rename))).toMatchObject({ revision: 6 })
        await world.runtime.advance(2_000)
        world.store.cutSubscriptions()
        await world.runtime.advance(2_000)
        await stranger.write(stream('a'), [{ type: 'Divided' }])
        await world.runtime.settle()
        expect(await world.run(node.note('a').state())).toMatchObject({ revision: 7, context: { parts: 7 } })
      }),
    )
  },
)
