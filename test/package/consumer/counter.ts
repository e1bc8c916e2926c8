import { aggregate, model } from 'reenact'
import { setup } from 'xstate'
import { z } from 'zod'

const amount = z.number().int().positive()
const counting = model({
  context: {} as { count: number },
  commands: { Add: z.object({ amount }) },
  events: { Added: z.object({ amount }) },
})

const machine = setup({
  types: counting.types,
  actions: {
    ...counting.actions,
    add: counting.on('Added', ({ context, event }) => ({ count: context.count + event.amount })),
  },
}).createMachine({
  id: 'counter',
  context: { count: 0 },
  on: { Add: { actions: 'Added' }, Added: { actions: 'add' } },
})

export const counter = aggregate({ ...counting, name: 'counter', machine })
