import { setup } from 'xstate'
import { z } from 'zod'
import { aggregate, model } from '../../../src/aggregate/index.ts'

const title = z.string()

const notes = model({
  context: {} as { title: string; changes: number; parts: number },
  commands: {
    Create: z.object({ title }),
    Rename: z.object({ title }),
    /** Three events at once. */
    Divide: true,
    /** Accepted, without an event. */
    Touch: true,
    /** Refused by the machine. */
    Refuse: true,
    /** Its guard throws. */
    Explode: true,
    /** The machine breaks at the event that it emits. */
    Collapse: true,
    Close: true,
  },
  events: {
    Created: z.object({ title }),
    Renamed: z.object({ title }),
    Divided: true,
    Collapsed: true,
    Closed: true,
  },
  rejections: {
    AlreadyCreated: 'this note exists already',
    NotNow: 'this is always refused',
  },
})

const machine = setup({
  types: notes.types,
  guards: {
    throwing: () => {
      throw new Error('this guard always throws')
    },
  },
  actions: {
    ...notes.actions,
    begin: notes.on('Created', ({ event }) => ({ title: event.title })),
    rename: notes.on('Renamed', ({ context, event }) => ({
      title: event.title,
      changes: context.changes + 1,
    })),
    divide: notes.on('Divided', ({ context }) => ({ parts: context.parts + 1 })),
    collapse: notes.on('Collapsed', () => {
      throw new Error('this assign always throws')
    }),
  },
}).createMachine({
  id: 'note',
  initial: 'absent',
  context: { title: '', changes: 0, parts: 1 },
  states: {
    absent: {
      on: {
        Create: { actions: 'Created' },
        Created: { target: 'present', actions: 'begin' },
        Touch: {},
      },
    },
    present: {
      on: {
        Create: { actions: { type: 'reject', params: { code: 'AlreadyCreated' } } },
        Rename: { actions: 'Renamed' },
        Renamed: { actions: 'rename' },
        Divide: { actions: ['Divided', 'Divided', 'Divided'] },
        Divided: { actions: 'divide' },
        Touch: {},
        Refuse: { actions: { type: 'reject', params: { code: 'NotNow' } } },
        Explode: { guard: 'throwing', actions: { type: 'reject', params: { code: 'NotNow' } } },
        Collapse: { actions: 'Collapsed' },
        Collapsed: { actions: 'collapse' },
        Close: { actions: 'Closed' },
        Closed: 'closed',
      },
    },
    closed: { type: 'final' },
  },
})

/** The same aggregate in a category of its own, for a store that others use as well. */
export const noteNamed = (name: string) =>
  aggregate({
    name,
    machine,
    commands: notes.commands,
    events: notes.events,
    rejections: notes.rejections,
  })

/** The aggregate of these tests: an update for every way in which a command can end. */
export const note = noteNamed('note')

export const stream = (id: string): string => `note-${id}`
