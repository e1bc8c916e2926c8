import { setup } from 'xstate'
import { z } from 'zod'
import { aggregate, model } from '../../src/aggregate/index.ts'

/** Something that takes time: the simulation says what that means. */
export const slowness = { take: (_ms: number): void => undefined }

function take(ms: number): true {
  slowness.take(ms)
  return true
}

const amount = z.number().int()
/** A payload that makes its schema throw, where it is validated. */
export const poisonAmount = 666

const words = model({
  context: {} as { count: number; total: number },
  commands: {
    Add: z.object({ amount }),
    AddThree: z.object({ amount }),
    Odd: true,
    Touch: true,
    SlowInGuard: z.object({ ms: z.number() }),
    SlowInAssign: z.object({ ms: z.number() }),
    SlowInSchema: z.object({ ms: z.number() }),
    ThrowInGuard: true,
    ThrowInAssign: true,
    ThrowInSchema: true,
    Close: true,
  },
  events: {
    // The total stands in the event so that a decision on a wrong state is seen in what is stored.
    Added: z.object({ amount, total: z.number() }),
    OddSeen: z.object({ count: z.number() }),
    AddedSlowly: z.object({ ms: z.number() }),
    CheckedSlowly: z.object({ ms: z.number().refine((ms) => take(ms)) }),
    Broken: true,
    Unfit: z.object({
      poison: z.number().refine((value) => {
        if (value === poisonAmount) throw new Error('the schema is out of order')
        return true
      }),
    }),
    Closed: true,
  },
  rejections: { Even: 'only an odd number of events before this one will do' },
})

/** A machine in which every wrong turn of the runtime shows: in what is stored, and in what is answered. */
export const ledgerMachine = setup({
  types: words.types,
  guards: {
    isOdd: ({ context }) => context.count % 2 === 1,
    isBroken: () => {
      throw new Error('the guard is out of order')
    },
    isSlow: words.when('SlowInGuard', ({ event }) => take(event.ms)),
  },
  actions: {
    ...words.actions,
    add: words.on('Added', ({ context, event }) => ({
      count: context.count + 1,
      total: context.total + event.amount,
    })),
    seeOdd: words.on('OddSeen', ({ context }) => ({ count: context.count + 1 })),
    addSlowly: words.on('AddedSlowly', ({ context, event }) => {
      take(event.ms)
      return { count: context.count + 1 }
    }),
    addChecked: words.on('CheckedSlowly', ({ context }) => ({ count: context.count + 1 })),
    break: words.on('Broken', () => {
      throw new Error('the assign is out of order')
    }),
  },
}).createMachine({
  id: 'ledger',
  initial: 'open',
  context: { count: 0, total: 0 },
  states: {
    open: {
      on: {
        Add: {
          actions: {
            type: 'Added',
            params: ({ context, event }) => ({
              amount: event.amount,
              total: context.total + event.amount,
            }),
          },
        },
        AddThree: {
          actions: [
            {
              type: 'Added',
              params: ({ context, event }) => ({ amount: event.amount, total: context.total }),
            },
            {
              type: 'Added',
              params: ({ context, event }) => ({ amount: event.amount, total: context.total }),
            },
            {
              type: 'Added',
              params: ({ context, event }) => ({ amount: event.amount, total: context.total }),
            },
          ],
        },
        Odd: [
          {
            guard: 'isOdd',
            actions: { type: 'OddSeen', params: ({ context }) => ({ count: context.count }) },
          },
          { actions: { type: 'reject', params: { code: 'Even' } } },
        ],
        Touch: {},
        SlowInGuard: {
          guard: 'isSlow',
          actions: { type: 'Added', params: ({ context }) => ({ amount: 0, total: context.total }) },
        },
        SlowInAssign: { actions: 'AddedSlowly' },
        SlowInSchema: { actions: 'CheckedSlowly' },
        ThrowInGuard: { guard: 'isBroken', actions: 'Broken' },
        ThrowInAssign: { actions: 'Broken' },
        ThrowInSchema: { actions: { type: 'Unfit', params: { poison: poisonAmount } } },
        Close: { actions: 'Closed' },
        Added: { actions: 'add' },
        OddSeen: { actions: 'seeOdd' },
        AddedSlowly: { actions: 'addSlowly' },
        CheckedSlowly: { actions: 'addChecked' },
        Broken: { actions: 'break' },
        Unfit: {},
        Closed: 'closed',
      },
    },
    closed: { type: 'final' },
  },
})

export const ledger = aggregate({
  name: 'ledger',
  machine: ledgerMachine,
  commands: words.commands,
  events: words.events,
  rejections: words.rejections,
})
