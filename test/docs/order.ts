// #region schemas
import { aggregate, model } from 'reenact'
import { setup } from 'xstate'
import { z } from 'zod'

const line = z.object({ article: z.string(), quantity: z.number().int().positive(), price: z.number().int() })
type Line = z.infer<typeof line>

export const shop = model({
  context: {} as { lines: readonly Line[]; paid: number },
  commands: {
    AddLine: line,
    Place: z.object({ at: z.iso.datetime() }),
    Pay: z.object({ amount: z.number().int().positive() }),
    Cancel: true,
  },
  events: {
    LineAdded: line,
    Placed: z.object({ at: z.iso.datetime(), total: z.number().int() }),
    PaymentReceived: z.object({ amount: z.number().int() }),
    Completed: true,
    Cancelled: true,
  },
  rejections: {
    Empty: 'an order without a line cannot be placed',
    PaidAlready: 'an order that is paid in part cannot be cancelled',
  },
})
// #endregion schemas

const totalOf = (lines: readonly Line[]): number =>
  lines.reduce((total, { quantity, price }) => total + quantity * price, 0)

// #region setup
const orderSetup = setup({
  types: shop.types,
  guards: {
    hasLines: ({ context }) => context.lines.length > 0,
    isUnpaid: ({ context }) => context.paid === 0,
    settles: shop.when('Pay', ({ context, event }) => context.paid + event.amount >= totalOf(context.lines)),
  },
  actions: {
    ...shop.actions,
    addLine: shop.on('LineAdded', ({ context, event: { article, quantity, price } }) => ({
      lines: [...context.lines, { article, quantity, price }],
    })),
    receive: shop.on('PaymentReceived', ({ context, event }) => ({ paid: context.paid + event.amount })),
  },
})
// #endregion setup

// #region machine
export const orderMachine = orderSetup.createMachine({
  id: 'order',
  context: { lines: [], paid: 0 },
  initial: 'draft',
  states: {
    draft: {
      on: {
        AddLine: { actions: 'LineAdded' },
        LineAdded: { actions: 'addLine' },
        Place: [
          {
            guard: 'hasLines',
            actions: {
              type: 'Placed',
              params: ({ context, event }) => ({ at: event.at, total: totalOf(context.lines) }),
            },
          },
          { actions: { type: 'reject', params: { code: 'Empty' } } },
        ],
        Placed: 'placed',
        Cancel: { actions: 'Cancelled' },
        Cancelled: 'cancelled',
      },
    },
    placed: {
      on: {
        Pay: [
          { guard: 'settles', actions: ['PaymentReceived', 'Completed'] },
          { actions: 'PaymentReceived' },
        ],
        PaymentReceived: { actions: 'receive' },
        Completed: 'completed',
        Cancel: [
          { guard: 'isUnpaid', actions: 'Cancelled' },
          { actions: { type: 'reject', params: { code: 'PaidAlready' } } },
        ],
        Cancelled: 'cancelled',
      },
    },
    completed: { type: 'final' },
    cancelled: { type: 'final' },
  },
})
// #endregion machine

// #region aggregate
export const order = aggregate({
  name: 'order',
  machine: orderMachine,
  commands: shop.commands,
  events: shop.events,
  rejections: shop.rejections,
})
// #endregion aggregate
