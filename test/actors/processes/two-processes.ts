import { expect, it } from 'vitest'
import type { Outcome, System } from '../../../src/index.ts'
import type { EventStore } from '../../../src/store/event-store.ts'
import type { note } from '../kit/note.ts'
import type { Child } from './child.ts'
import type { AskOrder } from './obey.ts'

/** A system here, one in an obedient process, and somebody who looks at the store that they share. */
export interface TwoProcesses {
  readonly here: System
  readonly there: Child
  /** The id of the system over there. */
  readonly nameThere: string
  readonly definition: typeof note
  readonly store: Pick<EventStore, 'readStream'>
}

type Commands = AskOrder['commands']

const create = (commandId: string): Commands => [{ command: { type: 'Create', title: 'first' }, commandId }]
const divide = (count: number, prefix: string): Commands =>
  Array.from({ length: count }, (_, nth) => ({ command: { type: 'Divide' }, commandId: `${prefix} ${nth}` }))

/**
 * What holds for two processes on one store, whichever it is.
 * @param processes asked in each test, when they have been started.
 * @param known the name of the test that what the one has acknowledged is known to the other.
 */
export function itHoldsForTwoProcesses(processes: () => TwoProcesses, known: string): void {
  const askHere = (id: string, commands: Commands): Promise<readonly Outcome[]> => {
    const { here, definition } = processes()
    const reference = here.get(definition, id)
    return Promise.all(
      commands.map(({ command, commandId }) => reference.ask(command as never, { commandId })),
    )
  }

  async function askThere(id: string, commands: Commands): Promise<readonly Outcome[]> {
    const { there } = processes()
    const order: AskOrder = { id, commands }
    there.send(order)
    return JSON.parse(await there.line()) as readonly Outcome[]
  }

  async function stored(id: string) {
    const { store, definition } = processes()
    const events = []
    for await (const page of store.readStream(`${definition.name}-${id}`)) events.push(...page)
    return events
  }

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
    const { here, nameThere } = processes()
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

  it(known, async () => {
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
    const { here, definition } = processes()
    await askHere('heard', create('heard'))
    const refreshed = new Promise<number>((resolve) => {
      here.inspect((event) => {
        if (event.kind === 'refreshed' && event.id === 'heard') resolve(event.revision)
      })
    })
    await askThere('heard', divide(1, 'heard'))
    expect(await refreshed).toBe(3)
    expect(await here.get(definition, 'heard').state()).toMatchObject({ revision: 3, context: { parts: 4 } })
  })
}
