import { describe, expect, it } from 'vitest'
import { account } from '../../examples/bank/account.ts'
import type { CommandOf } from '../../src/index.ts'
import { seededRandom } from '../../src/testing/index.ts'
import { stream } from './kit/note.ts'
import { caught, inWorld, type Node, type World } from './kit/world.ts'

// What ENode's own tests hold it to. It has event publishers and ordered event handlers, too, which are no part of
// this runtime: "a publisher fails five times" and "delivery 1, 3, 2" have no counterpart here.

const create = { type: 'Create', title: 'first' } as const
const title = (nth: number) => ({ type: 'Rename', title: `${nth}` }) as const

describe('a note', () => {
  it(
    'create, then update: revision 0, then 1',
    inWorld(async (world) => {
      const a = (await world.start()).note('a')
      expect(await world.run(a.ask(create))).toMatchObject({ status: 'accepted', revision: 0 })
      expect(await world.run(a.ask(title(1)))).toMatchObject({ status: 'accepted', revision: 1 })
    }),
  )

  it(
    'the same create again, the same command id: the original result, one event',
    inWorld(async (world) => {
      const a = (await world.start()).note('a')
      const first = await world.run(a.ask(create, { commandId: 'x' }))
      expect(await world.run(a.ask(create, { commandId: 'x' }))).toEqual({ ...first, duplicate: true })
      expect(await world.stored(stream('a'))).toHaveLength(1)
    }),
  )

  it(
    'another create: rejected as already existing, one event',
    inWorld(async (world) => {
      const a = (await world.start()).note('a')
      await world.run(a.ask(create))
      expect(await world.run(a.ask(create))).toMatchObject({ status: 'rejected', code: 'AlreadyCreated' })
      expect(await world.stored(stream('a'))).toHaveLength(1)
    }),
  )

  it(
    'an update run again with the same id: accepted, no new event',
    inWorld(async (world) => {
      const a = (await world.start()).note('a')
      await world.run(a.ask(create))
      const first = await world.run(a.ask(title(1), { commandId: 'x' }))
      await world.run(a.ask(title(2)))
      expect(await world.run(a.ask(title(1), { commandId: 'x' }))).toEqual({ ...first, duplicate: true })
      expect(await world.stored(stream('a'))).toHaveLength(3)
    }),
  )

  it(
    '100 updates in parallel: all accepted, 101 events',
    inWorld(async (world) => {
      const a = (await world.start()).note('a')
      await world.run(a.ask(create))
      const outcomes = await world.run(
        Promise.all(Array.from({ length: 100 }, (_, nth) => a.ask(title(nth)))),
      )
      expect(outcomes.every(({ status }) => status === 'accepted')).toBe(true)
      expect(await world.stored(stream('a'))).toHaveLength(101)
    }),
  )

  it(
    'a foreign writer has stored revision 0 with the same command id: create, then 50 updates: 51 events',
    inWorld(async (world) => {
      const node = await world.start()
      const a = node.note('a')
      // Known as absent here, so that the create runs into it.
      await world.run(a.state())
      world.store.next({ kind: 'slowDelivery', afterMs: 60_000 }, { system: node.system.id })
      const stranger = await world.stranger()
      await stranger.write(stream('a'), [{ type: 'Created', title: 'first' }], {
        commandId: 'x',
        commandType: 'Create',
      })
      const created = a.ask(create, { commandId: 'x' })
      const updated = Array.from({ length: 50 }, (_, nth) => a.ask(title(nth)))
      expect(await world.run(created)).toMatchObject({ status: 'accepted', revision: 0, duplicate: true })
      for (const outcome of await world.run(Promise.all(updated))) {
        expect(outcome).toMatchObject({ status: 'accepted' })
      }
      expect(await world.stored(stream('a'))).toHaveLength(51)
    }),
  )

  it(
    'a foreign writer stores revision 1 behind our back, then 50 updates: 52 events, the last title wins',
    inWorld(async (world) => {
      const node = await world.start()
      const a = node.note('a')
      await world.run(a.ask(create))
      world.store.next({ kind: 'slowDelivery', afterMs: 60_000 }, { system: node.system.id })
      await (await world.stranger()).write(stream('a'), [{ type: 'Renamed', title: 'theirs' }])
      const outcomes = await world.run(Promise.all(Array.from({ length: 50 }, (_, nth) => a.ask(title(nth)))))
      expect(outcomes.every(({ status }) => status === 'accepted')).toBe(true)
      expect(await world.stored(stream('a'))).toHaveLength(52)
      expect((await world.run(a.state())).context.title).toBe('49')
    }),
  )

  it(
    'the store fails five times, then works: accepted',
    inWorld(async (world) => {
      const a = (await world.start()).note('a')
      for (const because of ['append', 'read'] as const) {
        if (because === 'append') world.store.next({ kind: 'refused', because: 'unreachable' }, { times: 5 })
        else world.store.next({ kind: 'failedRead', afterEvents: 0 }, { times: 5 })
      }
      expect(await world.run(a.ask(create))).toMatchObject({ status: 'accepted', revision: 0 })
    }),
  )

  it(
    'a command that changes nothing: accepted, no events',
    inWorld(async (world) => {
      const a = (await world.start()).note('a')
      await world.run(a.ask(create))
      expect(await world.run(a.ask({ type: 'Touch' }))).toMatchObject({
        status: 'accepted',
        events: [],
        revision: 0,
      })
      expect(await world.stored(stream('a'))).toHaveLength(1)
    }),
  )

  it(
    'a machine that throws: a typed error, the state unchanged, the next command works',
    inWorld(async (world) => {
      const a = (await world.start()).note('a')
      await world.run(a.ask(create))
      expect(await world.failure(a.ask({ type: 'Explode' }))).toMatchObject({ tag: 'MachineFault' })
      expect(await world.failure(a.ask({ type: 'Collapse' }))).toMatchObject({ tag: 'MachineFault' })
      expect((await world.run(a.state())).context).toEqual({ title: 'first', changes: 0, parts: 1 })
      expect(await world.run(a.ask(title(1)))).toMatchObject({ status: 'accepted', revision: 1 })
    }),
  )
})

describe('a bank of 100 accounts with 1,000 transfers of 100 between neighbours', () => {
  const accounts = Array.from({ length: 100 }, (_, nth) => `${nth}`)
  // Less than a transfer may ever be short of: a withdrawal is never declined.
  const wealth = 1_000

  /** Whichever process is alive: a killed one answers nobody any more. */
  class Bank {
    readonly #world: World
    #node: Promise<Node>
    #killed: Promise<void>
    #kill: () => void = () => undefined

    constructor(world: World) {
      this.#world = world
      this.#killed = this.#nextKill()
      this.#node = world.launch()
    }

    async crash(): Promise<void> {
      const kill = this.#kill
      this.#world.kill(await this.#node)
      this.#killed = this.#nextKill()
      this.#node = this.#world.launch()
      kill()
      await this.#node
    }

    /** Asks until it is answered: a transfer that has begun is always finished. */
    async insist(id: string, command: CommandOf<typeof account>, commandId: string) {
      for (;;) {
        const node = await this.#node
        const asked = node.system.get(account, id).ask(command, { commandId, timeoutMs: 3_000 })
        const outcome = await Promise.race([caught(asked), this.#killed])
        if (outcome !== undefined && !(outcome instanceof Error)) return outcome
      }
    }

    #nextKill(): Promise<void> {
      return new Promise((resolve) => {
        this.#kill = resolve
      })
    }
  }

  async function balances(world: World): Promise<readonly number[]> {
    const node = await world.start({}, world.memory)
    const states = await world.run(Promise.all(accounts.map((id) => node.system.get(account, id).state())))
    return states.map(({ context }) => context.balance)
  }

  it.each([1, 2])('conserves its sum, with crashes and redelivery in between (seed %i)', (seed) =>
    inWorld(
      async (world) => {
        const random = seededRandom(seed)
        const bank = new Bank(world)
        const paid = accounts.map(async (id) => {
          await bank.insist(id, { type: 'Open', owner: `owner of ${id}` }, `open ${id}`)
          await bank.insist(id, { type: 'Deposit', amount: wealth }, `wealth of ${id}`)
        })
        await world.run(Promise.all(paid))

        const transfers = Array.from({ length: 1_000 }, async (_, nth) => {
          await bank.insist(`${nth % 100}`, { type: 'Withdraw', amount: 100 }, `out ${nth}`)
          const to = `${(nth + 1) % 100}`
          await bank.insist(to, { type: 'Deposit', amount: 100 }, `in ${nth}`)
          // Delivered once more, as queues do.
          if (nth % 3 !== 0) return
          const again = await bank.insist(to, { type: 'Deposit', amount: 100 }, `in ${nth}`)
          expect(again).toMatchObject({ status: 'accepted', duplicate: true })
        })
        for (let crash = 0; crash < 8; crash++) {
          for (let turn = random.between(5, 40); turn > 0; turn--) {
            await new Promise<void>((resolve) => setImmediate(resolve))
          }
          await bank.crash()
        }
        await world.run(Promise.all(transfers))
        const left = await balances(world)
        expect(left.reduce((sum, balance) => sum + balance, 0)).toBe(100 * wealth)
        expect(left).toEqual(accounts.map(() => wealth))
        const events = await Promise.all(accounts.map((id) => world.stored(`account-${id}`)))
        const ids = events.flat().map(({ origin }) => origin!.commandId)
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids).toHaveLength(2_200)
      },
      {
        seed,
        order: 'seeded',
        aggregates: [account],
        settings: { windowCommands: 100, snapshotEvery: 5, liveAggregates: 60 },
        rates: {
          unknownAfterWrite: 0.03,
          unknownBeforeWrite: 0.02,
          conflict: 0,
          slowAppend: 0.2,
          refused: 0.01,
        },
        longestMs: 2_000,
      },
    )(),
  )
})
