import { describe, expect, it } from 'vitest'
import { isMachineSnapshot } from 'xstate'
import { account } from './bank.ts'
import { engines, machineOf, message, stateAfter } from './engines.ts'

const opened = message('Opened', { owner: 'Alice', overdraft: 50 })

describe.each(engines)('view (%s)', (_, make) => {
  const bank = make(account)

  it("is a real snapshot of xstate's", () => {
    const view = bank.view(stateAfter(bank, opened))
    expect(isMachineSnapshot(view)).toBe(true)
    expect(view).toMatchObject({ value: 'open', status: 'active' })
  })

  it('has a `matches` that can be taken out', () => {
    const { matches } = bank.view(stateAfter(bank, opened))
    expect([matches('open'), matches('closed')]).toEqual([true, false])
  })

  it('matches partial values of nested and parallel states, as xstate does', () => {
    const kernel = make(
      machineOf({
        type: 'parallel',
        states: {
          door: { initial: 'shut', states: { shut: { on: { Opened: 'open' } }, open: {} } },
          light: { initial: 'off', states: { off: {} } },
        },
      }),
    )
    const view = kernel.view(stateAfter(kernel, 'Opened'))
    expect(view.value).toEqual({ door: 'open', light: 'off' })
    expect(view.matches({ door: 'open' })).toBe(true)
    expect(view.matches('door.open')).toBe(true)
    expect(view.matches({ door: 'shut' })).toBe(false)
  })

  it('can be spoilt without harm to the state', () => {
    const state = stateAfter(bank, opened)
    const view = bank.view(state) as unknown as { value: unknown; tags: Set<string> }
    view.value = 'closed'
    view.tags.clear()
    expect(bank.view(state).value).toBe('open')
    expect([...bank.view(state).tags]).toEqual(['live'])
    expect(bank.decide(state, message('Deposit', { amount: 1 })).status).toBe('emitted')
  })

  it('shows the output of a finished machine', () => {
    const kernel = make(
      machineOf({
        initial: 'a',
        context: { n: 4 },
        output: ({ context }: { context: { n: number } }) => ({ n: context.n }),
        states: { a: { on: { Ended: 'b' } }, b: { type: 'final' } },
      }),
    )
    expect(kernel.view(stateAfter(kernel, 'Ended'))).toMatchObject({ status: 'done', output: { n: 4 } })
  })
})
