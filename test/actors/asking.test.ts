import { describe, expect, expectTypeOf, it } from 'vitest'
import { type CommandTimeout, type Outcome, UnknownAggregate } from '../../src/index.ts'
import { changedBehaviour } from './kit/changed-behaviour.ts'
import { note, stream } from './kit/note.ts'
import { caught, inWorld, type Node, type World } from './kit/world.ts'

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const

async function created(world: World, settings = {}): Promise<Node> {
  const node = await world.start(settings)
  await world.run(node.note('a').ask(create))
  return node
}

describe('CommandTimeout', () => {
  it(
    'comes in its time, not before and hardly after, and carries the command id',
    inWorld(async (world) => {
      const node = await created(world)
      world.store.next({ kind: 'mute', effect: 'none' })
      const askedAt = world.runtime.clock.now()
      const failure = await world.failure(node.note('a').ask(rename, { commandId: 'x', timeoutMs: 1_234 }))
      const waitedMs = world.runtime.clock.now() - askedAt
      expect(waitedMs).toBeGreaterThanOrEqual(1_234)
      expect(waitedMs).toBeLessThan(1_234 + 60)
      expect(failure).toMatchObject({ tag: 'CommandTimeout', commandId: 'x', executed: 'unknown' })
      expect(failure.message).toContain("'x' at note 'a' within 1234 ms")
    }),
  )

  it(
    'is the setting where nothing else is said, and never where it is said so',
    inWorld(async (world) => {
      const node = await created(world, { timeoutMs: 700 })
      world.store.next({ kind: 'slowAppend', afterMs: 15_000 }, { times: 2 })
      const endless = node.note('a').ask(rename, { timeoutMs: Number.POSITIVE_INFINITY })
      expect(await world.failure(node.note('b').ask(create))).toMatchObject({ tag: 'CommandTimeout' })
      expect(await world.run(endless)).toMatchObject({ status: 'accepted' })
    }),
  )

  it.each([0, -1, Number.NaN, '100', null])('cannot be %j', (timeoutMs) =>
    inWorld(async (world) => {
      const node = await created(world)
      const asked = node.note('a').ask(rename, { timeoutMs } as never)
      if (timeoutMs === null) expect(await world.run(asked)).toMatchObject({ status: 'accepted' })
      else expect(await caught(asked)).toBeInstanceOf(RangeError)
    })(),
  )

  it(
    'rule 15: settles the caller, not the command: what is decided goes on, and asking again finds it',
    inWorld(async (world) => {
      const node = await created(world)
      world.store.next({ kind: 'slowAppend', afterMs: 5_000 })
      const options = { commandId: 'x', timeoutMs: 500 }
      const timeout = await world.failure(node.note('a').ask(rename, options))
      expect(timeout).toMatchObject({ executed: 'unknown' })
      await world.runtime.advance(10_000)
      expect(await world.stored(stream('a'))).toHaveLength(2)
      const again = await world.run(node.note('a').ask(rename, options))
      expect(again).toMatchObject({ status: 'accepted', duplicate: true, revision: 1 })
    }),
  )

  it(
    'rule 8: drops what nobody waits for and nobody has decided; it is never executed',
    inWorld(async (world) => {
      const node = await created(world)
      world.store.next({ kind: 'unknownBeforeWrite' })
      const first = node.note('a').ask({ type: 'Divide' })
      await world.runtime.settle()
      const given = await world.failure(node.note('a').ask(rename, { timeoutMs: 500 }))
      expect(given).toMatchObject({ executed: 'no' })
      await world.run(first)
      await world.runtime.advance(60_000)
      expect((await world.stored(stream('a'))).map(({ type }) => type)).not.toContain('Renamed')
    }),
  )

  it(
    'rule 8: drops also what was decided, where that was rewound and its callers have gone',
    inWorld(async (world) => {
      const node = await created(world)
      world.store.next({ kind: 'slowAppend', afterMs: 5_000 })
      const asked = caught(node.note('a').ask(rename, { timeoutMs: 500 }))
      await world.runtime.advance(1_000)
      expect(await asked).toMatchObject({ executed: 'unknown' })
      await (await world.stranger()).write(stream('a'), [{ type: 'Renamed', title: 'theirs' }])
      await world.runtime.advance(60_000)
      expect(await world.storedMessages(stream('a'))).toEqual([
        { type: 'Created', title: 'first' },
        { type: 'Renamed', title: 'theirs' },
      ])
    }),
  )
})

describe('a signal', () => {
  it(
    'changes nothing in the order of the answers',
    inWorld(async (world) => {
      const node = await world.start()
      await world.run(node.note('a').ask(create))
      const { signal } = new AbortController()
      const answered: string[] = []
      const first = node.note('a').ask(rename, { signal })
      const second = node.note('a').ask(rename)
      void first.then(() => answered.push('first'))
      void second.then(() => answered.push('second'))
      await world.runtime.settle()
      expect(answered).toEqual(['first', 'second'])
    }),
  )

  it(
    'ends the waiting with its reason, not the command',
    inWorld(async (world) => {
      const node = await created(world)
      world.store.next({ kind: 'slowAppend', afterMs: 5_000 })
      const controller = new AbortController()
      const asked = caught(node.note('a').ask(rename, { signal: controller.signal }))
      await world.runtime.settle()
      const reason = new Error('I have had enough')
      controller.abort(reason)
      expect(await asked).toBe(reason)
      await world.runtime.advance(10_000)
      expect(await world.stored(stream('a'))).toHaveLength(2)
    }),
  )

  it(
    'leaves nothing behind: no timer for the one who went, no listener for the one who stayed',
    inWorld(async (world) => {
      const node = await created(world)
      let listeners = 0
      const controller = new AbortController()
      const { signal } = controller
      const counted = new Proxy(signal, {
        get(target, key) {
          if (key === 'addEventListener') listeners++
          if (key === 'removeEventListener') listeners--
          const own: unknown = Reflect.get(target, key)
          return typeof own === 'function' ? own.bind(target) : own
        },
      })
      for (let nth = 0; nth < 50; nth++) await world.run(node.note('a').ask(rename, { signal: counted }))
      expect(listeners).toBe(0)
      world.store.next({ kind: 'slowAppend', afterMs: 200 })
      const asked = caught(node.note('a').ask(rename, { signal: counted, timeoutMs: 60_000 }))
      await world.runtime.advance(10)
      controller.abort()
      await asked
      expect(listeners).toBe(0)
      await world.runtime.advance(1_000)
      // Its deadline of a minute is not waited for.
      expect(node.process.pendingTimers).toBe(1) // the sweep for idle aggregates
    }),
  )

  it(
    'that was aborted before stops the command as well: nothing is asked in vain',
    inWorld(async (world) => {
      const node = await created(world)
      const reason = new Error('too late')
      const asked = caught(node.note('a').ask(rename, { signal: AbortSignal.abort(reason) }))
      expect(await asked).toBe(reason)
      await world.runtime.advance(1_000)
      expect(await world.stored(stream('a'))).toHaveLength(1)
    }),
  )

  it(
    'of one caller is not the signal of another who asked the same',
    inWorld(async (world) => {
      const node = await created(world)
      world.store.next({ kind: 'slowAppend', afterMs: 1_000 })
      const controller = new AbortController()
      const gone = caught(node.note('a').ask(rename, { commandId: 'x', signal: controller.signal }))
      const stayed = node.note('a').ask(rename, { commandId: 'x' })
      await world.runtime.settle()
      controller.abort(new Error('gone'))
      expect(await gone).toMatchObject({ message: 'gone' })
      expect(await world.run(stayed)).toMatchObject({ status: 'accepted', duplicate: false })
    }),
  )
})

describe('tell', () => {
  it(
    'executes, and says nothing to its caller',
    inWorld(async (world) => {
      const node = await created(world)
      expectTypeOf(node.note('a').tell).returns.toEqualTypeOf<void>()
      expect(node.note('a').tell(rename, { metadata: { who: 'me' } })).toBeUndefined()
      await world.runtime.settle()
      expect((await world.stored(stream('a')))[1]).toMatchObject({ origin: { metadata: { who: 'me' } } })
    }),
  )

  it(
    'tells a failure to the log and to inspectors, a rejection to those who debug',
    inWorld(
      async (world) => {
        const node = await created(world)
        node.note('a').tell({ type: 'Explode' }, { commandId: 'x' })
        node.note('a').tell({ type: 'Refuse' }, { commandId: 'y' })
        await world.runtime.settle()
        expect(node.log.about('a told command failed', ['error'])).toMatchObject([
          { fields: { aggregate: 'note', id: 'a', commandId: 'x', err: { tag: 'MachineFault' } } },
        ])
        expect(node.log.about('a told command was rejected', ['debug'])).toMatchObject([
          { fields: { aggregate: 'note', id: 'a', commandId: 'y', code: 'NotNow' } },
        ])
        expect(node.sightings('commandFailed')).toMatchObject([{ commandId: 'x' }])
      },
      { logLevel: 'debug' },
    ),
  )

  it(
    'has no timeout: it waits for as long as it takes',
    inWorld(async (world) => {
      const node = await created(world)
      world.store.goDown({ appends: 'mute', forMs: 300_000 })
      node.note('a').tell(rename)
      await world.runtime.advance(400_000)
      expect(await world.stored(stream('a'))).toHaveLength(2)
      expect(node.log.about('a told command failed')).toEqual([])
    }),
  )

  it(
    'throws what is the mistake of its caller, at once',
    inWorld(async (world) => {
      const node = await created(world)
      expect(() => node.note('a').tell({ type: 'Rename' } as never)).toThrow('is not valid')
      expect(() => node.note('a').tell(rename, { commandId: '' })).toThrow('options.commandId')
    }),
  )
})

describe('expectedRevision', () => {
  it(
    'is checked by the caller who saw it: the head, or StaleRevision with both',
    inWorld(async (world) => {
      const node = await created(world)
      const a = node.note('a')
      expect(await world.run(a.ask(rename, { expectedRevision: 0 }))).toMatchObject({ revision: 1 })
      const stale = await world.run(a.ask(rename, { expectedRevision: 0 }))
      expect(stale).toMatchObject({
        status: 'rejected',
        code: 'StaleRevision',
        revision: 1,
        details: { expectedRevision: 0, revision: 1 },
      })
      expect(await world.run(a.ask(create, { expectedRevision: -1 }))).toMatchObject({
        code: 'StaleRevision',
      })
      expect(await world.run(node.note('b').ask(create, { expectedRevision: -1 }))).toMatchObject({
        status: 'accepted',
      })
    }),
  )

  it(
    'rule 8: a duplicate is recognised before it',
    inWorld(async (world) => {
      const node = await created(world)
      const options = { commandId: 'x', expectedRevision: 0 }
      const first = await world.run(node.note('a').ask(rename, options))
      expect(await world.run(node.note('a').ask(rename, options))).toEqual({ ...first, duplicate: true })
    }),
  )

  it(
    'is decided against the head, not against what this process happens to know',
    inWorld(async (world) => {
      const node = await created(world)
      world.store.next({ kind: 'slowDelivery', afterMs: 60_000 }, { system: node.system.id })
      await (await world.stranger()).write(stream('a'), [{ type: 'Renamed', title: 'theirs' }])
      expect(await world.run(node.note('a').ask(rename, { expectedRevision: 1 }))).toMatchObject({
        status: 'accepted',
        revision: 2,
      })
    }),
  )
})

describe('what travels with a command', () => {
  it(
    'rule 2: stands in the metadata of each of its events',
    inWorld(async (world) => {
      const node = await created(world)
      await world.run(
        node.note('a').ask(
          { type: 'Divide' },
          {
            commandId: 'x',
            correlationId: 'the request',
            causationId: 'the cause',
            metadata: { who: 'Zoë', tenant: 7 },
          },
        ),
      )
      const events = (await world.stored(stream('a'))).slice(1)
      expect(events.map(({ index }) => index)).toEqual([0, 1, 2])
      for (const { origin, schemaVersion } of events) {
        expect(schemaVersion).toBe(1)
        expect(origin).toEqual({
          commandId: 'x',
          commandType: 'Divide',
          count: 3,
          system: node.system.id,
          correlationId: 'the request',
          causationId: 'the cause',
          metadata: { who: 'Zoë', tenant: 7 },
        })
      }
    }),
  )

  it(
    'is what was asked, whatever the caller does with its objects afterwards',
    inWorld(async (world) => {
      const node = await created(world)
      const metadata = { who: 'me' }
      const command = { type: 'Rename' as const, title: 'as asked' }
      world.store.next({ kind: 'unknownBeforeWrite' })
      const asked = node.note('a').ask(command, { metadata })
      metadata.who = 'somebody else'
      command.title = 'changed'
      expect(await world.run(asked)).toMatchObject({ events: [{ title: 'as asked' }] })
      expect((await world.stored(stream('a')))[1]).toMatchObject({
        data: { title: 'as asked' },
        origin: { metadata: { who: 'me' } },
      })
    }),
  )

  it(
    'is the first asker’s where a second one joins',
    inWorld(async (world) => {
      const node = await created(world)
      const both = ['first', 'second'].map((who) =>
        node.note('a').ask(rename, { commandId: 'x', metadata: { who } }),
      )
      await world.run(Promise.all(both))
      expect((await world.stored(stream('a')))[1]).toMatchObject({ origin: { metadata: { who: 'first' } } })
    }),
  )
})

describe('system.get', () => {
  it(
    'does nothing but make a reference',
    inWorld(async (world) => {
      const node = await world.start()
      for (let nth = 0; nth < 100; nth++) node.note(`${nth}`)
      expect(node.system.metrics().live).toBe(0)
    }),
  )

  it(
    'knows the definitions that were given to start, and no others, not even of the same name',
    inWorld(async (world) => {
      const node = await world.start()
      const namesake = changedBehaviour(note, () => ({}))
      expect(() => node.system.get(namesake, 'a')).toThrow(UnknownAggregate)
      expect(() => node.system.get(namesake, 'a')).toThrow('It runs: note.')
      expect(() => node.system.get(note, '')).toThrow('must not be empty')
      expect(() => node.system.release(namesake, 'a')).toThrow(UnknownAggregate)
    }),
  )
})

it(
  'outcomes and errors have the types that people match on',
  inWorld(async (world) => {
    const node = await created(world)
    const outcome = await world.run(node.note('a').ask(rename))
    expectTypeOf(outcome).toExtend<Outcome>()
    if (outcome.status === 'rejected') {
      expectTypeOf(outcome.code).toEqualTypeOf<
        'AlreadyCreated' | 'NotNow' | 'Unhandled' | 'GuardBlocked' | 'Done' | 'StaleRevision'
      >()
    }
    expectTypeOf<CommandTimeout['executed']>().toEqualTypeOf<'no' | 'unknown'>()
  }),
)
