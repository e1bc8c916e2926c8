import { type Aggregate, aggregate, model } from 'reenact'
import { setup } from 'xstate'

const trade = model({
  context: {} as { paid: number },
  commands: { Place: true, Pay: true, Pick: true, Pack: true, Send: true, Cancel: true, Resume: true },
  events: {
    Placed: true,
    Paid: true,
    Picked: true,
    Packed: true,
    Sent: true,
    Cancelled: true,
    Resumed: true,
  },
  rejections: { TooLate: 'it is on its way already', Unpaid: 'it must be paid first' },
})

/** Nested and parallel, with history, a description, tags and an event that another region answers. */
export const shipment = aggregate({
  name: 'shipment',
  commands: trade.commands,
  events: trade.events,
  rejections: trade.rejections,
  machine: setup({
    types: trade.types,
    guards: { isPaid: ({ context }) => context.paid > 0 },
    actions: { ...trade.actions, receive: trade.on('Paid', ({ context }) => ({ paid: context.paid + 1 })) },
  }).createMachine({
    id: 'shipment',
    context: { paid: 0 },
    initial: 'draft',
    states: {
      draft: {
        description: 'Nothing is promised yet.',
        on: { Place: { actions: 'Placed' }, Placed: 'running', Cancel: { actions: 'Cancelled' } },
      },
      running: {
        type: 'parallel',
        on: {
          Cancel: { actions: { type: 'reject', params: { code: 'TooLate' } } },
        },
        states: {
          payment: {
            initial: 'open',
            states: {
              open: { on: { Pay: { actions: 'Paid' }, Paid: { target: 'settled', actions: 'receive' } } },
              settled: { tags: ['safe'] },
            },
          },
          delivery: {
            initial: 'packing',
            states: {
              packing: {
                initial: 'picking',
                states: {
                  picking: { on: { Pick: { actions: 'Picked' }, Picked: 'packed' } },
                  packed: {},
                  last: { type: 'history' },
                },
                on: {
                  Pack: { actions: ['Packed', 'Sent'] },
                  Packed: 'ready',
                },
              },
              ready: {
                on: {
                  Send: [
                    { guard: 'isPaid', actions: 'Sent', description: 'The courier is called.' },
                    { actions: { type: 'reject', params: { code: 'Unpaid' } } },
                  ],
                  Sent: 'sent',
                  Resume: { actions: 'Resumed' },
                  Resumed: 'packing.last',
                },
              },
              sent: { type: 'final' },
            },
          },
        },
      },
      cancelled: { type: 'final' },
    },
    on: { Cancelled: '.cancelled' },
  }),
})

/** As big as machines of people get: 60 states in nine stages, each going on, back and out. */
export function bigMachine(): Aggregate {
  const stages = Array.from({ length: 9 }, (_, stage) => [
    `stage${stage}`,
    {
      initial: 'step0',
      on: { Abort: { actions: 'Aborted' }, Aborted: '#big.aborted' },
      states: Object.fromEntries(
        Array.from({ length: 5 }, (_, step) => [
          `step${step}`,
          {
            on: {
              Advance: { guard: 'isReady', actions: 'Advanced' },
              Advanced: step < 4 ? `step${step + 1}` : `#big.stage${stage + 1}`,
              ...(step > 0 ? { Return: { actions: 'Returned' }, Returned: `step${step - 1}` } : {}),
            },
          },
        ]),
      ),
    },
  ])
  const walk = model({
    context: {},
    commands: { Advance: true, Return: true, Abort: true },
    events: { Advanced: true, Returned: true, Aborted: true },
  })
  const machine = setup({
    guards: { isReady: () => true },
    actions: walk.actions as never,
  }).createMachine({
    id: 'big',
    initial: 'stage0',
    states: {
      ...Object.fromEntries(stages),
      stage9: { initial: 'only', states: { only: {}, other: {}, more: {} } },
      aborted: { type: 'final' },
    },
  } as never)
  const { commands, events } = walk
  return aggregate({ name: 'big', machine, commands, events } as never)
}
