import { describe, expect, test } from 'vitest'
import { parseConnectionString } from '../../../src/store/eventstoredb/connection-string.ts'
import type { Orders, Reports } from '../../../src/store/eventstoredb/protocol.ts'
import { threadStarter } from '../../../src/store/eventstoredb/worker-thread.ts'
import { follow, OnDouble, revisionsOf, send, settle } from './support/on-double.ts'

const own = { thread: 'own' } as const

test('the store works over a thread of its own', async () => {
  await using on = await OnDouble.start(own)
  const store = await on.open()
  const places = follow(store.subscribe({ filter: { categories: ['a'] } }), 3)
  expect(await send(store, on.appendOf('a-1', -1, 3))).toMatchObject({ status: 'written', revision: 2 })
  expect(await send(store, on.appendOf('a-1', 0))).toEqual({ status: 'conflict', revision: 2 })
  expect(await revisionsOf(store, 'a-1')).toEqual([0, 1, 2])
  expect(await store.checkHead('a-1', 2)).toBe(true)
  expect(await places).toEqual(['a-1/0', 'a-1/1', 'a-1/2'])
})

test('a server that dies under thousands of appends ends no process: all are settled, and work goes on', async () => {
  const stray: unknown[] = []
  const keep = (reason: unknown) => stray.push(reason)
  process.on('unhandledRejection', keep)
  process.on('uncaughtException', keep)
  try {
    await using on = await OnDouble.start({ ...own, callTimeoutMs: 5_000 })
    const store = await on.open()
    const appends = Array.from({ length: 3_000 }, (_, id) => on.appendOf(`a-${id}`, -1, 5))
    const sent = appends.map((append) => send(store, append))
    await Promise.race(sent)
    await on.double.restart()
    const verdicts = await Promise.all(sent)
    expect(verdicts.filter(({ status }) => status === 'conflict')).toEqual([])
    expect(verdicts.some(({ status }) => status === 'unknown')).toBe(true)
    // What was acknowledged is there; what was not takes its effect once when it is sent again.
    for (const [index, verdict] of verdicts.entries()) {
      if (verdict.status === 'written') expect(on.double.events(`a-${index}`)).toHaveLength(5)
    }
    const settled = await Promise.all(appends.slice(0, 200).map((append) => settle(store, append)))
    for (const verdict of settled) expect(verdict).toMatchObject({ status: 'written', revision: 4 })
    for (const { stream } of appends.slice(0, 200)) expect(on.double.events(stream)).toHaveLength(5)
  } finally {
    process.off('unhandledRejection', keep)
    process.off('uncaughtException', keep)
  }
  expect(stray).toEqual([])
})

describe('a thread', () => {
  const settings = { connection: parseConnectionString('esdb://u:hush@127.0.0.1:1'), serverDeadlineMs: 1_000 }

  test('that throws ends with a reason, and nothing more is heard of it', async () => {
    const reason = await new Promise<string>((resolve) => {
      const thread = threadStarter(settings)({ report: () => {}, printed: () => {}, crashed: resolve })
      thread.post({ appends: [], calls: null } as unknown as Orders)
    })
    expect(reason).toContain('is not iterable')
  })

  test('that is ended says nothing any more', async () => {
    const heard: unknown[] = []
    const start = threadStarter(settings)
    await new Promise<void>((resolve) => {
      const crashed = (reason: string) => heard.push(reason)
      const printed = () => {}
      const other = start({
        crashed,
        printed,
        report: (reports: Reports) => reports.notes.length > 0 && resolve(),
      })
      const ended = start({ crashed, printed, report: (reports) => heard.push(reports) })
      ended.end()
      other.post({ appends: [], calls: [{ kind: 'connect' }] })
    })
    expect(heard).toEqual([])
  })
})
