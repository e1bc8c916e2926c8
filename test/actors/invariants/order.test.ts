import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../src/index.ts'
import { sleep } from '../../../src/runtime.ts'
import type { Append, Verdict } from '../../../src/store/event-store.ts'
import { appendFaults, mayFail } from '../kit/append-faults.ts'
import { stream } from '../kit/note.ts'
import { caught, changedStore, inWorld, type Node } from '../kit/world.ts'

const create = { type: 'Create', title: 'first' } as const
const patient = { timeoutMs: 600_000 }

/** Commands of every kind of answer, in turn. */
function command(nth: number) {
  const kinds = [
    { type: 'Rename', title: `${nth}` },
    { type: 'Refuse' },
    { type: 'Divide' },
    { type: 'Touch' },
    { type: 'Explode' },
    { type: 'Collapse' },
  ] as const
  return kinds[nth % kinds.length]!
}

describe('invariant 5: first come, first decided, and answers leave in that order', () => {
  const askAll = (node: Node, count: number): { answered: number[]; all: Promise<unknown> } => {
    const answered: number[] = []
    const asked = Array.from({ length: count }, (_, nth) =>
      caught(node.note('a').ask(command(nth), { ...patient, commandId: `command ${nth}` })).then(() =>
        answered.push(nth),
      ),
    )
    return { answered, all: Promise.all(asked) }
  }
  const inOrder = (count: number): readonly number[] => Array.from({ length: count }, (_, nth) => nth)

  it.each(appendFaults)('where %s', (_name, fault) =>
    inWorld(async (world) => {
      const node = await world.start({ turnCommandsOfAggregate: 5, aheadCommands: 4, appendCommands: 3 })
      await world.run(node.note('a').ask(create))
      world.store.next(fault, { after: 1 })
      world.store.next({ kind: 'slowCheck', afterMs: 50 })
      const { answered, all } = askAll(node, 48)
      await world.run(all)
      expect(answered).toEqual(inOrder(48))
      const ids = (await world.stored(stream('a'))).map(({ origin }) => origin?.commandId ?? '')
      const numbers = ids
        .filter((id) => id.startsWith('command '))
        .map((id) => Number(id.slice('command '.length)))
      // A rival with the very same command is first at one of them; all others stand in the order of asking.
      if (fault.kind !== 'conflict') expect(numbers).toEqual([...numbers].sort((one, two) => one - two))
    })(),
  )

  it(
    'across a recovery, while commands keep coming',
    inWorld(async (world) => {
      const first = await world.start()
      await world.run(first.note('a').ask(create))
      await world.stop(first)
      const node = await world.start()
      world.store.next({ kind: 'failedRead', afterEvents: 0 }, { times: 3 })
      world.store.next({ kind: 'slowRead', afterMs: 700 })
      const answered: number[] = []
      const asked: Promise<unknown>[] = []
      for (let nth = 0; nth < 30; nth++) {
        asked.push(caught(node.note('a').ask(command(nth), patient)).then(() => answered.push(nth)))
        await world.runtime.advance(60)
      }
      await world.run(Promise.all(asked))
      expect(answered).toEqual(inOrder(30))
    }),
  )

  it(
    'but what cannot be taken back may leave at once: a duplicate, a wrong command, a full mailbox, a timeout',
    inWorld(async (world) => {
      const node = await world.start({ mailboxCommands: 5 })
      const a = node.note('a')
      await world.run(a.ask(create, { commandId: 'first' }))
      world.store.next({ kind: 'slowAppend', afterMs: 5_000 })
      const slow = a.ask({ type: 'Divide' })
      await world.runtime.settle()
      const duplicate = await a.ask(create, { commandId: 'first' })
      expect(duplicate).toMatchObject({ status: 'accepted', revision: 0, duplicate: true })
      await expect(a.ask({ type: 'Rename' } as never)).rejects.toMatchObject({ tag: 'InvalidCommand' })
      const hasty = caught(a.ask({ type: 'Touch' }, { timeoutMs: 100 }))
      await world.runtime.advance(200)
      expect(await hasty).toMatchObject({ tag: 'CommandTimeout' })
      const filling = [a.ask({ type: 'Touch' }), a.ask({ type: 'Touch' })]
      await world.runtime.settle()
      await expect(a.ask({ type: 'Touch' })).rejects.toMatchObject({ tag: 'MailboxFull' })
      expect(world.runtime.clock.now()).toBeLessThan(Date.UTC(2024, 0, 1) + 1_000)
      await world.run(Promise.all([slow, ...filling]))
    }),
  )
})

describe('invariant 6: of two writers on one stream one wins, proven by the event in the slot', () => {
  it(
    'and the loser decides again on fresh state',
    inWorld(async (world) => {
      const nodes = [await world.start(), await world.start()]
      await world.run(nodes[0]!.note('a').ask(create))
      const outcomes: Outcome[] = []
      for (let round = 0; round < 20; round++) {
        const both = nodes.map((node, nth) =>
          node.note('a').ask({ type: 'Rename', title: `${round} of ${nth}` }, { expectedRevision: round }),
        )
        const [left, right] = await world.run(Promise.all(both))
        outcomes.push(left!, right!)
      }
      // Both expected the same revision: exactly one of them may have it, and the other was told the truth.
      expect(outcomes.filter(({ status }) => status === 'accepted')).toHaveLength(20)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.code).toBe('StaleRevision')
      }
      expect(await world.stored(stream('a'))).toHaveLength(21)
    }),
  )

  it(
    'and nothing of either is lost, however often they collide',
    inWorld(
      async (world) => {
        const nodes = [await world.start(), await world.start(), await world.start()]
        await world.run(nodes[0]!.note('a').ask(create))
        const asked = nodes.flatMap((node, nth) =>
          Array.from({ length: 40 }, (_, round) =>
            node.note('a').ask({ type: 'Rename', title: `${round} of ${nth}` }, patient),
          ),
        )
        const outcomes = await world.run(Promise.all(asked))
        for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'accepted' })
        expect(new Set(outcomes.map(({ revision }) => revision)).size).toBe(120)
        expect(await world.stored(stream('a'))).toHaveLength(121)
        expect(nodes.flatMap((node) => node.sightings('conflict')).length).toBeGreaterThan(0)
      },
      { order: 'seeded', seed: 3, rates: { slowAppend: 0.7 }, longestMs: 20 },
    ),
  )
})

describe('invariant 7: a result is applied to the append it belongs to, or not at all', () => {
  it.each([
    ['conflict', { status: 'conflict', revision: 9 }],
    ['refused', { status: 'refused', error: new Error('a late refusal') }],
    ['unknown', { status: 'unknown', cause: 'a late loss' }],
    ['written', { status: 'written', revision: 1, position: 1 as never }],
  ] as const)('a %s for an append that is settled changes nothing', (_name, verdict: Verdict) =>
    inWorld(async (world) => {
      const settlers: (() => void)[] = []
      const twice = changedStore(world.store, (store) => ({
        append(batch: readonly Append[], settle) {
          store.append(batch, (index, first) => {
            settle(index, first)
            settlers.push(() => settle(index, verdict))
          })
        },
      }))
      const node = await world.start({}, twice)
      await world.run(node.note('a').ask(create))
      for (let round = 1; round <= 5; round++) {
        const asked = node.note('a').ask({ type: 'Rename', title: `${round}` })
        // Verdicts of old appends, while a new one is under way and after it.
        await Promise.resolve()
        for (const settle of settlers) settle()
        expect(await world.run(asked)).toMatchObject({ status: 'accepted', revision: round })
        for (const settle of settlers) settle()
      }
      expect(await world.stored(stream('a'))).toHaveLength(6)
      expect(node.sightings('conflict')).toEqual([])
      expect(node.sightings('appendUnsettled')).toEqual([])
    })(),
  )

  it(
    'a verdict that comes after its append was proven dead does not touch the append that took its place',
    inWorld(async (world) => {
      const node = await world.start({ appendTimeoutMs: 1_000 })
      await world.run(node.note('a').ask(create))
      // It never arrives, and is answered, wrongly as it seems, when the next one is under way.
      world.store.next({ kind: 'lateArrival', afterMs: 3_000 })
      const asked = node.note('a').ask({ type: 'Rename', title: 'mine' }, patient)
      await world.runtime.advance(100)
      await (await world.stranger()).write(stream('a'), [{ type: 'Renamed', title: 'theirs' }])
      world.store.next({ kind: 'slowAppend', afterMs: 6_000 })
      expect(await world.run(asked)).toMatchObject({ status: 'accepted', revision: 2 })
      await world.runtime.advance(60_000)
      expect(await world.storedMessages(stream('a'))).toEqual([
        { type: 'Created', title: 'first' },
        { type: 'Renamed', title: 'theirs' },
        { type: 'Renamed', title: 'mine' },
      ])
    }),
  )
})

describe('invariant 13: a rejection was true of the head at an instant between arrival and answer', () => {
  it(
    'what was refused on an old state is decided again on the new one',
    inWorld(async (world) => {
      const node = await world.start()
      // Known as absent here, and nobody says that it was created elsewhere.
      await world.run(node.note('a').state())
      world.store.next({ kind: 'slowDelivery', afterMs: 60_000 }, { system: node.system.id })
      await (await world.stranger()).write(stream('a'), [{ type: 'Created', title: 'elsewhere' }])
      expect((await world.run(node.note('a').state())).revision).toBe(-1)
      const outcome = await world.run(node.note('a').ask({ type: 'Rename', title: 'here' }))
      expect(outcome).toMatchObject({ status: 'accepted', revision: 1 })
      expect(world.runtime.clock.now()).toBeLessThan(Date.UTC(2024, 0, 1) + 5_000)
    }),
  )

  it(
    'also an acceptance without events, and a fault of the machine',
    inWorld(async (world) => {
      const node = await world.start()
      await world.run(node.note('a').ask(create))
      const stranger = await world.stranger()
      world.store.next({ kind: 'slowDelivery', afterMs: 600_000 }, { system: node.system.id })
      await stranger.write(stream('a'), [{ type: 'Renamed', title: 'x' }])
      expect(await world.run(node.note('a').ask({ type: 'Touch' }))).toMatchObject({ revision: 1 })
      await stranger.write(stream('a'), [{ type: 'Closed' }])
      // Open, it would have thrown; closed, it is done.
      const outcome = await world.run(node.note('a').ask({ type: 'Explode' }))
      expect(outcome).toMatchObject({ status: 'rejected', code: 'Done', revision: 2 })
    }),
  )

  it(
    'a check that was asked before the command arrived does not count',
    inWorld(async (world) => {
      let checks = 0
      const late = changedStore(world.store, (store) => ({
        async checkHead(at, revision) {
          checks++
          const isHead = await store.checkHead(at, revision)
          await sleep(world.runtime, 1_000)
          return isHead
        },
      }))
      const node = await world.start({}, late)
      await world.run(node.note('a').ask(create))
      world.store.next({ kind: 'slowDelivery', afterMs: 600_000 }, { system: node.system.id })
      const first = node.note('a').ask({ type: 'Refuse' })
      await world.runtime.advance(500)
      // The check of the first command has looked already, and found the head.
      await (await world.stranger()).write(stream('a'), [{ type: 'Closed' }])
      const second = node.note('a').ask({ type: 'Refuse' })
      expect(await world.run(first)).toMatchObject({ code: 'NotNow', revision: 0 })
      expect(await world.run(second)).toMatchObject({ code: 'Done', revision: 1 })
      expect(checks).toBeGreaterThan(1)
    }),
  )

  it(
    'one check serves many commands',
    inWorld(async (world) => {
      let checks = 0
      const counting = changedStore(world.store, (store) => ({
        checkHead(at, revision) {
          checks++
          return store.checkHead(at, revision)
        },
      }))
      const node = await world.start({}, counting)
      await world.run(node.note('a').ask(create))
      await world.run(Promise.all(Array.from({ length: 100 }, () => node.note('a').ask({ type: 'Refuse' }))))
      expect(checks).toBe(1)
    }),
  )

  it.each(appendFaults.filter(([, fault]) => !mayFail(fault)))(
    'behind an append under way it waits for that one, where %s',
    (_name, fault) =>
      inWorld(async (world) => {
        const node = await world.start()
        await world.run(node.note('a').ask(create))
        world.store.next(fault)
        const close = node.note('a').ask({ type: 'Close' }, patient)
        const refused = node.note('a').ask({ type: 'Rename', title: 'too late' }, patient)
        const [closed, rejection] = await world.run(Promise.all([close, refused]))
        const events = await world.stored(stream('a'))
        expect(closed.status).toBe(
          fault.kind === 'conflict' && fault.by === 'stranger' ? 'rejected' : 'accepted',
        )
        expect(rejection).toMatchObject({ status: 'rejected', code: 'Done', revision: events.length - 1 })
      })(),
  )
})
