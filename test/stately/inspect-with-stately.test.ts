import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createInspectorServer } from '@statelyai/inspect/server'
import { memoryStore, type StoreProvider, start } from 'reenact'
import { inspectWithStately } from 'reenact/stately'
import { expect, it, onTestFinished } from 'vitest'
import { createMachine } from 'xstate'
import { account } from '../../examples/bank/account.ts'
import { connect } from '../../src/stately/web-socket.ts'
import { order } from '../docs/order.ts'

interface Received {
  readonly type: string
  readonly sessionId: string
  readonly name?: string
  readonly definition?: string
  readonly event?: { readonly type: string }
  readonly snapshot?: { readonly value?: unknown; readonly context?: Record<string, unknown>; status: string }
}

/** Stately's server with its page: what comes over the wire, as the page takes it. */
async function page() {
  const probe = createServer().listen(0)
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  const server = createInspectorServer({ port, autoOpen: false })
  const received: Received[] = []
  let check = (): void => undefined
  const socket = connect(`ws://localhost:${port}`)
  socket.addEventListener('message', ({ data }) => {
    received.push(JSON.parse(String(data)))
    check()
  })
  await new Promise<void>((resolve) => socket.addEventListener('open', resolve))
  onTestFinished(() => {
    socket.close()
    server.stop()
  })
  const until = (enough: () => boolean) =>
    new Promise<void>((resolve) => {
      check = () => enough() && resolve()
      check()
    })
  return { url: `ws://localhost:${port}`, received, until }
}

/** A store that counts what is appended to it. */
function recording(): { readonly store: StoreProvider; readonly appends: () => number } {
  const inner = memoryStore()
  let appends = 0
  const open: StoreProvider['open'] = async (context) => {
    const store = await inner.open(context)
    return new Proxy(store, {
      get: (target, key) => {
        if (key === 'append') appends++
        const value: unknown = Reflect.get(target, key, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
  return { store: { description: inner.description, open }, appends: () => appends }
}

it('shows a page the machine, its commands and events in order, and its state', async () => {
  const { url, received, until } = await page()
  const { store, appends } = recording()
  await using system = await start({ aggregates: [account, order], store })
  const inspection = await inspectWithStately(system, { url, aggregates: [account] })
  const alice = system.get(account, 'alice')
  await alice.ask({ type: 'Open', owner: 'Alice', overdraft: 0 })
  await alice.ask({ type: 'Deposit', amount: 50 })
  await alice.ask({ type: 'Unfreeze' })
  await alice.ask({ type: 'Freeze', reason: 'lost card' })
  await system.get(order, '1').ask({ type: 'Cancel' })
  await inspection.stop()
  const isFrozen = ({ snapshot }: Received) => JSON.stringify(snapshot?.value) === '{"open":"frozen"}'
  await until(() => received.some(isFrozen))

  expect(new Set(received.map(({ sessionId }) => sessionId))).toEqual(new Set(['account-alice']))
  const [first] = received
  expect(first).toMatchObject({ type: '@xstate.actor', name: 'account-alice' })
  const machine = createMachine(JSON.parse(first?.definition ?? ''))
  expect(Object.keys(machine.states)).toEqual(Object.keys(account.machine.states).toSorted())
  expect(machine.events.toSorted()).toEqual(account.machine.events.toSorted())
  expect(received.flatMap(({ type, event }) => (type === '@xstate.event' ? [event?.type] : []))).toEqual([
    'Open',
    'Opened',
    'Deposit',
    'Deposited',
    'Unfreeze',
    'reject',
    'Freeze',
    'Frozen',
  ])
  const last = received.findLast(({ type }) => type === '@xstate.snapshot')
  expect(last?.snapshot).toMatchObject({
    status: 'active',
    value: { open: 'frozen' },
    context: { balance: 50 },
  })
  expect(machine.resolveState({ value: last?.snapshot?.value as never }).matches({ open: 'frozen' })).toBe(
    true,
  )
  // Those of the four accepted commands.
  expect(appends()).toBe(4)
})

it('shows the state of an aggregate that was there before', async () => {
  const { url, received, until } = await page()
  await using system = await start({ aggregates: [account], store: memoryStore() })
  const bob = system.get(account, 'bob')
  await bob.ask({ type: 'Open', owner: 'Bob', overdraft: 0 })
  const inspection = await inspectWithStately(system, { url, aggregates: [account] })
  await bob.ask({ type: 'Unfreeze' })
  await inspection.stop()
  await until(() => received.some(({ type }) => type === '@xstate.snapshot'))
  expect(received[0]?.snapshot).toMatchObject({ value: { open: 'active' }, context: { owner: 'Bob' } })
})

it('lets nothing out that is sanitized, also where that fails', async () => {
  const { url, received, until } = await page()
  await using system = await start({ aggregates: [account], store: memoryStore() })
  const inspection = await inspectWithStately(system, {
    url,
    aggregates: [account],
    sanitize: (kind, _, value) => {
      if (kind === 'event') throw new Error('a mistake')
      return { ...(value as object), owner: '***' }
    },
  })
  await system.get(account, 'eve').ask({ type: 'Open', owner: 'secret', overdraft: 7 })
  await inspection.stop()
  await until(() => received.some(({ type }) => type === '@xstate.snapshot'))
  expect(JSON.stringify(received)).not.toContain('secret')
  const events = received.filter(({ type }) => type === '@xstate.event').map(({ event }) => event)
  expect(events).toEqual([{ type: 'Open', owner: '***', overdraft: 7 }, { type: 'Opened' }])
})

it('shows a sample, and not more than wanted', async () => {
  const { url, received, until } = await page()
  await using system = await start({ aggregates: [account], store: memoryStore() })
  const none = await inspectWithStately(system, { url, aggregates: [account], sample: 0 })
  const two = await inspectWithStately(system, { url, aggregates: [account], atMost: 2 })
  for (const id of ['a', 'b', 'c']) await system.get(account, id).ask({ type: 'Unfreeze' })
  await none.stop()
  await two.stop()
  await until(() => received.filter(({ type }) => type === '@xstate.snapshot').length === 2)
  expect(new Set(received.map(({ sessionId }) => sessionId))).toEqual(new Set(['account-a', 'account-b']))
})

it('does not trouble the system where there is no page', async () => {
  await using system = await start({ aggregates: [account], store: memoryStore() })
  const inspection = await inspectWithStately(system, { url: 'ws://localhost:1', aggregates: [account] })
  const outcome = await system.get(account, 'a').ask({ type: 'Open', owner: 'A' })
  await inspection.stop()
  expect(outcome.status).toBe('accepted')
})
