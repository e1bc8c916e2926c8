import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type InspectionEvent, type StartOptions, type System, start } from 'reenact'
import { eventStoreDB } from 'reenact/eventstoredb'
import { type SeededRandom, seededRandom, silentLogger } from 'reenact/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sleep, systemRuntime } from '../../../src/runtime.ts'
import { noteNamed } from '../../actors/kit/note.ts'
import { Child } from '../../actors/processes/child.ts'
import { type BundledFolder, bundledWithThread } from '../../support/bundle.ts'
import { onEachServer } from '../../support/eventstoredb/servers.ts'
import { commandOf, type LoadOrder, type NotedOutcome } from './processes/load-order.ts'
import { lostOf, openReader, outcomesIn, readStored } from './processes/stored.ts'

// Whole processes that share a busy machine with other tests; nothing here is about time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const fresh = (): string => `restart${randomUUID().replaceAll('-', '')}`

const divide = { type: 'Divide' } as const
const createdBy = (commandId: string) => [{ type: 'Create', title: 'first' } as const, { commandId }] as const

onEachServer('systems that start again on EventStoreDB', (connectionString) => {
  const startOn = (
    note: ReturnType<typeof noteNamed>,
    settings: StartOptions['settings'] = {},
  ): Promise<System> =>
    start({
      aggregates: [note],
      store: eventStoreDB({ connectionString: connectionString() }),
      logger: silentLogger,
      settings,
    })

  test('answer every command as the first time, and hold what they held', async () => {
    const note = noteNamed(fresh())
    const commandIds = Array.from({ length: 200 }, (_, nth) => `command ${nth}`)
    const askAll = (system: System) =>
      Promise.all(
        commandIds.map((commandId, nth) => system.get(note, `${nth % 10}`).ask(divide, { commandId })),
      )
    const first = await startOn(note)
    for (let id = 0; id < 10; id++) await first.get(note, `${id}`).ask(...createdBy(`create ${id}`))
    const outcomes = await askAll(first)
    await first.stop()

    await using second = await startOn(note)
    expect(await askAll(second)).toEqual(outcomes.map((outcome) => ({ ...outcome, duplicate: true })))
    for (let id = 0; id < 10; id++) {
      expect(await second.get(note, `${id}`).state()).toMatchObject({ revision: 60, context: { parts: 61 } })
    }
  })

  test('begin at a snapshot, and read no more than what came after it', async () => {
    const note = noteNamed(fresh())
    const seen: InspectionEvent[] = []
    const first = await startOn(note, { snapshotEvery: 100 })
    const saved = new Promise<void>((resolve) => {
      first.inspect((event) => {
        if (event.kind === 'snapshotSaved') resolve()
      })
    })
    const reference = first.get(note, 'a')
    await reference.ask(...createdBy('create'))
    for (let nth = 0; nth < 50; nth++) await reference.ask(divide, { commandId: `${nth}` })
    await saved
    await first.stop()

    await using second = await startOn(note)
    second.inspect((event) => seen.push(event))
    expect(await second.get(note, 'a').state()).toMatchObject({ revision: 150, context: { parts: 151 } })
    const recovered = seen.find((event) => event.kind === 'recovered')
    expect(recovered).toMatchObject({ revision: 150 })
    if (recovered?.kind === 'recovered') {
      expect(recovered.snapshotRevision).toBeGreaterThanOrEqual(99)
      expect(recovered.events).toBe(150 - recovered.snapshotRevision)
    }
    // The window of remembered commands came with the snapshot.
    expect(await second.get(note, 'a').ask(divide, { commandId: '3' })).toMatchObject({
      duplicate: true,
      revision: 12,
    })
  })

  test('let aggregates go and bring them back, as if nothing had been', async () => {
    const note = noteNamed(fresh())
    await using system = await startOn(note, { liveAggregates: 5, snapshotEvery: 10 })
    let passivated = 0
    system.inspect((event) => {
      if (event.kind === 'passivated') passivated += 1
    })
    const ids = Array.from({ length: 40 }, (_, id) => `${id}`)
    await Promise.all(ids.map((id) => system.get(note, id).ask(...createdBy(`create ${id}`))))
    for (let round = 0; round < 5; round++) {
      const asked = ids.map((id) => system.get(note, id).ask(divide, { commandId: `${round} of ${id}` }))
      for (const outcome of await Promise.all(asked))
        expect(outcome).toMatchObject({ revision: 3 * round + 3 })
    }
    expect(passivated).toBeGreaterThan(ids.length)
    expect(await system.get(note, '7').ask(divide, { commandId: '0 of 7' })).toMatchObject({
      duplicate: true,
      revision: 3,
    })
  })

  test('have stored all that was accepted when they stop under load', async () => {
    const note = noteNamed(fresh())
    const system = await startOn(note)
    await system.get(note, 'a').ask(...createdBy('create'))
    const asked = Array.from({ length: 500 }, (_, nth) =>
      system.get(note, 'a').ask(divide, { commandId: `${nth}` }),
    )
    const [outcomes] = await Promise.all([Promise.allSettled(asked), system.stop()])
    const accepted = outcomes.filter(({ status }) => status === 'fulfilled')
    await using after = await startOn(note)
    const { revision } = await after.get(note, 'a').state()
    expect(revision).toBe(3 * accepted.length)
  })
})

onEachServer('kill -9 on EventStoreDB', (connectionString, kind) => {
  const rounds = 5
  const aggregates = 20
  const outstanding = 100
  // REENACT_SEED=7 kills at the instants of an earlier run.
  const seed = Number(process.env['REENACT_SEED'] ?? Date.now() % 1_000_000)
  let folder: string
  let program: BundledFolder
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reenact-kill-'))
    program = await bundledWithThread(new URL('./processes/loaded.ts', import.meta.url), 'loaded')
  })
  afterAll(async () => {
    await program.remove()
    await rm(folder, { recursive: true })
  })

  async function livesShortly(order: LoadOrder, child: Child, random: SeededRandom): Promise<void> {
    expect(await child.line()).toBe('warm')
    child.send(order)
    expect(await child.line()).toBe('ready')
    child.send({})
    expect(await child.line()).toBe('loaded')
    await sleep(systemRuntime, random.between(5, 150))
    await child.kill()
    expect(child.errors).toBe('')
  }

  /** What callers of a dead process ask the next one: what was answered, what was stored unheard, what never came. */
  function askedAgain(prefix: string, noted: readonly NotedOutcome[]): readonly string[] {
    const own = noted.map(({ commandId }) => commandId).filter((id) => id.startsWith(`${prefix}-`))
    const last = Math.max(0, ...own.map((id) => Number(id.split('-')[1])))
    const first = Math.max(0, last - outstanding)
    return Array.from({ length: 2 * outstanding }, (_, nth) => first + nth)
      .filter((number) => number % 10 !== 0)
      .map((number) => `${prefix}-${number}`)
  }

  test(`loses nothing that was acknowledged, and doubles nothing (${rounds} kills, seed ${seed})`, async () => {
    const category = fresh()
    const note = noteNamed(category)
    const random = seededRandom(seed)
    const outcomes = join(folder, `${kind}-outcomes`)
    const store = eventStoreDB({ connectionString: connectionString() })
    const creator = await start({ aggregates: [note], store, logger: silentLogger })
    for (let id = 0; id < aggregates; id++) await creator.get(note, `${id}`).ask(...createdBy(`create ${id}`))
    await creator.stop()

    const reader = await openReader(connectionString())
    let again: readonly string[] = []
    let next = new Child(program.file)
    for (let round = 0; round < rounds; round++) {
      const child = next
      // Starting a process takes far longer than its life under load: the next one warms up meanwhile.
      next = new Child(program.file)
      const prefix = `r${round}`
      const order: LoadOrder = {
        connectionString: connectionString(),
        category,
        outcomes,
        prefix,
        again,
        aggregates,
        commands: 'until told',
        outstanding,
        timeoutMs: 60_000,
        tail: 'followed',
      }
      await livesShortly(order, child, random)
      const noted = await outcomesIn(outcomes)
      const stored = await readStored(reader, category, aggregates)
      expect(stored.violations).toEqual([])
      expect(lostOf(noted, stored)).toEqual([])
      again = askedAgain(prefix, noted)
    }
    await next.kill()

    const stored = await readStored(reader, category, aggregates)
    await reader.close()
    const after = await start({ aggregates: [note], store, logger: silentLogger })
    for (let id = 0; id < aggregates; id++) {
      const { context } = await after.get(note, `${id}`).state()
      const commands = [...stored.commands.keys()].map((commandId) => commandOf(commandId, aggregates))
      const own = commands.filter((one) => one.id === String(id))
      expect(context.parts).toBe(1 + 3 * own.filter(({ events }) => events === 3).length)
    }
    await after.stop()
    const noted = await outcomesIn(outcomes)
    console.log(
      `${noted.length} outcomes before ${rounds} kills, ${stored.commands.size} commands stored; seed ${seed}`,
    )
    expect(noted.length).toBeGreaterThan(rounds)
  })
})
