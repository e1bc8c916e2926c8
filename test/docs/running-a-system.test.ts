import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { embeddedStore, type InspectionEvent, memoryStore, start } from 'reenact'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { account } from '../../examples/bank/account.ts'

let path: string
beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'docs-'))
})
afterAll(() => rm(path, { recursive: true }))

test('start', async () => {
  // #region start
  await using system = await start({
    aggregates: [account],
    store: embeddedStore({ path }), // without it: embeddedStore({ path: '.reenact' })
    logger: pino({ level: 'warn' }), // without it: this one
  })
  const alice = system.get(account, 'alice')
  // #endregion start
  expect(await alice.state()).toMatchObject({ value: 'unopened', revision: -1 })
})

test('ask and state', async () => {
  await using system = await start({ aggregates: [account], store: memoryStore() })
  const alice = system.get(account, 'alice')
  const requestId = 'request 17'
  const told: string[] = []

  // #region ask
  await alice.ask({ type: 'Open', owner: 'Alice' })
  const outcome = await alice.ask(
    { type: 'Close' },
    { commandId: requestId, metadata: { user: 'teller 3' }, timeoutMs: 5000 },
  )
  if (outcome.status === 'accepted') {
    for (const event of outcome.events) told.push(`${event.type} at revision ${outcome.revision}`)
  } else if (outcome.code === 'NotEmpty') {
    told.push(outcome.message) // an account is closed only when its balance is zero
  }
  // #endregion ask
  expect(told).toEqual(['Closed at revision 1'])

  // #region state
  const { value, context, revision, status, tags, matches } = await alice.state()
  // #endregion state
  expect({ value, context, revision, status, tags: [...tags], open: matches('open') }).toEqual({
    value: 'closed',
    context: { owner: 'Alice', balance: 0, overdraft: 0 },
    revision: 1,
    status: 'done',
    tags: [],
    open: false,
  })
})

test('settings', async () => {
  const store = memoryStore()
  // #region settings
  const system = await start({
    aggregates: [account],
    store,
    settings: { windowCommands: 5000, timeoutMs: 5000 },
  })
  // #endregion settings
  expect(system.metrics()).toEqual({
    live: 0,
    outstanding: 0,
    outstandingBytes: 0,
    recovering: 0,
    quarantined: 0,
  })
  await system.stop()
})

test('inspect', async () => {
  await using system = await start({ aggregates: [account], store: memoryStore() })
  const slow: InspectionEvent[] = []
  const conflicts: string[] = []

  // #region inspect
  const off = system.inspect((event) => {
    if (event.kind === 'commandAnswered' && event.elapsedMs > 1000) slow.push(event)
    if (event.kind === 'conflict') conflicts.push(`${event.aggregate} ${event.id}`)
  })
  // #endregion inspect
  await system.get(account, 'alice').ask({ type: 'Open', owner: 'Alice' })
  off()
  expect(conflicts).toEqual([])
})

test('stop', async () => {
  const system = await start({ aggregates: [account], store: memoryStore() })
  const messages: string[] = []

  // #region stop
  const { unsettled } = await system.stop({ timeoutMs: 30_000 })
  for (const { aggregate, id, commandId, executed } of unsettled) {
    messages.push(`${aggregate} ${id}: command ${commandId}, executed: ${executed}`)
  }
  // #endregion stop
  expect(messages).toEqual([])
})
