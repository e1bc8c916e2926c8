import { randomUUID } from 'node:crypto'
import { type Outcome, type System, start } from 'reenact'
import { eventStoreDB } from 'reenact/eventstoredb'
import { silentLogger } from 'reenact/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { EventStore } from '../../../src/store/event-store.ts'
import { noteNamed } from '../../actors/kit/note.ts'
import { Child } from '../../actors/processes/child.ts'
import { onEachServer } from '../../support/eventstoredb/servers.ts'
import { type Program, programOf } from './processes/program.ts'
import { openReader } from './processes/stored.ts'

// Whole processes that share a busy machine with other tests; nothing here is about time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

type Commands = readonly { readonly command: object; readonly commandId: string }[]

const create = (commandId: string): Commands => [{ command: { type: 'Create', title: 'first' }, commandId }]
const divide = (count: number, prefix: string): Commands =>
  Array.from({ length: count }, (_, nth) => ({ command: { type: 'Divide' }, commandId: `${prefix} ${nth}` }))

onEachServer('two processes on one EventStoreDB', (connectionString) => {
  const category = `two${randomUUID().replaceAll('-', '')}`
  const note = noteNamed(category)
  let program: Program
  let here: System
  let there: Child
  let nameThere: string
  let store: EventStore

  beforeAll(async () => {
    program = await programOf('obedient')
    there = new Child(program.file, [connectionString(), category])
    const provider = eventStoreDB({ connectionString: connectionString() })
    here = await start({ aggregates: [note], store: provider, logger: silentLogger })
    store = await openReader(connectionString())
    nameThere = (JSON.parse(await there.line()) as { readonly system: string }).system
  })
  afterAll(async () => {
    await there.end()
    await here.stop()
    await store.close()
    await program.remove()
  })

  const askHere = (id: string, commands: Commands): Promise<readonly Outcome[]> =>
    Promise.all(
      commands.map(({ command, commandId }) => here.get(note, id).ask(command as never, { commandId })),
    )

  async function askThere(id: string, commands: Commands): Promise<readonly Outcome[]> {
    there.send({ id, commands })
    return JSON.parse(await there.line()) as readonly Outcome[]
  }

  async function stored(id: string) {
    const events = []
    for await (const page of store.readStream(`${category}-${id}`)) events.push(...page)
    return events
  }

  test('take turns on one aggregate, and lose nothing', async () => {
    await askHere('turns', create('turns'))
    for (let turn = 0; turn < 20; turn++) {
      const ask = turn % 2 === 0 ? askThere : askHere
      expect(await ask('turns', divide(1, `turn ${turn}`))).toMatchObject([{ revision: 3 * turn + 3 }])
    }
    expect(await stored('turns')).toHaveLength(61)
  })

  test('collide on one aggregate, and each answer is true of what is stored', async () => {
    await askHere('both', create('both'))
    const outcomes = await Promise.all([
      askHere('both', divide(300, 'here')),
      askThere('both', divide(300, 'there')),
    ])
    const events = await stored('both')
    expect(events).toHaveLength(1 + 2 * 300 * 3)
    for (const { commandId, revision, status } of outcomes.flat()) {
      expect(status).toBe('accepted')
      expect(events[revision]).toMatchObject({ index: 2, origin: { commandId } })
    }
    const writers = new Set(events.map(({ origin }) => origin!.system))
    expect(writers).toEqual(new Set([here.id, nameThere]))
  })

  test('are asked the same commands at once: one effect each, and both know it', async () => {
    await askHere('same', create('same'))
    const commands = divide(100, 'same')
    const [left, right] = await Promise.all([askHere('same', commands), askThere('same', commands)])
    expect(left.map(({ revision }) => revision)).toEqual(right.map(({ revision }) => revision))
    for (const [nth, one] of left.entries()) {
      const duplicates = [one, right[nth]!].filter(
        (outcome) => outcome.status === 'accepted' && outcome.duplicate,
      )
      expect(duplicates).toHaveLength(1)
    }
    expect(await stored('same')).toHaveLength(301)
  })

  test('know at once what the other one has acknowledged: a rejection needs the true head', async () => {
    await askThere('known', create('known'))
    for (let round = 0; round < 20; round++) {
      const [first] = await askThere('known', divide(1, `known ${round}`))
      expect(await askHere('known', create(`again ${round}`))).toMatchObject([
        { code: 'AlreadyCreated', revision: first!.revision },
      ])
      expect(await askHere('known', divide(1, `known ${round}`))).toEqual([{ ...first, duplicate: true }])
    }
  })

  test('hear of each other without being asked', async () => {
    await askHere('heard', create('heard'))
    const refreshed = new Promise<number>((resolve) => {
      here.inspect((event) => {
        if (event.kind === 'refreshed' && event.id === 'heard') resolve(event.revision)
      })
    })
    await askThere('heard', divide(1, 'heard'))
    expect(await refreshed).toBe(3)
    expect(await here.get(note, 'heard').state()).toMatchObject({ revision: 3, context: { parts: 4 } })
  })
})
