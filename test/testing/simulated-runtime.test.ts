import { dispatch, spawn, start } from 'nact'
import { describe, expect, it } from 'vitest'
import { sleep } from '../../src/runtime.ts'
import { simulatedRuntime } from '../../src/testing/index.ts'

describe('a simulated runtime', () => {
  it('fires timers by their time, then by their creation', async () => {
    const runtime = simulatedRuntime()
    const fired: string[] = []
    runtime.clock.after(20, () => fired.push('20 first'))
    runtime.clock.after(10, () => fired.push('10'))
    runtime.clock.after(20, () => fired.push('20 second'))
    await runtime.advance(15)
    expect(fired).toEqual(['10'])
    await runtime.advance(5)
    expect(fired).toEqual(['10', '20 first', '20 second'])
    expect(runtime.pendingTimers).toBe(0)
  })

  it('fires on its way the timers that a timer made, each at its own time', async () => {
    const runtime = simulatedRuntime({ startAt: 0 })
    const seen: number[] = []
    const again = (): void => {
      seen.push(runtime.clock.now())
      if (seen.length < 4) runtime.clock.after(10, again)
    }
    runtime.clock.after(10, again)
    await runtime.advance(35)
    expect(seen).toEqual([10, 20, 30])
    expect(runtime.clock.now()).toBe(35)
    expect(runtime.nextTimerInMs).toBe(5)
  })

  it('never fires a cancelled timer, and cancelling twice or after the fact does nothing', async () => {
    const runtime = simulatedRuntime()
    const fired: string[] = []
    const cancelled = runtime.clock.after(1, () => fired.push('cancelled'))
    const kept = runtime.clock.after(1, () => fired.push('kept'))
    cancelled.cancel()
    cancelled.cancel()
    await runtime.advance(1)
    kept.cancel()
    expect(fired).toEqual(['kept'])
  })

  it('lets promises, soon and setImmediate come to rest before the next timer', async () => {
    const runtime = simulatedRuntime()
    const seen: string[] = []
    runtime.clock.after(1, async () => {
      await Promise.resolve()
      await new Promise<void>((resolve) => setImmediate(resolve))
      await new Promise<void>((resolve) => runtime.soon(resolve))
      seen.push('what follows from the first')
    })
    runtime.clock.after(1, () => seen.push('second'))
    await runtime.advance(1)
    expect(seen).toEqual(['what follows from the first', 'second'])
  })

  it('waits for actors of nact, which take one setImmediate for each message', async () => {
    const runtime = simulatedRuntime()
    const system = start()
    let hops = 0
    const actor = spawn(
      system,
      (_state: undefined, left: number) => {
        hops++
        if (left > 1) dispatch(actor, left - 1)
        return undefined
      },
      'hopper',
    )
    dispatch(actor, 500)
    await runtime.settle()
    expect(hops).toBe(500)
  })

  it('says so where the loop never comes to rest', async () => {
    const runtime = simulatedRuntime({ turnLimit: 50 })
    let isOver = false
    const again = (): void => {
      if (!isOver) runtime.soon(again)
    }
    again()
    await expect(runtime.settle()).rejects.toThrow('did not come to rest within 50 turns')
    isOver = true
  })

  it('runs a promise to its end, timer by timer', async () => {
    const runtime = simulatedRuntime({ startAt: 0 })
    const work = async (): Promise<string> => {
      await sleep(runtime, 1000)
      await sleep(runtime, 2000)
      return 'done'
    }
    expect(await runtime.run(work())).toBe('done')
    expect(runtime.clock.now()).toBe(3000)
    await expect(
      runtime.run(sleep(runtime, 5).then(() => Promise.reject(new Error('as it was')))),
    ).rejects.toThrow('as it was')
  })

  it('says why a promise cannot settle: nobody is left, or the time is up', async () => {
    const runtime = simulatedRuntime()
    await expect(runtime.run(new Promise(() => undefined))).rejects.toThrow('no timer is waiting')
    await expect(runtime.run(sleep(runtime, 101), 100)).rejects.toThrow('within 100 simulated ms')
  })

  it('runs until it is idle, and tells of timers that are renewed for ever', async () => {
    const runtime = simulatedRuntime({ startAt: 0 })
    runtime.clock.after(5, () => runtime.clock.after(5, () => undefined))
    await runtime.runUntilIdle()
    expect(runtime.clock.now()).toBe(10)
    const renew = (): void => void runtime.clock.after(1000, renew)
    renew()
    await expect(runtime.runUntilIdle(10_000)).rejects.toThrow('1 timers are still waiting')
  })

  it('is idle though timers wait in the background, and fires those that are due on the way', async () => {
    const runtime = simulatedRuntime({ startAt: 0 })
    let swept = 0
    const sweep = (): void => {
      swept++
      runtime.clock.after(10, sweep, 'background')
    }
    runtime.clock.after(10, sweep, 'background')
    runtime.clock.after(25, () => undefined)
    await runtime.runUntilIdle()
    expect([swept, runtime.clock.now(), runtime.pendingTimers]).toEqual([2, 25, 1])
  })

  it('sets the clock on the wall without touching the timers', async () => {
    const runtime = simulatedRuntime({ startAt: 0 })
    let isFired = false
    runtime.clock.after(100, () => {
      isFired = true
    })
    runtime.shiftClock(-5000)
    expect(runtime.clock.now()).toBe(-5000)
    await runtime.advance(99)
    expect(isFired).toBe(false)
    await runtime.advance(1)
    expect(isFired).toBe(true)
  })

  it('fires late what falls due while the program computes', async () => {
    const runtime = simulatedRuntime()
    const fired: number[] = []
    runtime.clock.after(10, () => {
      fired.push(runtime.elapsedMs)
      runtime.block(100)
    })
    runtime.clock.after(50, () => fired.push(runtime.elapsedMs))
    await runtime.advance(60)
    expect(fired).toEqual([10, 110])
    expect(runtime.elapsedMs).toBe(110)
  })

  it('drops all that a killed process had still to do, and nothing of the others', async () => {
    const runtime = simulatedRuntime()
    const [doomed, other] = [runtime.process(), runtime.process()]
    const ran: string[] = []
    for (const [name, process] of [['doomed', doomed] as const, ['other', other] as const]) {
      process.soon(() => ran.push(`${name} task`))
      process.clock.after(5, () => ran.push(`${name} timer`))
    }
    expect(doomed.pendingTimers).toBe(1)
    doomed.kill()
    doomed.clock.after(1, () => ran.push('after death'))
    doomed.soon(() => ran.push('after death'))
    await runtime.runUntilIdle()
    expect(ran).toEqual(['other task', 'other timer'])
    expect([doomed.pendingTimers, other.pendingTimers, runtime.pendingTimers]).toEqual([0, 0, 0])
  })
})

describe('one seed', () => {
  const trace = async (seed: number): Promise<string[]> => {
    const runtime = simulatedRuntime({ seed, order: 'seeded' })
    const lines: string[] = []
    for (let worker = 0; worker < 5; worker++) {
      runtime.soon(async () => {
        for (let step = 0; step < 4; step++) {
          lines.push(`${runtime.clock.now()} worker ${worker} step ${step} ${runtime.uuid()}`)
          await sleep(runtime, Math.floor(runtime.random() * 10))
          await new Promise<void>((resolve) => runtime.soon(resolve))
        }
      })
    }
    await runtime.runUntilIdle()
    return lines
  }

  it('gives one trace, and another seed another', async () => {
    const first = await trace(7)
    expect(first).toHaveLength(20)
    expect(await trace(7)).toEqual(first)
    expect(await trace(8)).not.toEqual(first)
  })

  it('fixes the ids whatever else is drawn', () => {
    const [one, other] = [simulatedRuntime({ seed: 3 }), simulatedRuntime({ seed: 3 })]
    one.random()
    expect(one.uuid()).toBe(other.uuid())
    expect(one.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('orders the setImmediate of others, too, while it is captured', async () => {
    const runtime = simulatedRuntime({ seed: 3, order: 'seeded' })
    const ran: number[] = []
    const before = setImmediate
    const captured = runtime.captureImmediates()
    try {
      for (let task = 0; task < 20; task++) setImmediate((value: number) => void ran.push(value), task)
      clearImmediate(setImmediate(() => ran.push(-1)))
      await runtime.settle()
    } finally {
      captured[Symbol.dispose]()
    }
    expect(setImmediate).toBe(before)
    expect(ran).not.toEqual([...Array(20).keys()])
    expect(ran.sort((one, other) => one - other)).toEqual([...Array(20).keys()])
  })

  it('runs ready tasks in the order of their arrival unless told otherwise', async () => {
    const runtime = simulatedRuntime({ seed: 3 })
    const ran: number[] = []
    for (let task = 0; task < 20; task++) runtime.soon(() => ran.push(task))
    await runtime.settle()
    expect(ran).toEqual([...Array(20).keys()])
  })
})
