import { describe, expect, it } from 'vitest'
import { assign, enqueueActions, fromPromise, log, sendTo, stateIn } from 'xstate'
import { compiledKernel } from '../../src/machine/compiled/compiled-kernel.ts'
import { interpretedKernel } from '../../src/machine/interpreted-kernel.ts'
import { kernelOf } from '../../src/machine/kernel-of.ts'
import { account } from './bank.ts'
import { machineOf, message, stateAfter } from './engines.ts'

describe('kernelOf', () => {
  it('compiles what it can', () => {
    expect(kernelOf(account).engine).toEqual({ kind: 'compiled' })
  })

  it.each([
    ['it uses enqueueActions', { states: { a: { entry: enqueueActions(() => undefined) } } }],
    ['it uses log', { states: { a: { on: { Go: { actions: log('hi') } } } } }],
    ['it uses sendTo', { states: { a: { exit: sendTo('x', { type: 'Y' }) } } }],
    ['it invokes an actor', { states: { a: { invoke: { src: fromPromise(async () => 1) } } } }],
    ["its guard 'nobody' is not implemented", { states: { a: { on: { Go: { guard: 'nobody' } } } } }],
    ["'#gone', which does not exist", { states: { a: { always: { guard: stateIn('#gone') } } } }],
    ["its delay 'later' is computed", { states: { a: { after: { later: 'a' } } } }],
    [
      'its default target does not exist',
      { states: { a: { initial: 'b', states: { b: {}, h: { history: true, target: 'c' } } } } },
    ],
  ])('leaves a machine to xstate and says why: %s', (reason, config) => {
    const { engine } = kernelOf(machineOf({ id: 'm', initial: 'a', ...config }))
    expect(engine.kind).toBe('interpreted')
    expect(engine).toHaveProperty('reason', expect.stringContaining(reason))
    expect(engine).toHaveProperty('reason', expect.stringContaining('m.a'))
  })
})

describe('the compiled engine', () => {
  it('makes one initial state where all are the same, and one for each where they are not', () => {
    const same = kernelOf(account)
    expect(same.initial('a')).toBe(same.initial('b'))
    const own = compiledKernel(
      machineOf({ context: ({ input }: { input: { id: string } }) => ({ id: input.id }) }),
    )
    expect(own.view(own.initial('b')).context).toEqual({ id: 'b' })
  })

  it('goes on where a machine has more configurations than it remembers', () => {
    const count = assign(({ context }: { context: { count: number } }) => ({ count: context.count + 1 }))
    const region = (name: string) => ({
      initial: 's0',
      states: Object.fromEntries(
        [0, 1, 2, 3].map((at) => [
          `s${at}`,
          { on: { [name]: { target: `s${(at + 1) % 4}`, actions: at === 3 ? count : [] } } },
        ]),
      ),
    })
    const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G']
    const machine = machineOf({
      type: 'parallel',
      context: { count: 0 },
      states: Object.fromEntries(names.map((name) => [name, region(name)])),
    })
    const [compiled, reference] = [compiledKernel(machine), interpretedKernel(machine, 'reference')]
    // An odometer: 4 to the 7th are 16,384 configurations, of which 10,000 are remembered.
    let state = compiled.initial('a')
    let turns = 0
    for (let tick = 1; tick <= 16_384; tick++) {
      for (let digit = 0, rest = tick; digit < names.length; digit++, rest /= 4) {
        state = compiled.evolve(state, message(names[digit] as string))
        turns++
        if (rest % 4 !== 0) break
      }
    }
    expect(compiled.view(state).value).toEqual(compiled.view(compiled.initial('a')).value)
    expect(compiled.view(state).context).toEqual({ count: turns / 4 })
    expect(reference.view(stateAfter(reference, 'A', 'A', 'A', 'A')).context).toEqual({ count: 1 })
  })
})
