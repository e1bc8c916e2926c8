import { randomUUID } from 'node:crypto'
import { start } from 'reenact'
import { eventStoreDB } from 'reenact/eventstoredb'
import { seededRandom } from 'reenact/testing'
import { expect, test, vi } from 'vitest'
import { account } from '../../../examples/bank/account.ts'
import { onEachServer } from '../../support/eventstoredb/servers.ts'
import type { TcpProxy } from '../../support/network/tcp-proxy.ts'
import { openReader } from './processes/stored.ts'
import { Tally, untilAnswered } from './support/patient-callers.ts'
import { proxied } from './support/proxied.ts'
import { RecordingLogger } from './support/recording-logger.ts'

// Time-outs of seconds, on a machine that is shared with other tests; none of them is asserted.
vi.setConfig({ testTimeout: 180_000 })

const accounts = 40
const callers = 40
/** How long a caller waits before it asks the same again. */
const timeoutMs = 1_000

type Weather = (proxy: TcpProxy, tally: Tally) => Promise<void>

const somePass = (tally: Tally, more: number): Promise<void> => {
  const { answered } = tally
  return tally.until(() => tally.answered >= answered + more)
}
const someFail = (tally: Tally, more: number): Promise<void> => {
  const { unanswered } = tally
  return tally.until(() => tally.unanswered >= unanswered + more)
}

/** Each lasts until so many commands were answered, or so many callers got no outcome: nothing goes by the clock. */
const weathers: Readonly<Record<string, Weather>> = {
  'a slow network': async (proxy, tally) => {
    proxy.pass(30)
    await somePass(tally, 100)
  },
  'cut, again and again': async (proxy, tally) => {
    for (let cuts = 0; cuts < 3; cuts++) {
      await somePass(tally, 80)
      proxy.cut()
    }
  },
  'a black hole': async (proxy, tally) => {
    proxy.swallow()
    await someFail(tally, callers)
  },
  'a black hole that is cut': async (proxy, tally) => {
    proxy.swallow()
    await someFail(tally, callers / 2)
    proxy.cut()
    await someFail(tally, callers / 2)
  },
  'bytes that come when everybody has given up': async (proxy, tally) => {
    proxy.freeze()
    await someFail(tally, callers)
  },
  'nobody there': async (proxy, tally) => {
    proxy.refuse()
    proxy.cut()
    await someFail(tally, callers)
  },
}

onEachServer('the network before EventStoreDB', (connectionString) => {
  test('may be slow, cut, mute or gone: nothing acknowledged is lost, nothing is doubled, and it recovers by itself', async (context) => {
    const between = await proxied(connectionString())
    if (between === undefined) {
      return context.skip('a proxy fits before one node without TLS only')
    }
    await using proxy = between.proxy
    const seed = Number(process.env['REENACT_SEED'] ?? Date.now() % 1_000_000)
    const random = seededRandom(seed)
    const order = Object.keys(weathers)
      .map((name) => ({ name, place: random.next() }))
      .sort((one, other) => one.place - other.place)
      .map(({ name }) => name)
    const logger = new RecordingLogger()
    const system = await start({
      aggregates: [account],
      store: eventStoreDB({
        connectionString: between.connectionString,
        callTimeoutMs: 800,
        replaceAfterMs: 1_000,
        heartbeatMs: 500,
      }),
      logger,
      settings: { resendBackoff: { firstMs: 300, mostMs: 1_000 }, snapshotEvery: 50 },
    })
    const run = randomUUID()
    const tally = new Tally()
    const revisions = new Map<string, number>()
    const book = async (number: number, type: 'Open' | 'Deposit'): Promise<void> => {
      const commandId = `${type} ${number}`
      const command = type === 'Open' ? ({ type, owner: run } as const) : ({ type, amount: 1 } as const)
      const reference = system.get(account, `${run}-${number % accounts}`)
      const outcome = await untilAnswered(tally, () => reference.ask(command, { commandId, timeoutMs }))
      expect(outcome.status).toBe('accepted')
      revisions.set(commandId, outcome.revision)
    }
    await Promise.all(Array.from({ length: accounts }, (_, number) => book(number, 'Open')))

    let life: 'open' | 'closing' = 'open'
    let booked = 0
    const caller = async (): Promise<void> => {
      while (life === 'open') await book(booked++, 'Deposit')
    }
    const calling = Promise.all(Array.from({ length: callers }, caller))
    const report: string[] = []
    for (const name of order) {
      const before = { ...tally }
      await weathers[name]!(proxy, tally)
      proxy.pass()
      await somePass(tally, 100)
      const { answered, timeouts, unavailable } = tally
      report.push(
        `${name}: ${answered - before.answered} answered, ${timeouts - before.timeouts} timed out, ` +
          `${unavailable - before.unavailable} not sent`,
      )
    }
    life = 'closing'
    await calling
    await system.stop()

    const reader = await openReader(connectionString())
    const found = new Map<string, number>()
    for (let number = 0; number < accounts; number++) {
      let head = -1
      for await (const page of reader.readStream(`account-${run}-${number}`)) {
        for (const { revision, origin } of page) {
          expect(revision).toBe(++head)
          expect(found.has(origin!.commandId)).toBe(false)
          found.set(origin!.commandId, revision)
        }
      }
    }
    await reader.close()
    for (const [commandId, revision] of revisions) expect(found.get(commandId), commandId).toBe(revision)
    expect(found.size).toBe(accounts + booked)
    const connections = logger.messages('info').filter((line) => line === 'EventStoreDB: connected').length
    console.log(
      `seed ${seed}: ${booked} deposits, each answered and stored once, over ${connections} connections\n  ${report.join('\n  ')}`,
    )
  })
})
