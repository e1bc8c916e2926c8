import { describe, expect, test } from 'vitest'
import { account } from '../../examples/bank/account.ts'
import { consoleHandler } from '../../src/console/index.ts'
import { start } from '../../src/index.ts'
import { foreignWriter, silentLogger, simulatedRuntime } from '../../src/testing/index.ts'
import { bank, origin, recorded, withAlice } from './kit.ts'

describe('what the console tells', () => {
  test('which system it is, and what it runs', async () => {
    const { json, system } = await bank()
    expect(await json('system')).toMatchObject({
      id: system.id,
      store: 'a recording store',
      definitions: [
        {
          name: 'account',
          commands: expect.arrayContaining(['Open', 'Withdraw']) as string[],
          events: expect.arrayContaining(['Opened', 'WithdrawalDeclined']) as string[],
        },
      ],
    })
  })

  test('the aggregates in memory, searched by name and id', async () => {
    const it = await bank()
    await withAlice(it)
    await it.runtime.run(it.system.get(account, 'bob').ask({ type: 'Open', owner: 'Bob' }))
    const alice = {
      aggregate: 'account',
      id: 'alice',
      phase: 'running',
      depth: 0,
      revision: 3,
      state: 'open.active',
    }
    expect(await it.json('aggregates?search=LIC')).toEqual({ rows: [alice], found: 1, index: null })
    expect(await it.json('aggregates?search=account-')).toMatchObject({ found: 2 })
    expect(await it.json('aggregates?aggregate=order')).toMatchObject({ rows: [], found: 0 })
  })

  test('those at rest by their whole id, or from the whole store', async () => {
    const it = await bank()
    const writer = await foreignWriter(it.store.provider, it.runtime)
    for (const id of ['carol', 'dave']) await writer.write(`account-${id}`, [opened(id)])
    const carol = { aggregate: 'account', id: 'carol', phase: null, depth: 0, revision: 0, state: null }
    expect(await it.json('aggregates?search=car')).toMatchObject({ rows: [] })
    expect(await it.json('aggregates?search=carol')).toMatchObject({ rows: [carol], found: 1 })
    expect(await it.json('aggregates?scope=stored&search=car')).toEqual({
      rows: [carol],
      found: 1,
      index: { streams: 2, state: 'complete' },
    })
    await writer.write('account-erin', [opened('Erin')])
    expect(await it.json('aggregates?scope=stored')).toMatchObject({ found: 3 })
  })

  test('a step of the past: event, states, and what changed', async () => {
    const it = await bank()
    await withAlice(it)
    expect(await it.json('step?aggregate=account&id=alice&revision=2')).toMatchObject({
      revision: 2,
      event: { type: 'Deposited', origin: { commandType: 'Deposit', metadata: { teller: 3 } } },
      before: { context: { balance: 500 } },
      after: { text: 'open.active', context: { balance: 620 }, lit: ['account.open', 'account.open.active'] },
      changes: [{ path: ['balance'], before: 500, after: 620 }],
    })
    expect(await it.json('step?aggregate=account&id=alice&revision=-1')).toMatchObject({
      event: null,
      after: { text: 'unopened', lit: ['account.unopened'] },
    })
  })

  test('an aggregate as it stands, and its events, newest first', async () => {
    const it = await bank()
    await withAlice(it)
    expect(await it.json('aggregate?aggregate=account&id=alice')).toMatchObject({
      phase: 'running',
      revision: 3,
      quarantine: null,
    })
    expect(await it.json('aggregate?aggregate=account&id=nobody')).toMatchObject({
      phase: null,
      revision: -1,
    })
    const page = (await it.json('events?aggregate=account&id=alice')) as { events: { revision: number }[] }
    expect(page.events.map(({ revision }) => revision)).toEqual([3, 2, 1, 0])
    expect(page).toMatchObject({ more: false })
  })

  test('a list holds what a line can, a single event all', async () => {
    const it = await bank()
    const owner = 'x'.repeat(5_000)
    await it.runtime.run(it.system.get(account, 'long').ask({ type: 'Open', owner }))
    const { events } = (await it.json('log')) as { events: { data: string; cut: boolean }[] }
    expect([events[0]?.data.length, events[0]?.cut]).toEqual([400, true])
    expect(await it.json('event?aggregate=account&id=long&revision=0')).toMatchObject({
      data: JSON.stringify({ owner, overdraft: 0 }),
      cut: false,
    })
  })

  test('the log, by type and aggregate, a page after the other', async () => {
    const it = await bank()
    await withAlice(it)
    const { events } = (await it.json('log?type=Deposited&type=Opened')) as {
      events: { type: string; position: number }[]
    }
    expect(events.map(({ type }) => type)).toEqual(['Opened', 'Deposited', 'Deposited'])
    expect(await it.json(`log?after=${events[2]?.position}`)).toMatchObject({
      events: [{ type: 'Withdrawn' }],
      more: false,
    })
    expect(await it.json('log?aggregate=order')).toMatchObject({ events: [] })
  })

  test('the last events, newest first', async () => {
    const it = await bank()
    await withAlice(it)
    const { events } = (await it.json('recent')) as { events: { revision: number }[] }
    expect(events.map(({ revision }) => revision)).toEqual([3, 2, 1, 0])
    expect(await it.json('recent?type=Frozen')).toEqual({ events: [], log: 'read' })
  })

  test('no last events of a log that would have to be read for long', async () => {
    const it = await bank()
    const writer = await foreignWriter(it.store.provider, it.runtime)
    const many = Array.from({ length: 5_000 }, () => opened('Carol'))
    for (let nth = 0; nth < 10; nth++) await writer.write('account-long', many)
    expect(await it.json('recent')).toEqual({ events: [], log: 'too long' })
  })

  test('what one correlation ties together', async () => {
    const it = await bank()
    await withAlice(it)
    expect(await it.json('causation?correlation=day')).toMatchObject({
      commands: [
        { origin: { commandId: 'open' }, events: [{ type: 'Opened' }] },
        { origin: { commandType: 'Deposit', causationId: 'open' }, events: [{ type: 'Deposited' }] },
      ],
      complete: true,
    })
  })

  test('the machine, its states named, without styles of its own', async () => {
    const it = await bank()
    const picture = await (await it.get('api/chart?aggregate=account')).text()
    expect(picture).toMatch(/^<svg [^>]*>/)
    expect(picture).toContain('data-state="account.open.frozen"')
    expect(picture).not.toContain('<style')
  })

  test('trouble: who is in quarantine, for which event, and what went wrong', async () => {
    const it = await bank()
    await withAlice(it)
    const writer = await foreignWriter(it.store.provider, it.runtime)
    await writer.write('account-alice', [{ type: 'Unheard', of: true }])
    await it.runtime.settle()
    expect(await it.json('trouble')).toMatchObject({
      quarantined: [{ id: 'alice', reason: 'EventMisfit', event: { type: 'Unheard', revision: 4 } }],
      entries: [{ kind: 'quarantined', id: 'alice' }],
      counts: { quarantined: 1, conflict: 0 },
    })
    expect(await it.json('aggregate?aggregate=account&id=alice')).toMatchObject({
      phase: 'quarantined',
      quarantine: { reason: 'EventMisfit' },
    })
    const failed = await it.get('api/step?aggregate=account&id=alice&revision=4')
    expect([failed.status, await failed.json()]).toEqual([
      422,
      { error: expect.stringContaining("'Unheard'") as string },
    ])
  })
})

describe('the console of a store', () => {
  test('writes nothing to it, whatever is asked', async () => {
    const it = await bank()
    await withAlice(it)
    const before = { ...it.store.calls }
    const alice = 'aggregate=account&id=alice'
    for (const path of [
      'system',
      'aggregates?scope=stored',
      `aggregate?${alice}`,
      `step?${alice}&revision=3`,
      `events?${alice}`,
      'log',
      'causation?correlation=day',
      'trouble',
      'chart?aggregate=account',
    ]) {
      expect((await it.get(`api/${path}`)).status, path).toBe(200)
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const refused = await it.handler(new Request(`${origin}/api/system`, { method }))
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    }
    expect(it.store.calls).toMatchObject({ appends: before.appends, saves: before.saves })
    expect(it.store.calls.reads).toBeGreaterThan(before.reads)
  })

  test('lets an aggregate at rest rest', async () => {
    const it = await bank()
    const writer = await foreignWriter(it.store.provider, it.runtime)
    await writer.write('account-carol', [opened('Carol')])
    await it.json('aggregate?aggregate=account&id=carol')
    await it.json('step?aggregate=account&id=carol&revision=0')
    expect(it.system.metrics().live).toBe(0)
  })
})

describe('what it refuses', () => {
  test.each([
    ['api/nothing', 404],
    ['api/constructor', 404],
    ['api/aggregate?aggregate=order&id=x', 404],
    ['api/aggregate?aggregate=account', 400],
    ['api/step?aggregate=account&id=alice&revision=x', 400],
    ['api/step?aggregate=account&id=alice&revision=9', 404],
    ['api/step?aggregate=account&id=&revision=0', 400],
    ['api/live?page=nothing', 400],
    ['console.map', 404],
    ['../package.json', 404],
  ])('%s with %i', async (path, status) => {
    const it = await bank()
    expect((await it.get(path)).status).toBe(status)
  })

  test('what comes from other sites', async () => {
    const it = await bank()
    expect((await it.get('api/log', { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  })

  test('everything once the system has stopped', async () => {
    const runtime = simulatedRuntime()
    const system = await start({
      aggregates: [account],
      store: recorded().provider,
      runtime,
      logger: silentLogger,
    })
    const handler = consoleHandler(system)
    await runtime.run(system.stop())
    expect((await handler(new Request(`${origin}/api/system`))).status).toBe(503)
  })

  test('options that cannot be', async () => {
    const { system } = await bank()
    expect(() => consoleHandler(system, { path: '/console/' })).toThrow(/without a slash at its end/)
    expect(() => consoleHandler(system, { token: 'short' })).toThrow(/at least 16/)
  })
})

const opened = (owner: string) => ({ type: 'Opened', owner, overdraft: 0 })
