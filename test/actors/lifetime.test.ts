import { expect, it } from 'vitest'
import { Lifetime } from '../../actors/lifetime.ts'
import { simulatedRuntime } from '../../src/testing/index.ts'

it('waits on its clock, and forgets what was waited for', async () => {
  const runtime = simulatedRuntime()
  const lifetime = new Lifetime(runtime.clock)
  const woken: string[] = []
  void lifetime.sleep(100).then(() => woken.push('slept'))
  lifetime.after(50, () => woken.push('ran'))
  const cancelled = lifetime.after(20, () => woken.push('cancelled'))
  cancelled.cancel()
  await runtime.advance(60)
  expect(woken).toEqual(['ran'])
  cancelled.cancel()
  await runtime.advance(60)
  expect(woken).toEqual(['ran', 'slept'])
  expect(lifetime.stopped).toBe(false)
  expect(runtime.pendingTimers).toBe(0)
})

it('ends all waiting at once, and leaves no timer', async () => {
  const runtime = simulatedRuntime()
  const lifetime = new Lifetime(runtime.clock)
  const woken: string[] = []
  void lifetime.sleep(1_000).then(() => woken.push(lifetime.stopped ? 'stopped' : 'slept'))
  const timer = lifetime.after(2_000, () => {
    woken.push('ran')
    timer.cancel()
  })
  lifetime.end()
  await runtime.settle()
  expect(woken).toEqual(['ran', 'stopped'])
  expect(runtime.pendingTimers).toBe(0)
  lifetime.end()
  await runtime.advance(10_000)
  expect(woken).toHaveLength(2)
})

it('lets nobody wait who comes after its end', async () => {
  const runtime = simulatedRuntime()
  const lifetime = new Lifetime(runtime.clock)
  lifetime.end()
  let woken = false
  void lifetime.sleep(60_000).then(() => {
    woken = true
  })
  await runtime.advance(0)
  expect(woken).toBe(true)
  expect(runtime.pendingTimers).toBe(0)
})
