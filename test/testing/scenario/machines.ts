import { setup } from 'xstate'
import { z } from 'zod'
import { aggregate, model } from '../../../src/aggregate/index.ts'

const faults = model({
  context: {} as { id: string },
  commands: { Ping: true, Throw: true },
  events: { Thrown: true },
})

/** A machine whose guard throws, whose `Ping` leaves no event, and which knows its id. */
export const failing = aggregate({
  name: 'failing',
  commands: faults.commands,
  events: faults.events,
  machine: setup({
    types: { ...faults.types, input: {} as { id: string } },
    actions: faults.actions,
    guards: {
      broken: () => {
        throw new Error('out of order')
      },
    },
  }).createMachine({
    id: 'failing',
    initial: 'idle',
    context: ({ input }) => ({ id: input.id }),
    states: { idle: { on: { Ping: {}, Throw: { guard: 'broken', actions: 'Thrown' }, Thrown: {} } } },
  }),
})

const names = model({
  context: {} as { name: string; before: string },
  commands: { Rename: z.object({ name: z.string() }) },
  events: { Renamed: z.object({ name: z.string() }) },
})

/** Version 1 of its event had a `title` in the place of the `name`. */
export const renamed = aggregate({
  name: 'renamed',
  commands: names.commands,
  events: names.events,
  schemaVersion: 2,
  upcast: ({ type, data, schemaVersion }) => ({
    type,
    data: schemaVersion === 1 ? { name: data['title'] } : data,
  }),
  machine: setup({
    types: names.types,
    actions: {
      ...names.actions,
      rename: names.on('Renamed', ({ context, event }) => ({ name: event.name, before: context.name })),
    },
  }).createMachine({
    id: 'renamed',
    initial: 'named',
    context: { name: '', before: '' },
    states: { named: { on: { Rename: { actions: 'Renamed' }, Renamed: { actions: 'rename' } } } },
  }),
})
