import { describe, expect, it } from 'vitest'
import type { InspectionEvent } from '../../src/inspection.ts'
import type { Fault } from '../../src/testing/index.ts'
import { note, stream } from './kit/note.ts'
import { caught, inWorld, type Node, type World } from './kit/world.ts'

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const

async function created(world: World, settings = {}): Promise<Node> {
  const node = await world.start(settings)
  await world.run(node.note('a').ask(create, { commandId: 'created' }))
  return node
}

describe('system.inspect', () => {
  it(
    'delivers the way of a command, in order, each with its aggregate and time',
    inWorld(async (world) => {
      const node = await world.start()
      world.store.next({ kind: 'slowAppend', afterMs: 250 })
      await world.run(node.note('a').ask(create, { commandId: 'x' }))
      const at = Date.UTC(2024, 0, 1)
      const address = { aggregate: 'note', id: 'a' }
      expect(node.seen).toEqual([
        { kind: 'commandReceived', at, ...address, commandId: 'x', command: create, depth: 1 },
        { kind: 'recovered', at, ...address, revision: -1, events: 0, snapshotRevision: -1 },
        {
          kind: 'commandDecided',
          at,
          ...address,
          commandId: 'x',
          revision: 0,
          events: [{ type: 'Created', title: 'first' }],
        },
        { kind: 'appendSent', at, ...address, expectedRevision: -1, commands: 1, events: 1, send: 1 },
        { kind: 'appendWritten', at: at + 250, ...address, revision: 0, events: 1 },
        {
          kind: 'commandAnswered',
          at: at + 250,
          ...address,
          commandId: 'x',
          elapsedMs: 250,
          outcome: {
            status: 'accepted',
            commandId: 'x',
            revision: 0,
            events: [{ type: 'Created', title: 'first' }],
            duplicate: false,
          },
        },
      ])
    }),
  )

  const kinds: readonly (readonly [
    InspectionEvent['kind'],
    (world: World, node: Node) => Promise<unknown>,
    object,
  ])[] = [
    [
      'commandFailed',
      (_world, node) => caught(node.note('a').ask({ type: 'Explode' }, { commandId: 'x' })),
      { commandId: 'x', error: { tag: 'MachineFault' }, elapsedMs: 0 },
    ],
    [
      'appendUnsettled',
      (world, node) => {
        world.store.next({ kind: 'unknownAfterWrite' })
        return node.note('a').ask(rename)
      },
      { expectedRevision: 0, cause: expect.stringContaining('no answer') as string },
    ],
    [
      'appendRefused',
      (world, node) => {
        world.store.next({ kind: 'refused', because: 'unreachable' })
        return node.note('a').ask(rename)
      },
      { expectedRevision: 0, error: { tag: 'StoreUnavailable' } },
    ],
    [
      'conflict',
      (world, node) => {
        world.store.next({ kind: 'conflict', by: 'stranger' })
        return node.note('a').ask(rename)
      },
      { revision: 1, commands: 1 },
    ],
    [
      'restarting',
      (world, node) => {
        world.store.next({ kind: 'refusedCheck' })
        return node.note('a').ask({ type: 'Refuse' })
      },
      { cause: 'Another writer has written after revision 0 of note-a.' },
    ],
    [
      'refreshed',
      async (world) => (await world.stranger()).write(stream('a'), [{ type: 'Renamed', title: 'x' }]),
      { revision: 1, events: 1 },
    ],
    ['snapshotSaved', (_world, node) => node.note('a').ask({ type: 'Divide' }), { revision: 3 }],
    ['passivated', (_world, node) => node.note('b').ask(create), { id: 'a', revision: 0 }],
    [
      'quarantined',
      async (world) => (await world.stranger()).write(stream('a'), [{ type: 'Unheard' }]),
      { reason: 'EventMisfit', error: { tag: 'AggregateQuarantined' } },
    ],
    [
      'released',
      async (world, node) => {
        const end = node.system.inspect((event) => {
          if (event.kind !== 'quarantined') return
          end()
          node.system.release(note, 'a')
        })
        await (await world.stranger()).write(stream('a'), [{ type: 'Unheard' }])
      },
      {},
    ],
  ]

  it.each(kinds)('delivers %s once', (kind, cause, fields) =>
    inWorld(async (world) => {
      const node = await created(world, { snapshotEvery: 3, liveAggregates: 1 })
      const cured = cause(world, node)
      await world.runtime.settle()
      await world.run(cured)
      await world.runtime.settle()
      const sightings = node.seen.filter((event) => event.kind === kind)
      expect(sightings).toMatchObject([{ kind, aggregate: 'note', id: 'a', ...fields }])
    })(),
  )

  it(
    'numbers the sends of one append',
    inWorld(async (world) => {
      const node = await created(world)
      world.store.next({ kind: 'unknownBeforeWrite' }, { times: 2 })
      await world.run(node.note('a').ask(rename))
      const sent = node.sightings('appendSent').filter(({ expectedRevision }) => expectedRevision === 0)
      expect(sent.map(({ send }) => send)).toEqual([1, 2, 3])
      expect(node.sightings('appendUnsettled')).toHaveLength(1)
    }),
  )

  it(
    'delivers to all who inspect, until each one ends it',
    inWorld(async (world) => {
      const node = await created(world)
      const counts = [0, 0]
      const ends = counts.map((_, nth) =>
        node.system.inspect(() => {
          counts[nth] = counts[nth]! + 1
        }),
      )
      await world.run(node.note('a').ask(rename))
      ends[0]!()
      ends[0]!()
      await world.run(node.note('a').ask(rename))
      expect(counts).toEqual([5, 10])
    }),
  )

  it(
    'delivers results without the steps before them to those who count',
    inWorld(async (world) => {
      const node = await created(world)
      const seen: string[] = []
      const end = node.system.inspect(({ kind }) => seen.push(kind), 'results')
      await world.run(node.note('a').ask(rename))
      await world.run(caught(node.note('a').ask({ type: 'Explode' })))
      end()
      await world.run(node.note('a').ask(rename))
      expect(seen).toEqual(['appendSent', 'appendWritten', 'commandAnswered', 'commandFailed'])
    }),
  )

  it(
    'delivers trouble alone to those who want no more',
    inWorld(async (world) => {
      const node = await created(world)
      const seen: string[] = []
      const end = node.system.inspect(({ kind }) => seen.push(kind), 'trouble')
      await world.run(node.note('a').ask(rename))
      world.store.next({ kind: 'conflict', by: 'stranger' })
      await world.run(node.note('a').ask(rename))
      await world.run(caught(node.note('a').ask({ type: 'Explode' })))
      end()
      await world.run(caught(node.note('a').ask({ type: 'Explode' })))
      expect(seen).toEqual(['appendUnsettled', 'conflict', 'restarting', 'commandFailed'])
    }),
  )

  it(
    'survives an inspector that throws: it is logged, and everything goes on',
    inWorld(async (world) => {
      const node = await created(world)
      node.system.inspect(() => {
        throw new Error('a bad inspector')
      })
      expect(await world.run(node.note('a').ask(rename))).toMatchObject({ revision: 1 })
      const lines = node.log.about('an inspector threw', ['error'])
      expect(lines).toHaveLength(5)
      expect(lines[0]).toMatchObject({ fields: { err: { message: 'a bad inspector' } } })
    }),
  )

  it(
    'may be used to command what it sees: an inspector that asks is served like everybody',
    inWorld(async (world) => {
      const node = await created(world)
      const asked: Promise<unknown>[] = []
      let told = 0
      node.system.inspect((event) => {
        if (told++ < 40) asked.push(caught(node.note(told % 2 === 0 ? event.id : 'b').ask(rename)))
      })
      await world.run(node.note('a').ask(rename))
      await world.run(Promise.all(asked))
      expect(node.system.metrics().outstanding).toBe(0)
    }),
  )
})

describe('an inspector that asks the very same command again', () => {
  const stories = [
    ['when it was answered', 'commandAnswered', rename, undefined, { status: 'accepted', duplicate: true }],
    ['when it was refused', 'commandAnswered', { type: 'Refuse' }, undefined, { code: 'NotNow' }],
    ['when it failed', 'commandFailed', { type: 'Explode' }, undefined, { tag: 'MachineFault' }],
    [
      'when it timed out before it was decided',
      'commandFailed',
      rename,
      { kind: 'slowRead', afterMs: 5_000 },
      { status: 'accepted', duplicate: false },
    ],
    [
      'when it timed out on its way',
      'commandFailed',
      rename,
      { kind: 'slowAppend', afterMs: 5_000 },
      { status: 'accepted', duplicate: false },
    ],
  ] as const

  it.each(stories)('%s, is answered like everybody', (_name, kind, command, fault, expected) =>
    inWorld(async (world) => {
      const first = await created(world)
      await world.stop(first)
      const node = await world.start()
      if (fault?.kind !== 'slowRead') await world.run(node.note('a').state())
      const again: Promise<unknown>[] = []
      node.system.inspect((event) => {
        if (event.kind !== kind || again.length > 0) return
        again.push(caught(node.note('a').ask(command, { commandId: 'x', timeoutMs: 20_000 })))
      })
      if (fault !== undefined) world.store.next(fault)
      await world.run(caught(node.note('a').ask(command, { commandId: 'x', timeoutMs: 1_000 })))
      const [answer] = await world.run(Promise.all(again))
      expect(answer).toMatchObject(expected)
      // It did not take the timeout of the second ask to learn that.
      expect(world.runtime.clock.now()).toBeLessThan(Date.UTC(2024, 0, 1) + 10_000)
      expect(await world.stored(stream('a'))).toHaveLength(command === rename ? 2 : 1)
    })(),
  )
})

describe('the log, for an operator', () => {
  const stories: readonly (readonly [
    string,
    {
      readonly fault?: Fault
      readonly times?: number
      readonly command?: object
      readonly settings?: object
    },
    readonly object[],
  ])[] = [
    ['nothing, where all is well', {}, []],
    [
      'one line for a conflict, with the revision and how many commands are decided again',
      { fault: { kind: 'conflict', by: 'stranger' } },
      [
        {
          level: 'info',
          fields: { aggregate: 'note', id: 'a', revision: 1, commands: 1, attempts: 1 },
          message: expect.stringContaining('another writer won a revision') as string,
        },
      ],
    ],
    [
      'one line for each time that an unsettled append is sent again',
      { fault: { kind: 'unknownBeforeWrite' }, times: 2 },
      [1, 2].map((attempt) => ({
        level: 'warn',
        fields: { aggregate: 'note', id: 'a', expectedRevision: 0, attempt },
        message: expect.stringContaining('an append is not settled') as string,
      })),
    ],
    ['none for an append that one read of its slot settles', { fault: { kind: 'unknownAfterWrite' } }, []],
    [
      'one line for each wait for a store that cannot be reached',
      { fault: { kind: 'refused', because: 'unreachable' }, times: 2 },
      [1, 2].map((attempt) => ({ level: 'warn', fields: { aggregate: 'note', id: 'a', attempt } })),
    ],
    [
      'one line for an append that the store refuses, with its reason',
      { fault: { kind: 'refused', because: 'denied' } },
      [{ level: 'error', fields: { aggregate: 'note', id: 'a', commands: 1, err: { tag: 'AccessDenied' } } }],
    ],
    [
      'one line for retries exhausted, with the command, beside those for each conflict',
      { fault: { kind: 'conflict', by: 'stranger' }, times: 2, settings: { maxConflictRetries: 1 } },
      [
        { level: 'info', fields: { attempts: 1 } },
        {
          level: 'error',
          fields: { aggregate: 'note', id: 'a', commandId: 'x', command: rename, attempts: 2 },
          message: expect.stringContaining('it has no effect') as string,
        },
        { level: 'info', fields: { attempts: 2 } },
      ],
    ],
    ['none for what the domain decides', { command: { type: 'Refuse' } }, []],
    ['none for what a machine does wrong: its caller is told', { command: { type: 'Explode' } }, []],
  ]

  it.each(stories)('%s', (_name, { fault, times, command, settings }, lines) =>
    inWorld(async (world) => {
      const node = await created(world, settings)
      const start = node.log.lines.length
      if (fault !== undefined) world.store.next(fault, { stream: stream('a'), times: times ?? 1 })
      await world.run(caught(node.note('a').ask((command ?? rename) as typeof rename, { commandId: 'x' })))
      expect(node.log.lines.slice(start)).toMatchObject(lines)
    })(),
  )

  it(
    'one line for a quarantine, with its reason and the whole error',
    inWorld(async (world) => {
      const node = await created(world)
      await (await world.stranger()).write(stream('a'), [{ type: 'Unheard' }])
      await world.runtime.settle()
      for (let nth = 0; nth < 5; nth++) await world.failure(node.note('a').ask(rename))
      expect(node.log.about('quarantine', ['warn', 'error'])).toMatchObject([
        {
          level: 'error',
          fields: {
            aggregate: 'note',
            id: 'a',
            reason: 'EventMisfit',
            err: { tag: 'AggregateQuarantined' },
          },
        },
      ])
    }),
  )

  it(
    'one line each for start and stop',
    inWorld(async (world) => {
      const node = await world.start()
      await world.stop(node)
      expect(node.log.lines).toMatchObject([
        {
          level: 'info',
          fields: { system: node.system.id, aggregates: ['note'], store: 'faulty memory' },
          message: 'the system has started',
        },
        { level: 'info', fields: { system: node.system.id }, message: 'the system has stopped' },
      ])
    }),
  )

  it(
    'nothing of the ordinary way of a command at any level, and debug only where it is enabled',
    inWorld(
      async (world) => {
        const node = await created(world)
        const start = node.log.lines.length
        for (let nth = 0; nth < 10; nth++) {
          await world.run(node.note('a').ask(rename))
          await world.run(node.note('a').ask({ type: 'Refuse' }))
          await world.run(node.note('a').ask(create, { commandId: 'created' }))
        }
        expect(node.log.lines.slice(start)).toEqual([])
        world.store.next({ kind: 'conflict', by: 'stranger' })
        await world.run(node.note('a').ask(rename))
        expect(node.log.lines.slice(start).map(({ level }) => level)).toEqual(['debug', 'info', 'debug'])
      },
      { logLevel: 'debug' },
    ),
  )
})
