import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../src/store/event-store.ts'
import { caught, changedStore, inWorld, type Node, type World } from './kit/world.ts'

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const

/** A store that holds back its verdicts, and gives all of them in one go: as a commit of many appends does. */
class HeldVerdicts {
  readonly #held: (() => void)[] = []
  holds = false

  async start(world: World): Promise<Node> {
    const store = changedStore(world.memory, (inner) => ({
      append: (batch, settle) =>
        inner.append(batch, (index, verdict) => this.#take(() => settle(index, verdict))),
    }))
    return await world.start({ turnCommands: 10, appendsOfWriter: 1_000, shards: 2, writers: 2 }, store)
  }

  get held(): number {
    return this.#held.length
  }

  release(): void {
    for (const settle of this.#held.splice(0)) settle()
  }

  #take(settle: () => void): void {
    if (this.holds) this.#held.push(settle)
    else settle()
  }
}

/** Lets the promises that are settled say so, but no other task run. */
async function microtasks(): Promise<void> {
  for (let nth = 0; nth < 20; nth++) await Promise.resolve()
}

describe('a store that answers a hundred appends at once', () => {
  it(
    'is heard in bounded turns, so that timers and I/O of the process come between',
    inWorld(async (world) => {
      const verdicts = new HeldVerdicts()
      const node = await verdicts.start(world)
      verdicts.holds = true
      let answered = 0
      const asked = Array.from({ length: 100 }, (_, nth) => {
        const outcome = node.note(`${nth}`).ask(create)
        void outcome.then(() => answered++)
        return outcome
      })
      await world.runtime.settle()
      expect(verdicts.held).toBe(100)
      verdicts.release()
      await microtasks()
      // Two writers, each of which settles at once what one turn may hold.
      expect(answered).toBe(20)
      await world.runtime.settle()
      expect(answered).toBe(100)
      for (const outcome of await Promise.all(asked)) expect(outcome).toMatchObject({ status: 'accepted' })
    }),
  )

  it(
    'decides on what it said: commands that came meanwhile find every event of before',
    inWorld(async (world) => {
      const verdicts = new HeldVerdicts()
      const node = await verdicts.start(world)
      verdicts.holds = true
      const ids = Array.from({ length: 50 }, (_, nth) => `${nth}`)
      const created = ids.map((id) => node.note(id).ask(create))
      await world.runtime.settle()
      verdicts.holds = false
      verdicts.release()
      const renamed = ids.map((id) => node.note(id).ask(rename))
      await world.runtime.settle()
      for (const outcome of await Promise.all(created)) expect(outcome).toMatchObject({ revision: 0 })
      for (const outcome of await Promise.all(renamed)) expect(outcome).toMatchObject({ revision: 1 })
    }),
  )

  it(
    'may say nothing that helps: each append is settled by its slot all the same',
    inWorld(async (world) => {
      const unhelpful: Verdict = { status: 'unknown', cause: 'the connection was lost' }
      let failing = true
      const store = changedStore(world.memory, (inner) => ({
        append: (batch, settle) =>
          inner.append(batch, (index, verdict) => settle(index, failing ? unhelpful : verdict)),
      }))
      const node = await world.start({ turnCommands: 5, appendsOfWriter: 1_000 }, store)
      const asked = Array.from({ length: 40 }, (_, nth) => caught(node.note(`${nth}`).ask(create)))
      await world.runtime.settle()
      failing = false
      await world.runtime.settle()
      for (const outcome of await Promise.all(asked)) {
        expect(outcome).toMatchObject({ status: 'accepted', revision: 0, duplicate: false })
      }
    }),
  )
})
