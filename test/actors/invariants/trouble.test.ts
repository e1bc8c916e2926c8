import { describe, expect, it } from 'vitest'
import { CommandTimeout, MailboxFull } from '../../../src/index.ts'
import type { Fault } from '../../../src/testing/index.ts'
import { changedBehaviour } from '../kit/changed-behaviour.ts'
import { note, stream } from '../kit/note.ts'
import { caught, inWorld, type Node, type World } from '../kit/world.ts'

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const

describe('invariant 8: under overload every caller gets an answer by its timeout, and memory stays bounded', () => {
  it(
    'a mute store and a flood of commands to one aggregate',
    inWorld(async (world) => {
      const node = await world.start({ mailboxCommands: 100 })
      await world.run(node.note('a').ask(create))
      world.store.goDown({ appends: 'mute', forMs: 60_000 })
      const waited: number[] = []
      const asked: Promise<unknown>[] = []
      for (let round = 0; round < 40; round++) {
        for (let nth = 0; nth < 50; nth++) {
          const askedAt = world.runtime.clock.now()
          const answer = caught(node.note('a').ask(rename, { timeoutMs: 3_000 }))
          asked.push(
            answer.then((outcome) => {
              waited.push(world.runtime.clock.now() - askedAt)
              return outcome
            }),
          )
        }
        expect(node.system.metrics().outstanding).toBeLessThanOrEqual(100)
        await world.runtime.advance(250)
      }
      const outcomes = await world.run(Promise.all(asked))
      expect(outcomes).toHaveLength(2_000)
      expect(Math.max(...waited)).toBeLessThanOrEqual(3_100)
      for (const outcome of outcomes) {
        expect(outcome instanceof MailboxFull || outcome instanceof CommandTimeout).toBe(true)
      }
      // When the store is back, so is the aggregate.
      await world.runtime.advance(120_000)
      expect(await world.run(node.note('a').ask(rename))).toMatchObject({ status: 'accepted' })
    }),
  )

  it(
    'a flood over many aggregates: the bound of the whole system holds, in commands and in bytes',
    inWorld(async (world) => {
      const node = await world.start({ systemCommands: 200, systemBytes: 50_000 })
      world.store.goDown({ appends: 'mute', forMs: 30_000 })
      const asked = Array.from({ length: 1_000 }, (_, nth) => {
        const title = 'x'.repeat(nth % 300)
        return caught(node.note(`${nth % 90}`).ask({ type: 'Create', title }, { timeoutMs: 5_000 }))
      })
      const { outstanding, outstandingBytes } = node.system.metrics()
      expect(outstanding).toBeLessThanOrEqual(200)
      expect(outstandingBytes).toBeLessThanOrEqual(50_000)
      const outcomes = await world.run(Promise.all(asked))
      const full = outcomes.filter((outcome): outcome is MailboxFull => outcome instanceof MailboxFull)
      expect(full.length).toBeGreaterThanOrEqual(800)
      for (const { scope } of full) expect(scope).toBe('system')
      await world.runtime.advance(120_000)
      expect(node.system.metrics()).toMatchObject({ outstanding: 0, outstandingBytes: 0 })
    }),
  )
})

describe("invariant 9: one aggregate's trouble never delays another's", () => {
  const troubles: readonly (readonly [string, (world: World, node: Node) => Promise<unknown>])[] = [
    ['a guard that throws', async (_world, node) => caught(node.note('sick').ask({ type: 'Explode' }))],
    [
      'an event that breaks the machine',
      async (_world, node) => caught(node.note('sick').ask({ type: 'Collapse' })),
    ],
    [
      'a stored event that does not fit',
      async (world, node) => {
        await (await world.stranger()).write(stream('sick'), [{ type: 'Unheard' }])
        return caught(node.note('sick').ask(rename))
      },
    ],
    ...(
      [
        { kind: 'mute', effect: 'none' },
        { kind: 'unknownBeforeWrite' },
        { kind: 'refused', because: 'unreachable' },
        { kind: 'refused', because: 'denied' },
        { kind: 'phantomConflict' },
        { kind: 'lateCommit', afterMs: 30_000, repeats: 'none' },
      ] as const satisfies readonly Fault[]
    ).map(
      (fault) =>
        [
          `an append that is ${fault.kind}`,
          async (world: World, node: Node) => {
            world.store.next(fault, { stream: stream('sick'), times: 50 })
            return caught(node.note('sick').ask(rename))
          },
        ] as const,
    ),
    [
      'a recovery that takes long',
      async (world, node) => {
        world.store.next({ kind: 'slowRead', afterMs: 30_000 }, { stream: stream('recovering') })
        return caught(node.note('recovering').ask(create))
      },
    ],
    [
      'a recovery whose reads fail',
      async (world, node) => {
        const target = { stream: stream('recovering'), times: 100 }
        world.store.next({ kind: 'failedRead', afterEvents: 0 }, target)
        return caught(node.note('recovering').ask(create))
      },
    ],
    [
      'a check of the head that takes long',
      async (world, node) => {
        world.store.next({ kind: 'slowCheck', afterMs: 30_000 }, { stream: stream('sick') })
        return caught(node.note('sick').ask({ type: 'Refuse' }))
      },
    ],
    [
      'a duplicate that cannot be read',
      async (world, node) => {
        const target = { stream: stream('sick'), times: 100 }
        world.store.next({ kind: 'failedRead', afterEvents: 0 }, target)
        return caught(node.note('sick').ask(create, { commandId: 'sick' }))
      },
    ],
  ]

  it.each(troubles)('%s', (_name, makeTrouble) =>
    inWorld(
      async (world) => {
        const healthy = Array.from({ length: 20 }, (_, nth) => `healthy ${nth}`)
        const node = world.nodes[0] ?? (await world.start())
        await world.run(node.note('sick').ask(create, { commandId: 'sick' }))
        for (const id of healthy) await world.run(node.note(id).ask(create))
        const trouble = makeTrouble(world, node)
        await world.runtime.settle()
        const troubledAt = world.runtime.clock.now()
        const asked = healthy.flatMap((id) => [
          node.note(id).ask(rename),
          node.note(id).ask({ type: 'Refuse' }),
          node.note(id).ask({ type: 'Divide' }),
        ])
        asked.push(node.note('new').ask(create))
        await world.runtime.settle()
        // Not a millisecond has passed, and all of them are answered.
        expect(world.runtime.clock.now()).toBe(troubledAt)
        const settled: unknown[] = []
        for (const one of asked) void one.then((outcome) => settled.push(outcome))
        await world.runtime.settle()
        expect(settled).toHaveLength(61)
        world.store.comeUp()
        await world.run(trouble)
        await world.runtime.advance(3_600_000)
      },
      // One of each, so that everything goes the same way.
      { settings: { shards: 1, writers: 1 } },
    )(),
  )
})

/** The same definition, whose machine has forgotten an event. */
const forgetful = changedBehaviour(note, (original) => ({
  replay: (state, stored) =>
    original.replay(state, stored.type === 'Divided' ? { ...stored, type: 'Forgotten' } : stored),
}))

describe('invariant 10: a machine that does not fit its stream fails loudly and loses nothing', () => {
  it(
    'its commands fail with the event and the reason, and nothing is written; the mended machine goes on',
    inWorld(async (world) => {
      const before = await world.start()
      await world.run(before.note('a').ask(create))
      await world.run(before.note('a').ask({ type: 'Divide' }))
      await world.run(before.note('a').ask(rename))
      await world.stop(before)

      const node = await world.start({}, world.store, [forgetful])
      const a = node.system.get(forgetful, 'a')
      const failures = [
        await world.failure(a.ask(rename)),
        await world.failure(a.ask(create)),
        await world.failure(a.state()),
      ]
      for (const failure of failures) {
        expect(failure).toMatchObject({ tag: 'AggregateQuarantined', reason: 'EventMisfit' })
        expect(failure.message).toContain("'Forgotten' at revision 1 of note-a")
      }
      expect(node.log.about('quarantine', ['error'])).toHaveLength(1)
      await world.stop(node)

      expect(await world.stored(stream('a'))).toHaveLength(5)
      const mended = await world.start()
      expect(await world.run(mended.note('a').ask(rename))).toMatchObject({ revision: 5 })
    }),
  )

  it(
    'also in the middle of its life, when another writer stores what does not fit',
    inWorld(async (world) => {
      const node = await world.start()
      await world.run(node.note('a').ask(create))
      await (await world.stranger()).write(stream('a'), [{ type: 'Renamed', title: 7 }])
      await world.runtime.settle()
      expect(node.sightings('quarantined')).toMatchObject([{ reason: 'EventMisfit', id: 'a' }])
      expect(await world.failure(node.note('a').ask(rename))).toMatchObject({ tag: 'AggregateQuarantined' })
      expect(await world.stored(stream('a'))).toHaveLength(2)
    }),
  )
})

describe('invariant 11: stop drains within its limit, and kill -9 loses nothing that was acknowledged', () => {
  it(
    'stop waits for what was taken, and takes nothing more',
    inWorld(async (world) => {
      const node = await world.start()
      world.store.next({ kind: 'slowAppend', afterMs: 3_000 })
      const asked = Array.from({ length: 10 }, (_, nth) => node.note(`${nth}`).ask(create))
      const stopping = node.system.stop()
      const late = caught(node.note('late').ask(create))
      expect(await late).toMatchObject({ tag: 'SystemStopped', executed: 'no' })
      expect(await world.run(stopping)).toEqual({ unsettled: [] })
      for (const outcome of await Promise.all(asked)) expect(outcome).toMatchObject({ status: 'accepted' })
      await world.stop(node)
    }),
  )

  it(
    'stop says what it could not settle, and tells each caller',
    inWorld(async (world) => {
      const node = await world.start()
      world.store.next({ kind: 'mute', effect: 'none' })
      world.store.next({ kind: 'failedRead', afterEvents: 0 }, { stream: stream('unread'), times: 50 })
      const sent = caught(node.note('a').ask(create, { commandId: 'sent' }))
      await world.runtime.settle()
      const unread = caught(node.note('unread').ask(create, { commandId: 'unread' }))
      const report = await world.stop(node, 2_000)
      expect(report.unsettled).toEqual([
        { aggregate: 'note', id: 'a', commandId: 'sent', commandType: 'Create', executed: 'unknown' },
        { aggregate: 'note', id: 'unread', commandId: 'unread', commandType: 'Create', executed: 'no' },
      ])
      expect(await sent).toMatchObject({ tag: 'SystemStopped', executed: 'unknown' })
      expect(await unread).toMatchObject({ tag: 'SystemStopped', executed: 'no' })
    }),
  )

  it(
    'a process that is killed at any turn of its event loop loses nothing that it acknowledged',
    inWorld(
      async (world) => {
        const acknowledged = new Map<string, number>()
        const ids = ['0', '1', '2']
        const first = await world.start()
        for (const id of ids) await world.run(first.note(id).ask(create))
        await world.stop(first)
        for (let turns = 1; turns <= 40; turns++) {
          const node = await world.start({ snapshotEvery: 2 })
          for (let nth = 0; nth < 6; nth++) {
            const commandId = `${turns}-${nth}`
            const command = nth % 2 === 0 ? rename : ({ type: 'Divide' } as const)
            void caught(
              node
                .note(`${nth % 3}`)
                .ask(command, { commandId })
                .then((outcome) => {
                  if (outcome.status === 'accepted') acknowledged.set(commandId, outcome.revision)
                }),
            )
          }
          for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
          world.kill(node)
          await world.runtime.settle()
        }
        const stored = new Map<string, number>()
        for (const id of ids) {
          for (const { origin, index, revision } of await world.stored(stream(id))) {
            const commandId = origin?.commandId ?? ''
            if (index === 0) expect(stored.has(commandId)).toBe(false)
            stored.set(commandId, revision)
          }
        }
        expect(acknowledged.size).toBeGreaterThan(60)
        for (const [commandId, revision] of acknowledged) expect(stored.get(commandId)).toBe(revision)
      },
      { order: 'seeded', seed: 11 },
    ),
  )
})

type Cause = readonly [
  name: string,
  ask: (world: World, node: Node) => Promise<unknown>,
  before?: (world: World, node: Node) => Promise<unknown>,
]

describe('invariant 14: an error that says "not executed" is true', () => {
  const causes: readonly Cause[] = [
    [
      'CommandTimeout while it waited for a recovery',
      (world, node) => {
        world.store.next({ kind: 'slowRead', afterMs: 10_000 }, { stream: stream('b') })
        return node.note('b').ask(create, { commandId: 'x', timeoutMs: 500 })
      },
    ],
    [
      'CommandTimeout while it waited behind an unsettled append',
      (_world, node) => node.note('a').ask(rename, { commandId: 'x', timeoutMs: 500 }),
      async (world, node) => {
        world.store.next({ kind: 'unknownBeforeWrite' }, { times: 3 })
        void caught(node.note('a').ask(rename))
        await world.runtime.advance(10)
      },
    ],
    [
      'CommandTimeout of a rejection that could not be confirmed',
      (world, node) => {
        world.store.next({ kind: 'failedCheck' }, { times: 8 })
        return node.note('a').ask({ type: 'Refuse' }, { commandId: 'x', timeoutMs: 500 })
      },
    ],
    [
      'StoreUnavailable where the stream cannot be read',
      (world, node) => {
        world.store.next({ kind: 'failedRead', afterEvents: 0 }, { stream: stream('b'), times: 50 })
        return node.note('b').ask(create, { commandId: 'x' })
      },
    ],
    [
      'StoreUnavailable where nothing could be sent',
      (world, node) => {
        world.store.next({ kind: 'refused', because: 'unreachable' }, { times: 50 })
        return node.note('a').ask(rename, { commandId: 'x' })
      },
    ],
    [
      'AccessDenied',
      (world, node) => {
        world.store.next({ kind: 'refused', because: 'denied' })
        return node.note('a').ask(rename, { commandId: 'x' })
      },
    ],
    [
      'ConflictRetriesExhausted',
      (world, node) => {
        world.store.next({ kind: 'conflict', by: 'stranger' }, { stream: stream('a'), times: 50 })
        return node.note('a').ask(rename, { commandId: 'x', timeoutMs: 600_000 })
      },
    ],
    ['MachineFault', (_world, node) => node.note('a').ask({ type: 'Collapse' }, { commandId: 'x' })],
    [
      'EventTooLarge',
      (_world, node) =>
        node.note('a').ask({ type: 'Rename', title: 'x'.repeat(17_000_000) }, { commandId: 'x' }),
    ],
    [
      'CommandIdReused',
      (_world, node) => node.note('a').ask({ type: 'Divide' }, { commandId: 'y' }),
      (world, node) => world.run(node.note('a').ask(rename, { commandId: 'y' })),
    ],
    [
      'SystemStopped',
      (world, node) => {
        world.store.next({ kind: 'slowRead', afterMs: 10_000 }, { stream: stream('b') })
        const asked = node.note('b').ask(create, { commandId: 'x' })
        void node.system.stop({ timeoutMs: 100 })
        return asked
      },
    ],
  ]

  it.each(causes.map(([name, ask, before]) => ({ name, ask, before })))('$name', ({ name, ask, before }) =>
    inWorld(async (world) => {
      const node = await world.start({ maxConflictRetries: 3, mailboxBytes: 64 * 1024 * 1024 })
      await world.run(node.note('a').ask(create))
      await before?.(world, node)
      const failure = await world.failure(ask(world, node))
      expect(failure).toMatchObject({ tag: name.split(' ')[0] })
      if ('executed' in failure) expect(failure.executed).toBe('no')
      await world.runtime.advance(600_000)
      const ids = [...(await world.stored(stream('a'))), ...(await world.stored(stream('b')))]
      expect(ids.filter(({ origin }) => origin?.commandId === 'x')).toEqual([])
      expect(ids.filter(({ type }) => type === 'Divided')).toEqual([])
    })(),
  )
})
