import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start } from 'reenact'
import { eventStoreDB } from 'reenact/eventstoredb'
import { silentLogger } from 'reenact/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { noteNamed } from '../../actors/kit/note.ts'
import { Child } from '../../actors/processes/child.ts'
import { type BundledFolder, bundledWithThread } from '../../support/bundle.ts'
import { onEachServer } from '../../support/eventstoredb/servers.ts'
import { commandIdOf, type LoadOrder, type LoadReport } from './processes/load-order.ts'
import { lostOf, openReader, outcomesIn, readStored } from './processes/stored.ts'

// Whole processes that share a busy machine with other tests; nothing here is about time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const aggregates = 100
/** Of each process. */
const commands = 400

let folder: string
let program: BundledFolder
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reenact-hammer-'))
  program = await bundledWithThread(new URL('./processes/loaded.ts', import.meta.url), 'loaded')
})
afterAll(async () => {
  await program.remove()
  await rm(folder, { recursive: true })
})

async function createNotes(connectionString: string, category: string): Promise<void> {
  const note = noteNamed(category)
  const system = await start({
    aggregates: [note],
    store: eventStoreDB({ connectionString }),
    logger: silentLogger,
  })
  const ids = Array.from({ length: aggregates }, (_, id) => `${id}`)
  await Promise.all(
    ids.map((id) => system.get(note, id).ask({ type: 'Create', title: id }, { commandId: id })),
  )
  await system.stop()
}

interface Hammered {
  readonly conflicts: number
  readonly refreshed: number
}

/** So many processes ask commands of the same aggregates until each of them has its outcome. */
async function hammer(
  connectionString: string,
  processes: number,
  tail: LoadOrder['tail'],
): Promise<Hammered> {
  const run = randomUUID().replaceAll('-', '')
  const category = `hammer${run}`
  await createNotes(connectionString, category)
  const outcomes = join(folder, run)
  const children = Array.from({ length: processes }, () => new Child(program.file))
  for (const child of children) expect(await child.line()).toBe('warm')
  for (const [nth, child] of children.entries()) {
    child.send({
      connectionString,
      category,
      outcomes,
      prefix: `p${nth}`,
      again: [],
      aggregates,
      commands,
      outstanding: 50,
      timeoutMs: 60_000,
      tail,
    } satisfies LoadOrder)
  }
  for (const child of children) expect(await child.line()).toBe('ready')
  for (const child of children) child.send({})
  const reports = await Promise.all(
    children.map(async (child) => {
      expect(await child.line()).toBe('loaded')
      return JSON.parse(await child.line()) as LoadReport
    }),
  )
  await Promise.all(children.map((child) => child.end()))

  const noted = await outcomesIn(outcomes)
  const store = await openReader(connectionString)
  const stored = await readStored(store, category, aggregates)
  await store.close()
  expect(stored.violations).toEqual([])
  expect(lostOf(noted, stored)).toEqual([])
  expect(noted).toHaveLength(processes * commands)
  const asked = children.flatMap((_, nth) =>
    Array.from({ length: commands }, (_, number) => commandIdOf(`p${nth}`, number)),
  )
  expect(new Set(stored.commands.keys())).toEqual(new Set(asked))
  const sum = (value: (report: LoadReport) => number) => reports.reduce((all, one) => all + value(one), 0)
  const conflicts = sum((report) => report.conflicts)
  const refreshed = sum((report) => report.refreshed)
  const rate = Math.round(sum(({ answered, seconds }) => answered / seconds))
  const again = JSON.stringify(reports.map((report) => report.again))
  console.log(
    `${processes} processes, ${aggregates} aggregates, ${noted.length} commands answered, tail ${tail}: ` +
      `${conflicts} conflicts, ${refreshed} refreshes, ${rate}/s, asked again ${again}`,
  )
  return { conflicts, refreshed }
}

onEachServer('several processes on the same aggregates', (connectionString, kind) => {
  describe.each([2, 4])('%i processes', (processes) => {
    test('every command is answered once and has one effect; who hears of the others collides less', async () => {
      const deaf = await hammer(connectionString(), processes, 'deaf')
      const followed = await hammer(connectionString(), processes, 'followed')
      expect(deaf.refreshed).toBe(0)
      // A server that is overloaded tells its subscribers so late that they hear of nothing in time.
      if (kind === 'named') return
      expect(followed.refreshed).toBeGreaterThan(0)
      expect(followed.conflicts).toBeLessThan(deaf.conflicts)
    })
  })
})
