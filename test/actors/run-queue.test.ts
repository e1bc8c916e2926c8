import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ActorSystem, startActors } from '../../actors/nact.ts'
import { type Runnable, RunQueue, type TurnBounds } from '../../actors/run-queue.ts'
import { type SimulatedRuntime, simulatedRuntime } from '../../src/testing/index.ts'

let actors: ActorSystem
let runtime: SimulatedRuntime
beforeEach(() => {
  actors = startActors()
  runtime = simulatedRuntime()
})
afterEach(() => actors.stop())

const bounds: TurnBounds = { commandsOfActor: 10, commandsOfTurn: 40, turnMs: 1_000 }
const queue = (some: Partial<TurnBounds> = {}): RunQueue =>
  new RunQueue(actors, 'turns', runtime.clock, { ...bounds, ...some })

/** Works off so many commands, and asks for another turn while some are left. */
class Worker implements Runnable {
  scheduled = false
  nextReady: Runnable | undefined
  readonly turns: number[] = []
  readonly crashes: unknown[] = []
  readonly name: string
  readonly #queue: RunQueue
  readonly #diary: string[]
  left: number
  onTurn: () => void = () => undefined

  constructor(name: string, left: number, queue: RunQueue, diary: string[] = []) {
    this.name = name
    this.left = left
    this.#queue = queue
    this.#diary = diary
  }

  turn(budget: number): number {
    this.#diary.push(this.name)
    this.onTurn()
    const worked = Math.min(budget, this.left)
    this.left -= worked
    this.turns.push(worked)
    if (this.left > 0) this.#queue.schedule(this)
    return worked
  }

  crashed(error: unknown): void {
    this.crashes.push(error)
  }
}

describe('a run queue', () => {
  it('gives each ready actor its turn in the order of arrival, and a hot one no more than its share', async () => {
    const turns = queue({ commandsOfTurn: 400 })
    const diary: string[] = []
    const hot = new Worker('hot', 35, turns, diary)
    const others = ['a', 'b', 'c'].map((name) => new Worker(name, 3, turns, diary))
    for (const worker of [hot, ...others]) turns.schedule(worker)
    expect(diary).toEqual([])
    await runtime.settle()
    expect(diary).toEqual(['hot', 'a', 'b', 'c', 'hot', 'hot', 'hot'])
    expect(hot.turns).toEqual([10, 10, 10, 5])
    expect(turns.length).toBe(0)
  })

  it('gives one turn, however often it is asked for', async () => {
    const turns = queue()
    const worker = new Worker('one', 1, turns)
    for (let nth = 0; nth < 5; nth++) turns.schedule(worker)
    expect(turns.length).toBe(1)
    await runtime.settle()
    expect(worker.turns).toEqual([1])
    turns.schedule(worker)
    await runtime.settle()
    expect(worker.turns).toEqual([1, 0])
  })

  it('lets the event loop run after so many commands of all', async () => {
    const turns = queue()
    const diary: string[] = []
    const workers = Array.from({ length: 12 }, (_, nth) => new Worker(`${nth}`, 10, turns, diary))
    for (const worker of workers) turns.schedule(worker)
    const counts: number[] = []
    while (turns.length > 0) {
      await new Promise<void>((resolve) => setImmediate(resolve))
      counts.push(diary.length)
    }
    // Forty commands a turn are four actors.
    expect([...new Set(counts)].filter((count) => count > 0)).toEqual([4, 8, 12])
  })

  it('ends its turn by the clock where commands are slow', async () => {
    const turns = queue({ turnMs: 5, commandsOfTurn: 1_000, commandsOfActor: 16 })
    const diary: string[] = []
    const workers = Array.from({ length: 3 }, (_, nth) => new Worker(`${nth}`, 16, turns, diary))
    for (const worker of workers) {
      worker.onTurn = () => runtime.shiftClock(50)
      turns.schedule(worker)
    }
    const counts: number[] = []
    while (turns.length > 0) {
      await new Promise<void>((resolve) => setImmediate(resolve))
      counts.push(diary.length)
    }
    expect([...new Set(counts)].filter((count) => count > 0)).toEqual([1, 2, 3])
  })

  it('a throw ends the turn of that actor alone, and tells it', async () => {
    const turns = queue()
    const [before, thrower, after] = ['before', 'thrower', 'after'].map((name) => new Worker(name, 1, turns))
    thrower!.onTurn = () => {
      throw new Error('on purpose')
    }
    for (const worker of [before!, thrower!, after!]) turns.schedule(worker)
    await runtime.settle()
    expect(before!.turns).toEqual([1])
    expect(after!.turns).toEqual([1])
    expect(thrower!.crashes).toEqual([expect.objectContaining({ message: 'on purpose' })])
  })

  it('goes on also where an actor throws when it is told of its throw', async () => {
    const turns = queue()
    const thrower = new Worker('thrower', 1, turns)
    thrower.onTurn = () => {
      throw new Error('on purpose')
    }
    thrower.crashed = () => {
      throw new Error('again')
    }
    const after = new Worker('after', 1, turns)
    turns.schedule(thrower)
    turns.schedule(after)
    await runtime.settle()
    expect(after.turns).toEqual([1])
    expect(turns.length).toBe(0)
  })

  it('keeps its order and forgets what it has worked off over thousands', async () => {
    const turns = queue({ commandsOfTurn: 50 })
    const diary: string[] = []
    for (let nth = 0; nth < 5_000; nth++) turns.schedule(new Worker(`${nth}`, 1, turns, diary))
    await runtime.settle()
    expect(diary).toEqual(Array.from({ length: 5_000 }, (_, nth) => `${nth}`))
    expect(turns.length).toBe(0)
  })
})
