import { aggregate, model } from 'reenact'
import { setup } from 'xstate'
import { z } from 'zod'

const guest = z.string().min(1)
const flight = model({
  context: {} as { guest: string },
  commands: { Reserve: z.object({ guest }), Release: true },
  events: { Reserved: z.object({ guest }), Released: true },
  rejections: { Taken: 'this seat is taken' },
})

export const seatMachine = setup({
  types: flight.types,
  actions: { ...flight.actions, seat: flight.on('Reserved', ({ event }) => ({ guest: event.guest })) },
}).createMachine({
  id: 'seat',
  context: { guest: '' },
  initial: 'free',
  states: {
    free: {
      on: {
        Reserve: { actions: 'Reserved' }, //                 a command: the fact that it leads to
        Reserved: { target: 'taken', actions: 'seat' }, //   a fact: what it changes
      },
    },
    taken: {
      on: {
        Reserve: { actions: { type: 'reject', params: { code: 'Taken' } } },
        Release: { actions: 'Released' },
        Released: 'free',
      },
    },
  },
})

export const seat = aggregate({ ...flight, name: 'seat', machine: seatMachine })
