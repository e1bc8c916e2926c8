import { describe, expect, it, vi } from 'vitest'
import { Mailbox } from '../../actors/mailbox.ts'
import { MailboxFull } from '../../src/index.ts'
import { stream } from './kit/note.ts'
import { caught, inWorld, type Node, type World } from './kit/world.ts'

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const
const patient = { timeoutMs: 600_000 }

/** A note whose append is under way and not answered for long. */
async function stuck(world: World, settings = {}): Promise<Node> {
  const node = await world.start(settings)
  await world.run(node.note('a').ask(create))
  world.store.next({ kind: 'slowAppend', afterMs: 10_000 }, { stream: stream('a') })
  void caught(node.note('a').ask({ type: 'Divide' }, { ...patient, commandId: 'stuck' }))
  await world.runtime.settle()
  return node
}

const full = (outcomes: readonly unknown[]): readonly MailboxFull[] =>
  outcomes.filter((outcome): outcome is MailboxFull => outcome instanceof MailboxFull)

async function settledNow(world: World, asked: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  const settled: unknown[] = []
  for (const one of asked) void caught(one).then((outcome) => settled.push(outcome))
  await world.runtime.settle()
  return settled
}

describe('MailboxFull', () => {
  it(
    'says which mailbox is full, of how many commands, and takes the next one when there is room',
    inWorld(async (world) => {
      const node = await stuck(world, { mailboxCommands: 5 })
      const asked = Array.from({ length: 8 }, () => node.note('a').ask(rename, patient))
      const refused = full(await settledNow(world, asked))
      expect(refused).toHaveLength(4)
      expect(refused[0]).toMatchObject({ scope: 'aggregate' })
      expect(refused[0]!.message).toContain("the mailbox of note 'a' is full (5 commands)")
      // Its neighbour has a mailbox of its own.
      expect(await world.run(node.note('b').ask(create))).toMatchObject({ status: 'accepted' })
      await world.runtime.advance(11_000)
      expect(await world.run(node.note('a').ask(rename))).toMatchObject({ revision: 8 })
    }),
  )

  it(
    'counts bytes, too: of the commands and of their metadata',
    inWorld(async (world) => {
      const node = await stuck(world, { mailboxBytes: 10_000 })
      const large = { type: 'Rename', title: 'x'.repeat(2_000) } as const
      const asked = Array.from({ length: 5 }, () => node.note('a').ask(large, patient))
      const refused = full(await settledNow(world, asked))
      expect(refused).toHaveLength(3)
      expect(refused[0]!.message).toContain('10000 bytes')
      await world.runtime.advance(11_000)

      world.store.next({ kind: 'slowAppend', afterMs: 10_000 }, { stream: stream('a') })
      const told = { ...patient, metadata: { text: 'x'.repeat(2_000) } }
      const more = Array.from({ length: 5 }, () => node.note('a').ask(rename, told))
      expect(full(await settledNow(world, more))).toHaveLength(3)
    }),
  )

  it(
    'counts what all mailboxes hold together',
    inWorld(async (world) => {
      const node = await world.start({ systemCommands: 6 })
      world.store.goDown({ appends: 'mute', forMs: 5_000 })
      const asked = Array.from({ length: 10 }, (_, nth) => node.note(`${nth}`).ask(create, patient))
      const refused = full(await settledNow(world, asked))
      expect(refused).toHaveLength(4)
      expect(refused[0]).toMatchObject({ scope: 'system' })
      expect(refused[0]!.message).toContain('the system is full (6 commands)')
    }),
  )

  it(
    'never refuses because of commands that were given up: they make room',
    inWorld(async (world) => {
      const node = await world.start({ mailboxCommands: 5 })
      await world.run(node.note('a').ask(create))
      world.store.next({ kind: 'unknownBeforeWrite' }, { times: 3 })
      void caught(node.note('a').ask({ type: 'Divide' }, patient))
      await world.runtime.settle()
      for (let round = 0; round < 5; round++) {
        const asked = Array.from({ length: 4 }, () => caught(node.note('a').ask(rename, { timeoutMs: 200 })))
        await world.runtime.advance(300)
        for (const outcome of await Promise.all(asked))
          expect(outcome).toMatchObject({ tag: 'CommandTimeout' })
      }
    }),
  )

  it(
    'bounds those who ask the same command again and again, too',
    inWorld(async (world) => {
      const node = await stuck(world, { mailboxCommands: 20 })
      const asked = Array.from({ length: 50 }, () =>
        node.note('a').ask({ type: 'Divide' }, { ...patient, commandId: 'stuck' }),
      )
      expect(full(await settledNow(world, asked))).toHaveLength(31)
      await world.runtime.advance(11_000)
      const again = node.note('a').ask({ type: 'Divide' }, { commandId: 'stuck' })
      expect(await world.run(again)).toMatchObject({ status: 'accepted', duplicate: true })
    }),
  )

  it(
    'bounds them over all commands of the system',
    inWorld(async (world) => {
      const node = await world.start({ systemCommands: 30 })
      world.store.goDown({ appends: 'mute', forMs: 5_000 })
      const asked = Array.from({ length: 200 }, (_, nth) =>
        node.note(`${nth % 4}`).ask(create, { ...patient, commandId: `of ${nth % 4}` }),
      )
      expect(full(await settledNow(world, asked))).toHaveLength(200 - 34)
    }),
  )

  it(
    'forgets those of them who gave up: a caller may ask again for as long as it likes',
    inWorld(async (world) => {
      const node = await stuck(world, { mailboxCommands: 20 })
      for (let round = 0; round < 60; round++) {
        const asked = caught(node.note('a').ask({ type: 'Divide' }, { commandId: 'stuck', timeoutMs: 60 }))
        await world.runtime.advance(130)
        expect(await asked).toMatchObject({ tag: 'CommandTimeout', executed: 'unknown' })
      }
    }),
  )

  it(
    'is said quickly, however full it is: refusing must not cost more than doing',
    inWorld(async (world) => {
      const node = await stuck(world, { mailboxCommands: 500 })
      const walks = vi.spyOn(Mailbox.prototype, 'retain')
      for (let nth = 0; nth < 499; nth++) void caught(node.note('a').ask(rename, patient))
      const asked = Array.from({ length: 1_000 }, () => node.note('a').ask(rename, patient))
      expect(full(await settledNow(world, asked))).toHaveLength(1_000)
      // A walk through a full mailbox for each refusal held up the event loop for 40 s (measured).
      expect(walks).not.toHaveBeenCalled()
      walks.mockRestore()
      await world.runtime.advance(11_000)
    }),
  )
})
