import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Deadline } from '../../actors/deadline-list.ts'
import { Timeouts } from '../../actors/timeouts.ts'
import { simulatedRuntime } from '../../src/testing/index.ts'

/** A timeout may come so much late, for deadlines are swept together. */
const resolutionMs = 50

class Bell implements Deadline {
  earlier: Deadline | undefined
  later: Deadline | undefined
  readonly name: number
  readonly #ring: (bell: Bell) => void

  constructor(name: number, ring: (bell: Bell) => void) {
    this.name = name
    this.#ring = ring
  }

  expire(): void {
    this.#ring(this)
  }
}

function bells() {
  const runtime = simulatedRuntime({ startAt: 1_000_017 })
  const timeouts = new Timeouts(runtime.clock)
  const rung: { readonly name: number; readonly at: number }[] = []
  const bell = (name: number): Bell =>
    new Bell(name, () => rung.push({ name, at: runtime.clock.now() - 1_000_017 }))
  return { runtime, timeouts, rung, bell }
}

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('add' as const), afterMs: fc.integer({ min: 1, max: 5_000 }) }),
    fc.record({ kind: fc.constant('remove' as const), nth: fc.nat({ max: 200 }) }),
    fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 700 }) }),
    fc.record({ kind: fc.constant('shift' as const), ms: fc.integer({ min: -9_000, max: -1 }) }),
  ),
  { maxLength: 60 },
)

describe('deadlines', () => {
  it('ring once, never early, at most a little late, and not when they were removed', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const { runtime, timeouts, rung, bell } = bells()
        const waiting = new Map<number, { bell: Bell; dueAt: number }>()
        const added: Bell[] = []
        let passed = 0
        let setBackMs = 0
        const collect = (): void => {
          for (const { name } of rung.splice(0)) {
            const due = waiting.get(name)
            expect(due, `bell ${name} rang twice, or was removed`).toBeDefined()
            // A clock that is set back may cost a period of the sweep each time; it never makes a bell early.
            expect(passed).toBeGreaterThanOrEqual(due!.dueAt)
            waiting.delete(name)
          }
          for (const { dueAt } of waiting.values()) {
            expect(passed).toBeLessThanOrEqual(dueAt + resolutionMs + setBackMs)
          }
          expect(timeouts.size).toBe(waiting.size)
        }
        for (const step of all) {
          if (step.kind === 'add') {
            const one = bell(added.length)
            added.push(one)
            timeouts.add(one, step.afterMs)
            waiting.set(one.name, { bell: one, dueAt: passed + step.afterMs })
          } else if (step.kind === 'remove') {
            const one = added[step.nth]
            if (one === undefined) continue
            timeouts.remove(one)
            waiting.delete(one.name)
          } else if (step.kind === 'shift') {
            runtime.shiftClock(step.ms)
            setBackMs += 2 * resolutionMs
          } else {
            for (let ms = 0; ms < step.ms; ms += 10) {
              const part = Math.min(10, step.ms - ms)
              await runtime.advance(part)
              passed += part
              collect()
            }
          }
          expect(timeouts.size).toBe(waiting.size)
        }
        timeouts.stop()
        expect(runtime.pendingTimers).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  it('of one tick ring in the order in which they were set', async () => {
    const { runtime, timeouts, rung, bell } = bells()
    for (const name of [1, 2, 3]) timeouts.add(bell(name), 100)
    await runtime.advance(200)
    expect(rung.map(({ name }) => name)).toEqual([1, 2, 3])
  })

  it('need one timer for all, and none while nothing waits', async () => {
    const { runtime, timeouts, bell } = bells()
    expect(runtime.pendingTimers).toBe(0)
    const all = Array.from({ length: 1_000 }, (_, name) => bell(name))
    for (const one of all) timeouts.add(one, 30_000)
    expect(runtime.pendingTimers).toBe(1)
    for (const one of all) timeouts.remove(one)
    await runtime.advance(100)
    expect(runtime.pendingTimers).toBe(0)
    expect(timeouts.size).toBe(0)
  })

  it('may be set while others ring', async () => {
    const { runtime, timeouts, rung, bell } = bells()
    timeouts.add(new Bell(1, () => timeouts.add(bell(2), 100)), 100)
    await runtime.advance(160)
    expect(timeouts.size).toBe(1)
    await runtime.advance(160)
    expect(rung.map(({ name }) => name)).toEqual([2])
  })

  it('ring also when the clock jumps over them, those of an earlier tick first', async () => {
    const { runtime, timeouts, rung, bell } = bells()
    timeouts.add(bell(1), 9_000)
    timeouts.add(bell(2), 400)
    timeouts.add(bell(3), 90_000)
    await Promise.resolve() // they are dated when all that goes on just now is done
    runtime.shiftClock(60_000)
    await runtime.advance(resolutionMs)
    expect(rung.map(({ name }) => name)).toEqual([2, 1])
  })

  it('ring in their time also when the clock was set back by an hour', async () => {
    const { runtime, timeouts, rung, bell } = bells()
    timeouts.add(bell(1), 1_000)
    await runtime.advance(500)
    runtime.shiftClock(-3_600_000)
    timeouts.add(bell(2), 1_000)
    await runtime.advance(700)
    expect(rung.map(({ name }) => name)).toEqual([1])
    await runtime.advance(500)
    expect(rung.map(({ name }) => name)).toEqual([1, 2])
  })
})
