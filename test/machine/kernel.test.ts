import { describe, expect, it } from 'vitest'
import { assign, createMachine, emit } from 'xstate'
import { CommandChangedState, EventNotHandled } from '../../src/machine/machine-errors.ts'
import { account } from './bank.ts'
import { engines, machineOf, message, stateAfter } from './engines.ts'

const opened = message('Opened', { owner: 'Alice', overdraft: 50 })
const emitX = (type: string) => ({ actions: emit({ type }) })

describe.each(engines)('decide (%s)', (_, make) => {
  const bank = make(account)

  it('answers a command with the events that its transition emits, and the state stays', () => {
    const state = stateAfter(bank, opened)
    expect(bank.decide(state, message('Deposit', { amount: 5 }))).toEqual({
      status: 'emitted',
      events: [{ type: 'Deposited', amount: 5 }],
    })
    expect(bank.view(state).context).toEqual({ owner: 'Alice', balance: 0, overdraft: 50 })
  })

  it('takes the first candidate whose guard holds', () => {
    const state = stateAfter(bank, opened)
    const withdraw = (amount: number) => bank.decide(state, message('Withdraw', { amount }))
    expect(withdraw(50)).toEqual({ status: 'emitted', events: [{ type: 'Withdrawn', amount: 50 }] })
    expect(withdraw(51)).toEqual({
      status: 'emitted',
      events: [{ type: 'WithdrawalDeclined', amount: 51, balance: 0 }],
    })
  })

  it('refuses with the code of a reject', () => {
    const state = stateAfter(bank, opened, message('Deposited', { amount: 1 }))
    expect(bank.decide(state, message('Open'))).toEqual({ status: 'rejected', code: 'AlreadyOpen' })
    expect(bank.decide(state, message('Close'))).toEqual({ status: 'rejected', code: 'NotEmpty' })
  })

  it('refuses the whole command for the first reject in document order, with its details', () => {
    const kernel = make(
      createMachine({
        on: {
          Go: {
            actions: [
              emit({ type: 'Gone' }),
              emit({ type: 'reject', code: 'First', details: { why: 1 } }),
              emit({ type: 'reject', code: 'Second' }),
            ],
          },
        },
      }),
    )
    expect(kernel.decide(stateAfter(kernel), message('Go'))).toEqual({
      status: 'rejected',
      code: 'First',
      details: { why: 1 },
    })
  })

  it('collects several emits in document order, each reading the context before the command', () => {
    const kernel = make(
      createMachine({
        context: { count: 7 },
        on: {
          Go: {
            actions: [
              emit(({ context: { count } }) => ({ type: 'A', count })),
              emit(({ context: { count } }) => ({ type: 'B', count })),
            ],
          },
        },
      }),
    )
    expect(kernel.decide(stateAfter(kernel), message('Go'))).toEqual({
      status: 'emitted',
      events: [
        { type: 'A', count: 7 },
        { type: 'B', count: 7 },
      ],
    })
  })

  it('accepts a command that is written {} without an event', () => {
    const kernel = make(createMachine({ on: { Ping: {} } }))
    expect(kernel.decide(stateAfter(kernel), message('Ping'))).toEqual({ status: 'emitted', events: [] })
  })

  it('tells unhandled, blocked and done apart', () => {
    const kernel = make(
      createMachine({
        initial: 'on',
        states: {
          on: { on: { Go: { guard: () => false }, End: 'off' } },
          off: { type: 'final', on: { Later: {} } },
        },
      }),
    )
    expect(kernel.decide(stateAfter(kernel), message('Go'))).toEqual({ status: 'blocked' })
    expect(kernel.decide(stateAfter(kernel), message('Later'))).toEqual({ status: 'unhandled' })
    expect(kernel.decide(stateAfter(kernel), message('Strange'))).toEqual({ status: 'unhandled' })
    expect(kernel.decide(stateAfter(kernel, 'End'), message('Go'))).toEqual({ status: 'done' })
  })

  it('lets a parent handle only what no region did', () => {
    const kernel = make(
      createMachine({
        type: 'parallel',
        on: { Go: emitX('Parent'), Alone: emitX('Parent') },
        states: {
          left: { on: { Go: { guard: () => false } } },
          right: { on: { Go: emitX('Right') } },
        },
      }),
    )
    const events = (type: string) => kernel.decide(stateAfter(kernel), message(type))
    expect(events('Go')).toEqual({ status: 'emitted', events: [{ type: 'Right' }] })
    expect(events('Alone')).toEqual({ status: 'emitted', events: [{ type: 'Parent' }] })
  })

  it.each([
    ['target', { on: { Go: { target: '.b' } }, initial: 'a', states: { a: {}, b: {} } }],
    ['target', { initial: 'a', states: { a: { on: { Go: { target: 'a' } } } } }],
    ['context', { on: { Go: { actions: assign({ n: 1 }) } } }],
    ['context', { on: { Go: { actions: assign({}) } } }],
  ] as const)('throws CommandChangedState (%s) where a command does it', (change, config) => {
    const kernel = make(createMachine(config as never))
    const state = stateAfter(kernel)
    const attempt = () => kernel.decide(state, message('Go'))
    expect(attempt).toThrow(CommandChangedState)
    expect(attempt).toThrow(expect.objectContaining({ change, commandType: 'Go' }))
  })

  it('names an emit of something that is no event', () => {
    const kernel = make(
      createMachine({
        on: {
          Go: { actions: emit((() => undefined) as never) },
          No: { actions: emit({ type: 'reject' } as never) },
        },
      }),
    )
    expect(() => kernel.decide(stateAfter(kernel), message('Go'))).toThrow(/emitted undefined/)
    expect(() => kernel.decide(stateAfter(kernel), message('No'))).toThrow(/`code`/)
  })
})

describe.each(engines)('evolve (%s)', (_, make) => {
  const bank = make(account)

  it('moves the state and assigns', () => {
    const state = stateAfter(
      bank,
      opened,
      message('Deposited', { amount: 7 }),
      message('Withdrawn', { amount: 3 }),
    )
    const view = bank.view(state)
    expect(view).toMatchObject({
      value: 'open',
      status: 'active',
      context: { owner: 'Alice', balance: 4, overdraft: 50 },
    })
    expect([...view.tags]).toEqual(['live'])
    expect(view.matches('open')).toBe(true)
    expect(view.matches('closed')).toBe(false)
  })

  it('leaves the state before as it was', () => {
    const before = stateAfter(bank, opened)
    bank.evolve(before, message('Deposited', { amount: 7 }))
    expect(bank.view(before).context).toMatchObject({ balance: 0 })
  })

  it('gives the very same state for an event that changes nothing', () => {
    const state = stateAfter(bank, opened)
    expect(bank.evolve(state, message('WithdrawalDeclined'))).toBe(state)
  })

  it('throws EventNotHandled for an event that is unhandled, blocked, or comes after the end', () => {
    expect(() => stateAfter(bank, 'Deposited')).toThrow(expect.objectContaining({ reason: 'unhandled' }))
    expect(() => stateAfter(bank, 'Strange')).toThrow(EventNotHandled)
    expect(() => stateAfter(bank, opened, 'Closed', 'Closed')).toThrow(
      expect.objectContaining({ reason: 'done' }),
    )
    const guarded = make(createMachine({ on: { Done: { guard: () => false } } }))
    expect(() => stateAfter(guarded, 'Done')).toThrow(expect.objectContaining({ reason: 'blocked' }))
  })

  it('runs exit, transition, entry and initial actions in this order, with the event', () => {
    const note = (text: string) =>
      assign(({ context, event }: { context: { log: string[] }; event: { type: string } }) => ({
        log: [...context.log, `${text}:${event.type}`],
      }))
    const kernel = make(
      createMachine({
        context: { log: [] as string[] },
        initial: 'a',
        states: {
          a: { exit: note('exit a'), on: { Moved: { target: 'b', actions: note('move') } } },
          b: {
            entry: note('entry b'),
            initial: { target: 'c', actions: note('initial b') },
            states: { c: { entry: note('entry c') } },
          },
        },
      } as never),
    )
    expect(kernel.view(stateAfter(kernel, 'Moved')).context).toEqual({
      log: ['exit a:Moved', 'move:Moved', 'entry b:Moved', 'initial b:Moved', 'entry c:Moved'],
    })
  })

  it('follows onDone of a nested final state, with its output, and finishes', () => {
    const kernel = make(
      createMachine({
        context: { said: '' },
        initial: 'work',
        states: {
          work: {
            initial: 'busy',
            states: {
              busy: { on: { Worked: 'ready' } },
              ready: { type: 'final', output: { said: 'bye' } },
            },
            onDone: {
              target: 'end',
              actions: assign({
                said: ({ event }) => (event as unknown as { output: { said: string } }).output.said,
              }),
            },
          },
          end: { type: 'final' },
        },
      }),
    )
    const view = kernel.view(stateAfter(kernel, 'Worked'))
    expect(view).toMatchObject({ value: 'end', status: 'done', context: { said: 'bye' } })
  })

  it('follows always, with a guard, in the same step', () => {
    const kernel = make(
      createMachine({
        context: { count: 0 },
        initial: 'few',
        states: {
          few: {
            on: {
              Added: {
                actions: assign({
                  count: ({ context }: { context: { count: number } }) => context.count + 1,
                }),
              },
            },
            always: {
              guard: ({ context }: { context: { count: number } }) => context.count > 1,
              target: 'many',
            },
          },
          many: { tags: 'full' },
        },
      } as never),
    )
    expect(kernel.view(stateAfter(kernel, 'Added')).value).toBe('few')
    expect(kernel.view(stateAfter(kernel, 'Added', 'Added')).value).toBe('many')
  })

  it('remembers history', () => {
    const kernel = make(
      createMachine({
        initial: 'in',
        states: {
          in: {
            initial: 'a',
            states: { a: { on: { Next: 'b' } }, b: {}, last: { type: 'history' } },
            on: { Left: 'out' },
          },
          out: { on: { Back: 'in.last' } },
        },
      }),
    )
    expect(kernel.view(stateAfter(kernel, 'Next', 'Left', 'Back')).value).toEqual({ in: 'b' })
  })
})

describe.each(engines)('initial (%s)', (_, make) => {
  it('gives the machine its id as input', () => {
    const kernel = make(machineOf({ context: ({ input }: { input: { id: string } }) => ({ id: input.id }) }))
    expect(kernel.view(kernel.initial('alice')).context).toEqual({ id: 'alice' })
  })
})
