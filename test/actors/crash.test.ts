import { describe, expect, it } from 'vitest'
import type { Decision } from '../../src/behaviour.ts'
import { changedBehaviour } from './kit/changed-behaviour.ts'
import { note, stream } from './kit/note.ts'
import { caught, inWorld, type World } from './kit/world.ts'

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const
const divide = { type: 'Divide' } as const

/** A definition with a bug of Reenact itself: its `decide` throws, which it never may. */
const buggy = changedBehaviour(note, (original) => ({
  decide(id, state, command, maxBytes): Decision {
    if (command.type === 'Explode') throw new Error('a bug')
    return original.decide(id, state, command, maxBytes)
  },
}))

async function buggyNode(world: World, settings = {}) {
  const node = await world.start(settings, world.store, [buggy])
  const a = node.system.get(buggy, 'a')
  await world.run(a.ask(create))
  return { node, a }
}

describe.each(['kept', 'onDemand'] as const)('a turn that throws (nact actors %s)', (nactActors) => {
  it(
    'rule 8: fails its command alone; the others are decided in order, before and after it',
    inWorld(async (world) => {
      const { node, a } = await buggyNode(world, { nactActors })
      const asked = [rename, divide, { type: 'Explode' } as const, rename, { type: 'Refuse' } as const]
      const outcomes = await world.run(Promise.all(asked.map((command) => caught(a.ask(command)))))
      expect(outcomes).toMatchObject([
        { status: 'accepted', revision: 1 },
        { status: 'accepted', revision: 4 },
        { tag: 'MachineFault', commandType: 'Explode' },
        { status: 'accepted', revision: 5 },
        { code: 'NotNow', revision: 5 },
      ])
      expect(node.log.about('crashed in its turn', ['error'])).toHaveLength(1)
      expect(await world.stored(stream('a'))).toHaveLength(6)
    }),
  )

  it(
    'rule 18: waits for the append under way, and what that holds is answered as what it is',
    inWorld(async (world) => {
      const { a } = await buggyNode(world, { nactActors, windowCommands: 2 })
      world.store.next({ kind: 'slowAppend', afterMs: 1_000 })
      // More commands in one append than the window remembers: none of them may be decided again.
      const sent = Array.from({ length: 6 }, (_, nth) => a.ask(divide, { commandId: `sent ${nth}` }))
      await world.runtime.advance(100)
      const crash = caught(a.ask({ type: 'Explode' }))
      const after = a.ask(rename)
      const outcomes = await world.run(Promise.all(sent))
      for (const [nth, outcome] of outcomes.entries()) {
        expect(outcome).toMatchObject({ status: 'accepted', duplicate: false, revision: 3 + 3 * nth })
      }
      expect(await world.run(crash)).toMatchObject({ tag: 'MachineFault' })
      expect(await world.run(after)).toMatchObject({ status: 'accepted', revision: 19 })
      expect(await world.stored(stream('a'))).toHaveLength(20)
    }),
  )

  it.each([
    ['lost', { kind: 'unknownBeforeWrite' }],
    ['stored without an answer', { kind: 'unknownAfterWrite' }],
    ['beaten by another writer', { kind: 'conflict', by: 'stranger' }],
    ['refused', { kind: 'refused', because: 'unreachable' }],
    ['mute', { kind: 'mute', effect: 'none' }],
    ['late', { kind: 'lateCommit', afterMs: 15_000, repeats: 'unknown' }],
  ] as const)('rule 18: recovers also where the append under way is %s', (_name, fault) =>
    inWorld(async (world) => {
      const { node, a } = await buggyNode(world, { nactActors })
      // Under way, and still so when the turn throws.
      world.store.next({ kind: 'slowAppend', afterMs: 200 })
      const first = a.ask(rename)
      await world.runtime.advance(10)
      const second = a.ask(divide, { timeoutMs: 600_000 })
      world.store.next(fault)
      await world.run(first)
      const crash = caught(a.ask({ type: 'Explode' }))
      const third = a.ask(rename, { timeoutMs: 600_000 })
      expect(await world.run(second)).toMatchObject({ status: 'accepted' })
      expect(await world.run(crash)).toMatchObject({ tag: 'MachineFault' })
      expect(await world.run(third)).toMatchObject({ status: 'accepted' })
      expect(node.log.about('crashed in its turn', ['error'])).toHaveLength(1)
      const sends = world.store.sends.filter(
        ({ append }) => append.commands[0]?.origin.commandType === 'Divide',
      )
      // One watch over its slot, not one more for each answer: resends come in their rhythm.
      expect(sends.length).toBeLessThan(6)
    })(),
  )

  it(
    'does not hold up its neighbours, and their answers',
    inWorld(async (world) => {
      const { node, a } = await buggyNode(world, { nactActors, shards: 1, writers: 1 })
      const b = node.system.get(buggy, 'b')
      const asked = [caught(a.ask({ type: 'Explode' })), b.ask(create), b.ask(rename)]
      await world.runtime.settle()
      const [, created, renamed] = await Promise.all(asked)
      expect([created, renamed]).toMatchObject([{ revision: 0 }, { revision: 1 }])
    }),
  )
})

describe('a command of very many events', () => {
  const many = changedBehaviour(note, (original) => ({
    decide(id, state, command, maxBytes): Decision {
      const decision = original.decide(id, state, command, maxBytes)
      if (command.type !== 'Divide' || decision.status !== 'accepted') return decision
      const events = Array.from({ length: 70_000 }, () => decision.events[0]!)
      return { ...decision, events }
    },
  }))

  it(
    'is refused with its number, and its aggregate goes on',
    inWorld(async (world) => {
      const node = await world.start({}, world.store, [many])
      const a = node.system.get(many, 'a')
      await world.run(a.ask(create))
      const failure = await world.failure(a.ask(divide))
      expect(failure).toMatchObject({ tag: 'MachineFault', commandType: 'Divide' })
      expect(failure.message).toContain('70000 events')
      expect(await world.run(a.ask(rename))).toMatchObject({ revision: 1 })
    }),
  )
})
