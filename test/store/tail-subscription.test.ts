import { describe, expect, it } from 'vitest'
import { position } from '../../src/event/position.ts'
import { systemRuntime } from '../../src/runtime.ts'
import { TailSubscription } from '../../src/store/tail-subscription.ts'

function silentTail() {
  const listeners = new Set<() => void>()
  return {
    listeners,
    read: () => ({ events: [], cursor: position(0), reached: 'end' as const }),
    listen: (listener: () => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

describe('subscription', () => {
  it('lets go of the log when it is closed, also where its reader never asks again', async () => {
    const tail = silentTail()
    const subscription = new TailSubscription(tail, position(0), systemRuntime, () => undefined)
    const reader = subscription[Symbol.asyncIterator]()
    expect(await reader.next()).toEqual({ done: false, value: { kind: 'caughtUp' } })
    expect(tail.listeners.size).toBe(1)
    await subscription.close()
    expect(tail.listeners.size).toBe(0)
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })

  it('never listens once it is closed', async () => {
    const tail = silentTail()
    const subscription = new TailSubscription(tail, position(0), systemRuntime, () => undefined)
    await subscription.close()
    expect(await subscription[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined })
    expect(tail.listeners.size).toBe(0)
  })
})
