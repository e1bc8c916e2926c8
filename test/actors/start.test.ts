import { describe, expect, it } from 'vitest'
import { memoryStore, start } from '../../src/index.ts'
import { silentLogger, simulatedRuntime } from '../../src/testing/index.ts'
import { changedBehaviour } from './kit/changed-behaviour.ts'
import { note } from './kit/note.ts'
import { caught, changedStore, inWorld } from './kit/world.ts'

describe('start', () => {
  it('refuses two definitions of one name, with the mend', async () => {
    const twin = changedBehaviour(note, () => ({}))
    const failure = await caught(
      start({ aggregates: [note, twin], store: memoryStore(), logger: silentLogger }),
    )
    expect(failure).toMatchObject({ tag: 'DefinitionError', aggregate: 'note' })
    expect((failure as Error).message).toContain('give each aggregate a name of its own')
  })

  it.each([
    ['a machine', note.machine],
    ['a model', { commands: {}, events: {} }],
    ['nothing', undefined],
  ])('refuses %s in place of a definition, with its place and the mend', async (_what, given) => {
    const failure = await caught(
      start({ aggregates: [note, given as never], store: memoryStore(), logger: silentLogger }),
    )
    expect(failure).toMatchObject({ tag: 'DefinitionError' })
    expect((failure as Error).message).toContain('aggregates[1]: what was given to start() is no definition')
    expect((failure as Error).message).toContain('give what aggregate() returned')
  })

  it('tells a definition of another copy of the package from what is none', async () => {
    const { name, machine, engine, structureHash, findings } = note
    const foreign = { name, machine, engine, structureHash, findings }
    const failure = await caught(
      start({ aggregates: [foreign as never], store: memoryStore(), logger: silentLogger }),
    )
    expect((failure as Error).message).toContain('was made by another copy of reenact')
  })

  it('refuses what is no store, and names those that are', async () => {
    const failure = await caught(
      start({ aggregates: [note], store: { path: './data' } as never, logger: silentLogger }),
    )
    expect(failure).toBeInstanceOf(TypeError)
    expect((failure as Error).message).toContain('embeddedStore({ path })')
  })

  it('refuses a setting that cannot be, before it opens anything', async () => {
    let opened = 0
    const counting = { description: 'counting', open: () => Promise.reject(new Error(`opened ${++opened}`)) }
    const settings = { writers: 0 }
    const failure = await caught(
      start({ aggregates: [note], store: counting, logger: silentLogger, settings }),
    )
    expect(failure).toBeInstanceOf(RangeError)
    expect(opened).toBe(0)
  })

  it(
    'passes on why a store cannot be opened, and leaves nothing behind',
    inWorld(async (world) => {
      world.store.next({ kind: 'failedOpen' })
      expect(await caught(world.start())).toMatchObject({ tag: 'StoreUnavailable' })
      expect(world.runtime.pendingTimers).toBe(0)
    }),
  )

  it(
    'gives each system an id of its own, and tells it to the store',
    inWorld(async (world) => {
      const told: string[] = []
      const listening = changedStore(world.store, () => ({}))
      const open = listening.open.bind(listening)
      const store = {
        description: 'listening',
        open: (context: Parameters<typeof open>[0]) => {
          told.push(context.system)
          return open(context)
        },
      }
      const nodes = [await world.start({}, store), await world.start({}, store)]
      expect(told).toEqual(nodes.map(({ system }) => system.id))
      expect(new Set(told).size).toBe(2)
    }),
  )

  it('runs many systems in one process, each with actors of its own', async () => {
    const systems = await Promise.all(
      Array.from({ length: 5 }, () =>
        // The same seed, and so the same ids: nothing of nact may be shared by them.
        start({
          aggregates: [note],
          store: memoryStore(),
          logger: silentLogger,
          runtime: simulatedRuntime(),
        }),
      ),
    )
    const outcomes = await Promise.all(
      systems.map((system, nth) => system.get(note, 'a').ask({ type: 'Create', title: `${nth}` })),
    )
    expect(outcomes.map(({ revision }) => revision)).toEqual([0, 0, 0, 0, 0])
    for (const [nth, system] of systems.entries()) {
      expect((await system.get(note, 'a').state()).context.title).toBe(`${nth}`)
      await system.stop()
    }
  })
})
