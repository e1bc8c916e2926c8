import { describe, expect, it } from 'vitest'
import type { RecordedEvent } from '../../src/event/recorded-event.ts'
import type { StoreProvider, SubscriptionMessage } from '../../src/store/event-store.ts'
import { changedBehaviour } from './kit/changed-behaviour.ts'
import { note, stream } from './kit/note.ts'
import { changedStore, inWorld, type Node, type World } from './kit/world.ts'

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const
const renamed = (title: string) => ({ type: 'Renamed', title })

async function created(world: World, settings = {}): Promise<Node> {
  const node = await world.start(settings)
  await world.run(node.note('a').ask(create))
  return node
}

describe('rule 14: the tail of the store', () => {
  it(
    'refreshes a live aggregate, so that the next command meets no conflict',
    inWorld(async (world) => {
      const node = await created(world)
      await (await world.stranger()).write(stream('a'), [renamed('theirs')])
      await world.runtime.settle()
      expect(node.sightings('refreshed')).toMatchObject([{ id: 'a', revision: 1, events: 1 }])
      expect((await world.run(node.note('a').state())).context.title).toBe('theirs')
      expect(await world.run(node.note('a').ask(rename))).toMatchObject({ revision: 2 })
      expect(node.sightings('conflict')).toEqual([])
    }),
  )

  it(
    'shows aggregates that are not live to nobody',
    inWorld(async (world) => {
      const node = await world.start()
      await (await world.stranger()).write(stream('b'), [{ type: 'Unheard' }])
      await world.runtime.settle()
      expect(node.seen).toEqual([])
      expect(node.system.metrics().live).toBe(0)
    }),
  )

  it(
    'is met by the durable state only: what is decided and not sent is decided again on what it shows',
    inWorld(async (world) => {
      const node = await created(world)
      world.store.next({ kind: 'slowAppend', afterMs: 1_000 })
      const asked = [node.note('a').ask(rename), node.note('a').ask({ type: 'Divide' })]
      await world.runtime.advance(10)
      await (await world.stranger()).write(stream('a'), [renamed('theirs')])
      await world.runtime.settle()
      // The slot of the append under way holds an event of another: proven, though no verdict has come.
      expect(node.sightings('conflict')).toMatchObject([{ revision: 1 }])
      expect(await world.run(Promise.all(asked))).toMatchObject([{ revision: 2 }, { revision: 5 }])
    }),
  )

  it(
    'settles an append under way by its own event, where a store shows it that',
    inWorld(async (world) => {
      const node = await created(world, { appendTimeoutMs: 60_000 })
      const truth = await world.truth()
      const own = changedStore(world.store, () => ({
        subscribe: (options) => {
          const { exceptSystem: _, ...all } = options ?? {}
          return truth.subscribe(all)
        },
      }))
      const other = await world.start({ appendTimeoutMs: 60_000 }, own)
      await world.run(other.note('a').state())
      world.store.next({ kind: 'mute', effect: 'written' }, { system: other.system.id })
      const asked = other.note('a').ask({ type: 'Divide' })
      await world.runtime.settle()
      expect(await asked).toMatchObject({ status: 'accepted', revision: 3, duplicate: false })
      expect(other.sightings('refreshed')).toEqual([])
      await world.run(node.note('a').ask(rename))
    }),
  )

  it(
    'is ignored where it shows what is known, and rehydrates where it leaves something out',
    inWorld(async (world) => {
      const messages: ((events: readonly RecordedEvent[]) => void)[] = []
      const told = changedStore(world.store, () => ({
        subscribe: () => ({
          async *[Symbol.asyncIterator](): AsyncGenerator<SubscriptionMessage> {
            for (;;) {
              const events = await new Promise<readonly RecordedEvent[]>((resolve) => messages.push(resolve))
              yield { kind: 'events', events }
            }
          },
          close: async () => undefined,
        }),
      }))
      const node = await world.start({}, told)
      await world.run(node.note('a').ask(create))
      const stranger = await world.stranger()
      for (const title of ['one', 'two', 'three']) await stranger.write(stream('a'), [renamed(title)])
      const all = await world.stored(stream('a'))
      const tell = async (...events: readonly RecordedEvent[]): Promise<void> => {
        messages.shift()!(events)
        await world.runtime.settle()
      }
      await tell(all[0]!)
      expect(node.sightings('refreshed')).toEqual([])
      await tell(all[1]!, all[0]!, all[1]!)
      expect(node.sightings('refreshed')).toMatchObject([{ revision: 1 }])
      await tell(all[3]!)
      expect(node.sightings('restarting')).toHaveLength(1)
      expect((await world.run(node.note('a').state())).revision).toBe(3)
      expect(node.sightings('recovered').at(-1)).toMatchObject({ revision: 3, events: 2 })
    }),
  )

  it(
    'is not forgotten where it ran ahead of an answer: what it showed is read as soon as that is there',
    inWorld(async (world) => {
      const node = await created(world)
      world.store.next({ kind: 'lateAnswer', afterMs: 500 })
      const asked = node.note('a').ask(rename)
      await world.runtime.settle()
      // Ours is revision 1, which we do not know yet; theirs is revision 2.
      expect(await (await world.stranger()).write(stream('a'), [renamed('theirs')])).toBe(2)
      await world.runtime.settle()
      expect(await world.run(asked)).toMatchObject({ status: 'accepted', revision: 1, duplicate: false })
      await world.runtime.settle()
      expect(await world.run(node.note('a').state())).toMatchObject({
        revision: 2,
        context: { title: 'theirs' },
      })
      expect(await world.run(node.note('a').ask(rename))).toMatchObject({ revision: 3 })
      expect(node.sightings('conflict')).toEqual([])
    }),
  )

  it(
    'is followed again after it was lost; what it left out shows as a conflict, and costs nothing else',
    inWorld(async (world) => {
      const node = await created(world)
      world.store.cutSubscriptions()
      await world.runtime.settle()
      await (await world.stranger()).write(stream('a'), [renamed('unseen')])
      expect(node.log.about('the tail of the store was lost', ['warn'])).toHaveLength(1)
      await world.runtime.advance(10_000)
      expect((await world.run(node.note('a').state())).revision).toBe(0)
      expect(await world.run(node.note('a').ask(rename))).toMatchObject({ revision: 2 })
      await (await world.stranger()).write(stream('a'), [renamed('seen')])
      await world.runtime.settle()
      expect((await world.run(node.note('a').state())).context.title).toBe('seen')
    }),
  )

  it(
    'is not lost because one aggregate fails at what it shows',
    inWorld(async (world) => {
      const failing = changedBehaviour(note, (original) => ({
        replay(state, event) {
          if (event.stream === stream('sick')) throw new Error('a bug, not a misfit')
          return original.replay(state, event)
        },
      }))
      const node = await world.start({}, world.store, [failing])
      await world.run(node.system.get(failing, 'sick').state())
      await world.run(node.system.get(failing, 'a').state())
      const stranger = await world.stranger()
      await stranger.write(stream('sick'), [{ type: 'Created', title: 'x' }])
      await stranger.write(stream('a'), [{ type: 'Created', title: 'x' }])
      await world.runtime.settle()
      expect(node.log.about('the tail of the store was lost')).toEqual([])
      expect(node.sightings('refreshed')).toMatchObject([{ id: 'a' }])
      expect(await world.failure(node.system.get(failing, 'sick').state())).toMatchObject({
        message: expect.stringContaining('a bug, not a misfit') as string,
      })
    }),
  )
})

/** A store that shows the events of this stream as a broken writer would have left them. */
function damagedStore(inner: StoreProvider, damage: (event: RecordedEvent) => RecordedEvent): StoreProvider {
  return changedStore(inner, (store) => ({
    async *readStream(of, options) {
      for await (const page of store.readStream(of, options)) yield page.map(damage)
    },
    subscribe(options) {
      const subscription = store.subscribe(options)
      return {
        async *[Symbol.asyncIterator](): AsyncGenerator<SubscriptionMessage> {
          for await (const message of subscription) {
            yield message.kind === 'events' ? { kind: 'events', events: message.events.map(damage) } : message
          }
        },
        close: () => subscription.close(),
      }
    },
  }))
}

const asIf = (event: RecordedEvent, index: number, count: number, commandId: string): RecordedEvent => ({
  ...event,
  index,
  origin: { ...event.origin!, count, commandId },
})

describe('a stored command that is torn, which no writer of ours leaves', () => {
  const damages: readonly (readonly [string, (event: RecordedEvent) => RecordedEvent])[] = [
    ['it begins in its middle', (event) => (event.revision === 1 ? asIf(event, 1, 2, 'torn') : event)],
    [
      'another command stands in its middle',
      (event) => (event.revision === 1 ? asIf(event, 0, 2, 'torn') : event),
    ],
    [
      'the rest of another command stands where its own should',
      (event) => {
        if (event.revision === 1) return asIf(event, 0, 2, 'torn')
        return event.revision === 2 ? asIf(event, 1, 2, 'other') : event
      },
    ],
    [
      'an event of a stranger stands in its middle',
      (event) => {
        if (event.revision === 1) return asIf(event, 0, 2, 'torn')
        if (event.revision !== 2) return event
        const { origin: _, ...without } = event
        return { ...without, index: 0 }
      },
    ],
  ]

  it.each(damages)('quarantines its aggregate when it is read: %s', (_name, damage) =>
    inWorld(async (world) => {
      await (await world.stranger()).write(stream('a'), [{ type: 'Created', title: 'x' }])
      for (const title of ['one', 'two']) await (await world.stranger()).write(stream('a'), [renamed(title)])
      const node = await world.start({}, damagedStore(world.store, damage))
      expect(await world.failure(node.note('a').ask(rename))).toMatchObject({
        tag: 'AggregateQuarantined',
        reason: 'StreamDamaged',
      })
    })(),
  )

  it.each(damages)('quarantines its aggregate when it is seen live: %s', (_name, damage) =>
    inWorld(async (world) => {
      const node = await world.start({}, damagedStore(world.store, damage))
      await world.run(node.note('a').ask(create))
      for (const title of ['one', 'two']) await (await world.stranger()).write(stream('a'), [renamed(title)])
      await world.runtime.settle()
      expect(await world.failure(node.note('a').ask(rename))).toMatchObject({
        tag: 'AggregateQuarantined',
        reason: 'StreamDamaged',
      })
    })(),
  )
})
