import { assign, emit, setup } from 'xstate'
import type { Emission } from '../src/machine/kernel.ts'
import type { Message } from '../src/machine/message.ts'

/** A command, the one event that it shall give, over and over. */
export type Workload = readonly Message[]

interface Amount extends Message {
  readonly amount: number
}

const amountOf = (event: Message): number => (event as Amount).amount

interface Account {
  readonly owner: string
  readonly balance: number
  readonly overdraft: number
}

/** The flat account: what a team writes, without help. */
export const flat = setup({
  types: {} as { context: Account; events: { type: string }; emitted: { type: string } },
  guards: { hasFunds: ({ context, event }) => context.balance + context.overdraft >= amountOf(event) },
  actions: {
    Deposited: emit(({ event }) => ({ type: 'Deposited', amount: amountOf(event) })),
    Withdrawn: emit(({ event }) => ({ type: 'Withdrawn', amount: amountOf(event) })),
    Closed: emit({ type: 'Closed' }),
    reject: emit((_, params: { code: string }) => ({ type: 'reject', code: params.code })),
    credit: assign(({ context, event }) => ({ balance: context.balance + amountOf(event) })),
    debit: assign(({ context, event }) => ({ balance: context.balance - amountOf(event) })),
  },
}).createMachine({
  id: 'flat',
  initial: 'open',
  context: { owner: 'bench', balance: 1_000_000, overdraft: 50 },
  states: {
    open: {
      on: {
        Deposit: { actions: 'Deposited' },
        Deposited: { actions: 'credit' },
        Withdraw: [
          { guard: 'hasFunds', actions: 'Withdrawn' },
          { actions: { type: 'reject', params: { code: 'NoFunds' } } },
        ],
        Withdrawn: { actions: 'debit' },
        Freeze: { actions: emit({ type: 'Frozen' }) },
        Frozen: 'frozen',
        Close: { actions: 'Closed' },
        Closed: 'closed',
      },
    },
    frozen: { on: { Unfreeze: { actions: emit({ type: 'Unfrozen' }) }, Unfrozen: 'open' } },
    closed: { type: 'final' },
  },
})

export const flatWorkload: Workload = [
  { type: 'Deposit', amount: 7 } as Message,
  { type: 'Withdraw', amount: 5 } as Message,
]

/** The same account by hand: what there is to win. */
export interface SwitchState {
  readonly value: 'open' | 'frozen' | 'closed'
  readonly context: Account
}

export const switchKernel = {
  initial: (): SwitchState => ({
    value: 'open',
    context: { owner: 'bench', balance: 1_000_000, overdraft: 50 },
  }),

  decide(state: SwitchState, command: Message): Emission {
    if (state.value === 'closed') return { status: 'done' }
    switch (command.type) {
      case 'Deposit':
        if (state.value !== 'open') return { status: 'unhandled' }
        return { status: 'emitted', events: [{ type: 'Deposited', amount: amountOf(command) } as Message] }
      case 'Withdraw':
        if (state.value !== 'open') return { status: 'unhandled' }
        return state.context.balance + state.context.overdraft >= amountOf(command)
          ? { status: 'emitted', events: [{ type: 'Withdrawn', amount: amountOf(command) } as Message] }
          : { status: 'rejected', code: 'NoFunds' }
      case 'Freeze':
        return state.value === 'open'
          ? { status: 'emitted', events: [{ type: 'Frozen' }] }
          : { status: 'unhandled' }
      case 'Unfreeze':
        return state.value === 'frozen'
          ? { status: 'emitted', events: [{ type: 'Unfrozen' }] }
          : { status: 'unhandled' }
      case 'Close':
        return state.value === 'open'
          ? { status: 'emitted', events: [{ type: 'Closed' }] }
          : { status: 'unhandled' }
      default:
        return { status: 'unhandled' }
    }
  },

  evolve(state: SwitchState, event: Message): SwitchState {
    const { value, context } = state
    switch (event.type) {
      case 'Deposited':
        if (value !== 'open') break
        return { value, context: { ...context, balance: context.balance + amountOf(event) } }
      case 'Withdrawn':
        if (value !== 'open') break
        return { value, context: { ...context, balance: context.balance - amountOf(event) } }
      case 'Frozen':
        if (value !== 'open') break
        return { value: 'frozen', context }
      case 'Unfrozen':
        if (value !== 'frozen') break
        return { value: 'open', context }
      case 'Closed':
        if (value !== 'open') break
        return { value: 'closed', context }
    }
    throw new Error(`'${event.type}' is not handled in '${value}'`)
  },
}

const regionNames = ['picking', 'packing', 'payment', 'shipping', 'support']

/** One region of four states that its own event moves on, and that all move on together at `Ticked`. */
function region(name: string) {
  const step = `Step-${name}`
  const stepped = `Stepped-${name}`
  const count = assign({ count: ({ context }: { context: { count: number } }) => context.count + 1 })
  const state = (next: string) => ({
    on: {
      [step]: { actions: emit({ type: stepped } as never) },
      [stepped]: { target: next, actions: count },
      Ticked: { target: next },
    },
  })
  return {
    initial: 'one',
    states: { one: state('two'), two: state('three'), three: state('four'), four: state('one') },
  }
}

/** A parallel machine of 20 states and 1,024 configurations. */
export const parallel = setup({
  types: {} as { context: { count: number }; events: { type: string }; emitted: { type: string } },
}).createMachine({
  id: 'parallel',
  type: 'parallel',
  context: { count: 0 },
  on: { Tick: { actions: emit({ type: 'Ticked' }) } },
  states: Object.fromEntries(regionNames.map((name) => [name, region(name)])),
} as never)

export const parallelWorkload: Workload = [
  ...regionNames.map((name) => ({ type: `Step-${name}` })),
  { type: 'Tick' },
]
