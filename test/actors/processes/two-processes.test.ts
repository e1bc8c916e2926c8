import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Outcome, type System, start } from '../../../src/index.ts'
import { systemRuntime } from '../../../src/runtime.ts'
import { embeddedStore } from '../../../src/store/embedded/embedded-store.ts'
import type { EventStore } from '../../../src/store/event-store.ts'
import { silentLogger } from '../../../src/testing/index.ts'
import { bundled } from '../../support/bundle.ts'
import { note } from '../kit/note.ts'
import { Child } from './child.ts'

let folder: string
let program: string
let here: System
let there: Child
let store: EventStore
let nameThere: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reenact-two-'))
  const provider = embeddedStore({ path: join(folder, 'data') })
  program = await bundled(new URL('./obedient.ts', import.meta.url), 'obedient')
  there = new Child(program, [join(folder, 'data')])
  here = await start({ aggregates: [note], store: provider, logger: silentLogger })
  store = await provider.open({ runtime: systemRuntime, logger: silentLogger, system: 'reader' })
  nameThere = (JSON.parse(await there.line()) as { readonly system: string }).system
}, 120_000)

afterAll(async () => {
  await there.end()
  await here.stop()
  await store.close()
  await rm(folder, { recursive: true })
  await rm(program)
}, 120_000)

type Commands = readonly { readonly command: object; readonly commandId: string }[]

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
  for await (const page of store.readStream(`note-${id}`)) events.push(...page)
  return events
}

const create = (commandId: string) => [{ command: { type: 'Create', title: 'first' }, commandId }]
const divide = (count: number, prefix: string): Commands =>
  Array.from({ length: count }, (_, nth) => ({ command: { type: 'Divide' }, commandId: `${prefix} ${nth}` }))

describe('two processes on one embedded store', () => {
  it('take turns on one aggregate, and lose nothing', async () => {
    await askHere('turns', create('turns'))
    for (let turn = 0; turn < 20; turn++) {
      const ask = turn % 2 === 0 ? askThere : askHere
      expect(await ask('turns', divide(1, `turn ${turn}`))).toMatchObject([{ revision: 3 * turn + 3 }])
    }
    expect(await stored('turns')).toHaveLength(61)
  })

  it('collide on one aggregate, and each answer is true of what is stored', async () => {
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

  it('are asked the same commands at once: one effect each, and both know it', async () => {
    await askHere('same', create('same'))
    const commands = divide(100, 'same')
    const [left, right] = await Promise.all([askHere('same', commands), askThere('same', commands)])
    expect(left!.map(({ revision }) => revision)).toEqual(right!.map(({ revision }) => revision))
    for (const [nth, one] of left!.entries()) {
      const duplicates = [one, right![nth]!].filter(
        (outcome) => outcome.status === 'accepted' && outcome.duplicate,
      )
      expect(duplicates).toHaveLength(1)
    }
    expect(await stored('same')).toHaveLength(301)
  })

  it('rule 19: what the other one has acknowledged is known here at once, and on disk', async () => {
    await askThere('known', create('known'))
    for (let round = 0; round < 20; round++) {
      const [first] = await askThere('known', divide(1, `known ${round}`))
      // A rejection needs the true head; a duplicate the stored events.
      expect(await askHere('known', create(`again ${round}`))).toMatchObject([
        { code: 'AlreadyCreated', revision: first!.revision },
      ])
      expect(await askHere('known', divide(1, `known ${round}`))).toEqual([{ ...first, duplicate: true }])
    }
  })

  it('hear of each other without being asked', async () => {
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
