import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../src/index.ts'
import { appendFaults, mayFail } from '../kit/append-faults.ts'
import { stream } from '../kit/note.ts'
import { caught, inWorld, type World } from '../kit/world.ts'

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const
const divide = { type: 'Divide' } as const
// Longer than any fault of these tests lasts.
const patient = { timeoutMs: 600_000 }

/** What the store holds of the command, at the place that the outcome names. */
async function expectStored(world: World, id: string, outcome: Outcome): Promise<void> {
  if (outcome.status !== 'accepted') throw new Error(`not accepted, but ${JSON.stringify(outcome)}`)
  const events = await world.stored(stream(id))
  const first = outcome.revision - outcome.events.length + 1
  const own = events.slice(first, outcome.revision + 1)
  expect(own.map(({ type, data }) => ({ type, ...data }))).toEqual(outcome.events)
  expect(own.map(({ index }) => index)).toEqual(own.map((_, nth) => nth))
  for (const { origin } of own) {
    expect(origin).toMatchObject({ commandId: outcome.commandId, count: outcome.events.length })
  }
}

describe('invariant 1: acknowledged implies durable, and an outcome states exactly what is stored', () => {
  it.each(appendFaults)('where %s', (_name, fault) =>
    inWorld(async (world) => {
      const node = await world.start()
      await world.run(node.note('a').ask(create))
      world.store.next(fault)
      const asked = [rename, divide, rename].map((command) =>
        node
          .note('a')
          .ask(command, patient)
          .then(async (outcome) => {
            // At the very instant of the answer, not some time later.
            await expectStored(world, 'a', outcome)
            return outcome
          }),
      )
      const outcomes = await world.run(Promise.allSettled(asked))
      for (const outcome of outcomes) {
        if (!mayFail(fault)) expect(outcome).toMatchObject({ status: 'fulfilled' })
      }
      const revisions = (await world.stored(stream('a'))).map(({ revision }) => revision)
      expect(revisions).toEqual(revisions.map((_, nth) => nth))
    })(),
  )

  it.each(appendFaults)('also when the process is killed at the answer, where %s', (_name, fault) =>
    inWorld(async (world) => {
      const node = await world.start()
      await world.run(node.note('a').ask(create))
      world.store.next(fault)
      const outcome = (await world.run(caught(node.note('a').ask(divide, patient)))) as Outcome
      world.kill(node)
      if (mayFail(fault)) return
      await expectStored(world, 'a', outcome)
      const next = await world.start()
      expect((await world.run(next.note('a').state())).revision).toBeGreaterThanOrEqual(outcome.revision)
      await expectStored(world, 'a', outcome)
    })(),
  )
})

describe('invariant 3: one command id has at most one effect, and a duplicate gets the first outcome', () => {
  const once = async (world: World, commandId: string): Promise<void> => {
    const effects = (await world.stored(stream('a'))).filter(({ origin }) => origin?.commandId === commandId)
    expect(effects.map(({ type }) => type)).toEqual(['Divided', 'Divided', 'Divided'])
  }

  it.each(appendFaults)('across timeouts and retries, where %s', (_name, fault) =>
    inWorld(async (world) => {
      const node = await world.start()
      await world.run(node.note('a').ask(create))
      world.store.next(fault)
      const outcomes: unknown[] = []
      for (let attempt = 0; attempt < 40; attempt++) {
        const asked = caught(node.note('a').ask(divide, { commandId: 'x', timeoutMs: 1_700 }))
        outcomes.push(await world.run(asked))
      }
      await world.runtime.advance(60_000)
      await once(world, 'x')
      const accepted = outcomes.filter((outcome): outcome is Outcome => !(outcome instanceof Error))
      expect(accepted.length).toBeGreaterThan(0)
      const last = accepted.at(-1)!
      for (const outcome of accepted) {
        expect({ ...outcome, duplicate: true }).toEqual({ ...last, duplicate: true })
      }
    })(),
  )

  it.each(appendFaults)('across a restart of the process, where %s', (_name, fault) =>
    inWorld(async (world) => {
      let node = await world.start()
      await world.run(node.note('a').ask(create))
      world.store.next(fault)
      for (const aliveMs of [1, 900, 2_100, 6_000]) {
        void caught(node.note('a').ask(divide, { commandId: 'x' }))
        await world.runtime.advance(aliveMs)
        world.kill(node)
        node = await world.start()
      }
      const outcome = await world.run(node.note('a').ask(divide, { commandId: 'x', ...patient }))
      await world.runtime.advance(60_000)
      await once(world, 'x')
      await expectStored(world, 'a', outcome)
    })(),
  )

  it.each(appendFaults)('across two processes that are asked at once, where %s', (_name, fault) =>
    inWorld(async (world) => {
      const nodes = [await world.start(), await world.start()]
      await world.run(nodes[0]!.note('a').ask(create))
      world.store.next(fault)
      const outcomes = await world.run(
        Promise.all(
          nodes.flatMap((node) => [
            caught(node.note('a').ask(divide, { commandId: 'x', ...patient })),
            caught(node.note('a').ask(rename, { commandId: `${node.system.id}`, ...patient })),
          ]),
        ),
      )
      await world.runtime.advance(60_000)
      await once(world, 'x')
      const both = [outcomes[0], outcomes[2]].filter((outcome) => !(outcome instanceof Error)) as Outcome[]
      for (const outcome of both) {
        await expectStored(world, 'a', outcome)
        expect(outcome.revision).toBe(both[0]!.revision)
      }
      if (!mayFail(fault) && fault.kind !== 'conflict') {
        expect(both.map((outcome) => outcome.status === 'accepted' && outcome.duplicate).sort()).toEqual([
          false,
          true,
        ])
      }
    })(),
  )

  it(
    'across passivation',
    inWorld(async (world) => {
      const node = await world.start({ liveAggregates: 1 })
      await world.run(node.note('a').ask(create))
      const first = await world.run(node.note('a').ask(divide, { commandId: 'x' }))
      await world.run(node.note('b').ask(create))
      expect(node.sightings('passivated')).toHaveLength(1)
      expect(await world.run(node.note('a').ask(divide, { commandId: 'x' }))).toEqual({
        ...first,
        duplicate: true,
      })
      await once(world, 'x')
    }),
  )
})

describe('invariant 4: a filled slot settles, an empty one never does', () => {
  it(
    'an append that is read as absent for 19 seconds is sent again, unchanged, and never given up',
    inWorld(async (world) => {
      const node = await world.start()
      await world.run(node.note('a').ask(create))
      world.store.next({ kind: 'lateCommit', afterMs: 19_000, repeats: 'none' })
      const asked = node.note('a').ask(rename, { commandId: 'x', ...patient })
      await world.runtime.advance(18_900)
      expect(await world.stored(stream('a'))).toHaveLength(1)
      expect(node.sightings('appendUnsettled')).toHaveLength(1)
      expect(node.sightings('conflict')).toHaveLength(0)
      const outcome = await world.run(asked)
      await expectStored(world, 'a', outcome)
      const sends = world.store.sends.filter(({ append }) => append.expectedRevision === 0)
      expect(sends.length).toBeGreaterThan(1)
      expect(new Set(sends.map(({ append }) => append)).size).toBe(1)
    }),
  )

  it(
    'a conflict whose slot is empty is no conflict: the same append is sent until the slot is filled',
    inWorld(async (world) => {
      const node = await world.start({ maxConflictRetries: 0 })
      await world.run(node.note('a').ask(create))
      world.store.next({ kind: 'phantomConflict' }, { times: 4 })
      const outcome = await world.run(node.note('a').ask(rename, patient))
      await expectStored(world, 'a', outcome)
      expect(node.sightings('conflict')).toHaveLength(0)
      expect(node.sightings('appendSent').at(-1)).toMatchObject({ send: 5 })
    }),
  )

  it(
    'a filled slot settles at once, whatever the verdict said',
    inWorld(async (world) => {
      const node = await world.start()
      await world.run(node.note('a').ask(create))
      world.store.next({ kind: 'unknownAfterWrite' })
      const asked = node.note('a').ask(rename)
      await world.runtime.settle()
      // The clock has not moved: one read of the slot was enough.
      await expectStored(world, 'a', await asked)
      expect(world.store.sends.filter(({ append }) => append.expectedRevision === 0)).toHaveLength(1)
    }),
  )
})

describe('invariant 12: the events of a command are atomic and never seen in part', () => {
  it(
    'whatever the store does to pages and messages, no state shows a part of a command',
    inWorld(async (world) => {
      const writer = await world.start()
      await world.run(writer.note('a').ask(create))
      const reader = await world.start({ recoveries: 1, snapshotEvery: 2 })
      const seen: number[] = []
      reader.system.inspect((event) => {
        if (event.kind === 'refreshed' || event.kind === 'recovered') seen.push(event.revision)
      })
      await world.run(reader.note('a').state())
      for (let round = 0; round < 12; round++) {
        world.store.next({ kind: 'tornPages', events: 1 + (round % 3) })
        world.store.next({ kind: 'tornDelivery', afterMs: 200 }, { system: reader.system.id })
        if (round % 4 === 3) world.store.next({ kind: 'failedRead', afterEvents: round })
        await world.run(writer.note('a').ask(divide))
        await world.runtime.advance(100)
        const early = await world.run(reader.note('a').state())
        expect(early.context.parts % 3).toBe(1)
        if (round % 3 === 2) {
          const outcome = await world.run(reader.note('a').ask(divide))
          expect(outcome).toMatchObject({ status: 'accepted', events: [{}, {}, {}] })
        }
        await world.runtime.advance(1_000)
      }
      for (const revision of seen) expect(revision % 3).toBe(0)
      expect(seen.length).toBeGreaterThan(6)
    }),
  )
})
