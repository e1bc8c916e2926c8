import { describe, expect, it, vi } from 'vitest'
import { assign, createMachine, emit, fromPromise, raise, StateMachine, setup } from 'xstate'
import { interpretedKernel } from '../../src/machine/interpreted-kernel.ts'
import {
  CommandChangedState,
  EffectOutsideCommand,
  EventNotHandled,
  StateMisfit,
} from '../../src/machine/machine-errors.ts'
import { inertActor } from '../../src/machine/xstate-internals.ts'
import { engines, machineOf, message, stateAfter } from './engines.ts'

const writable = (context: object): number[] => (context as { list: number[] }).list

/** Ways of xstate that surprise whoever runs a machine as a pure function. */
describe.each(engines)('traps of xstate (%s)', (_, make) => {
  it('a write in place keeps the identity of the snapshot: the frozen context finds it', () => {
    const kernel = make(
      createMachine({
        context: { list: [1] },
        on: {
          Go: {
            actions: emit(({ context }) => {
              writable(context).push(2)
              return { type: 'Gone' }
            }),
          },
          Check: {
            guard: ({ context }) => {
              writable(context)[0] = 9
              return true
            },
          },
          Added: {
            actions: assign(({ context }) => {
              writable(context).push(2)
              return {}
            }),
          },
        },
      }),
    )
    const state = stateAfter(kernel)
    for (const type of ['Go', 'Check']) {
      expect(() => kernel.decide(state, message(type))).toThrow(
        expect.objectContaining({
          tag: 'CommandChangedState',
          change: 'mutation',
          cause: expect.any(TypeError),
        }),
      )
    }
    expect(() => kernel.evolve(state, message('Added'))).toThrow(TypeError)
    expect(kernel.view(state).context).toEqual({ list: [1] })
  })

  it('a finished machine goes on handling what its root handles: it does not', () => {
    const kernel = make(
      createMachine({
        initial: 'on',
        on: { Go: { actions: emit({ type: 'Gone' }) }, Gone: { actions: assign({ n: 1 }) } },
        states: { on: { on: { End: 'off' } }, off: { type: 'final' } },
      }),
    )
    const state = stateAfter(kernel, 'End')
    expect(kernel.decide(state, message('Go'))).toEqual({ status: 'done' })
    expect(() => kernel.evolve(state, message('Gone'))).toThrow(EventNotHandled)
  })

  it('a throw while initialising becomes a status: it is thrown', () => {
    const boom = new Error('boom')
    const thrower = () => {
      throw boom
    }
    expect(() => stateAfter(make(machineOf({ context: thrower })))).toThrow(boom)
    expect(() => stateAfter(make(createMachine({ entry: assign(thrower) })))).toThrow(boom)
  })

  it('what a guard throws is hidden behind an error of xstate without a cause: it comes out as it was thrown', () => {
    const boom = new Error('boom')
    const machine = setup({
      guards: {
        bad: () => {
          throw boom
        },
      },
    }).createMachine({ on: { Go: { guard: 'bad' }, Gone: [{ guard: 'bad' }, {}] } })
    const kernel = make(machine)
    const state = stateAfter(kernel)
    expect(() => kernel.decide(state, message('Go'))).toThrow(boom)
    expect(() => kernel.evolve(state, message('Gone'))).toThrow(boom)
  })

  it('what an action or an assign throws comes out as it was thrown, and the state lives on', () => {
    const boom = { no: 'Error' }
    const thrower = () => {
      throw boom
    }
    const kernel = make(
      createMachine({
        on: {
          Go: { actions: emit(thrower) },
          Gone: { actions: assign(thrower) },
          Fine: { actions: emit({ type: 'F' }) },
        },
      }),
    )
    const state = stateAfter(kernel)
    const thrownBy = (task: () => unknown): unknown => {
      try {
        return task()
      } catch (thrown) {
        return thrown
      }
    }
    expect(thrownBy(() => kernel.decide(state, message('Go')))).toBe(boom)
    expect(thrownBy(() => kernel.evolve(state, message('Gone')))).toBe(boom)
    expect(kernel.decide(state, message('Fine'))).toEqual({ status: 'emitted', events: [{ type: 'F' }] })
  })

  it('always is evaluated again after a target-less command, with that command as its event', () => {
    const kernel = make(
      createMachine({
        initial: 'a',
        states: {
          a: {
            on: { Go: { actions: emit({ type: 'Gone' }) }, Stay: { actions: emit({ type: 'Stayed' }) } },
            always: { guard: ({ event }) => event.type === 'Go', target: 'b' },
          },
          b: {},
        },
      }),
    )
    const state = stateAfter(kernel)
    expect(kernel.decide(state, message('Stay'))).toMatchObject({ status: 'emitted' })
    expect(() => kernel.decide(state, message('Go'))).toThrow(CommandChangedState)
  })

  it('one command emits once for every region that handles it, in document order', () => {
    const region = (name: string) => ({ on: { Go: { actions: emit({ type: name }) } } })
    const kernel = make(createMachine({ type: 'parallel', states: { b: region('B'), a: region('A') } }))
    expect(kernel.decide(stateAfter(kernel), message('Go'))).toEqual({
      status: 'emitted',
      events: [{ type: 'B' }, { type: 'A' }],
    })
  })

  it('a descriptor whose guard fails falls back to its wildcards, the longest first', () => {
    const said = (type: string) => ({ actions: emit({ type }) })
    const kernel = make(
      createMachine({
        on: {
          '*': said('any'),
          'cmd.*': { guard: ({ event }) => 'near' in event, ...said('cmd') },
          'cmd.go': { guard: ({ event }) => 'exact' in event, ...said('exact') },
        },
      }),
    )
    const first = (type: string, payload: object) => {
      const emission = kernel.decide(stateAfter(kernel), message(type, payload))
      return emission.status === 'emitted' ? emission.events[0]?.type : emission.status
    }
    expect(first('cmd.go', { exact: 1, near: 1 })).toBe('exact')
    expect(first('cmd.go', { near: 1 })).toBe('cmd')
    expect(first('cmd.go', {})).toBe('any')
    expect(first('unnamed', {})).toBe('any')
  })

  it('a wildcard catches stray timers of xstate too: nothing of xstate comes in from outside', () => {
    const kernel = make(createMachine({ on: { '*': { actions: emit({ type: 'Caught' }) } } }))
    for (const type of ['xstate.after.10.machine', 'xstate.init', 'xstate.stop', '*', '']) {
      expect(kernel.decide(stateAfter(kernel), message(type))).toEqual({ status: 'unhandled' })
    }
  })

  it.each([
    ['entry', { initial: 'a', states: { a: { on: { Moved: 'b' } }, b: { entry: emit({ type: 'X' }) } } }],
    ['exit', { initial: 'a', states: { a: { exit: emit({ type: 'X' }), on: { Moved: 'b' } }, b: {} } }],
    ['the event itself', { on: { Moved: { actions: emit({ type: 'X' }) } } }],
    ['a reject', { on: { Moved: { actions: emit({ type: 'reject', code: 'No' }) } } }],
    [
      'always',
      {
        initial: 'a',
        states: {
          a: { on: { Moved: 'b' } },
          b: { always: { target: 'c', actions: emit({ type: 'X' }) } },
          c: {},
        },
      },
    ],
    [
      'onDone',
      {
        initial: 'a',
        states: {
          a: {
            initial: 'b',
            states: { b: { on: { Moved: 'c' } }, c: { type: 'final' } },
            onDone: { actions: emit({ type: 'X' }) },
          },
        },
      },
    ],
  ])('an emit while an event is applied would come again at every replay: refused (%s)', (_where, config) => {
    const kernel = make(createMachine(config as never))
    expect(() => stateAfter(kernel, 'Moved')).toThrow(EffectOutsideCommand)
  })

  it('an emit in the initial state is refused', () => {
    expect(() => stateAfter(make(createMachine({ entry: emit({ type: 'X' }) })))).toThrow(
      EffectOutsideCommand,
    )
  })

  it('every unknown event type is remembered for ever: none reaches xstate', () => {
    const kernel = make(createMachine({ on: { Go: {} } }))
    const state = stateAfter(kernel)
    const spy = vi.spyOn(StateMachine.prototype, 'getTransitionData')
    try {
      for (let type = 0; type < 100; type++) {
        expect(kernel.decide(state, message(`unknown ${type}`))).toEqual({ status: 'unhandled' })
        expect(() => kernel.evolve(state, message(`unknown ${type}`))).toThrow(EventNotHandled)
      }
      expect(spy).not.toHaveBeenCalled()
    } finally {
      spy.mockRestore()
    }
  })

  it('timers of after are not kept and fire never', () => {
    const kernel = make(
      createMachine({
        initial: 'a',
        states: { a: { after: { 1: 'b' }, on: { Moved: 'c' } }, b: {}, c: { after: { 5: 'b' } } },
      }),
    )
    expect(kernel.view(stateAfter(kernel, 'Moved')).value).toBe('c')
    expect(() => kernel.evolve(stateAfter(kernel), message('xstate.after.1.(machine).a'))).toThrow(
      EventNotHandled,
    )
  })

  it('xstate never returns from an endless always: it is an error', () => {
    const endless = createMachine({
      initial: 'a',
      states: { a: { on: { Moved: 'b' } }, b: { always: 'c' }, c: { always: 'b' } },
    })
    expect(() => stateAfter(make(endless), 'Moved')).toThrow(/loop/i)
  })

  it('spawn in an assign shows at run time only', () => {
    const spawning = assign(({ spawn }) => {
      spawn(fromPromise(async () => 1))
      return {}
    })
    const kernel = make(
      createMachine({ on: { Go: { actions: spawning }, Gone: { actions: spawning } } } as never),
    )
    expect(() => kernel.decide(stateAfter(kernel), message('Go'))).toThrow(CommandChangedState)
    expect(() => stateAfter(kernel, 'Gone')).toThrow(EffectOutsideCommand)
  })

  it('an invoke starts nothing and is refused', () => {
    let started = 0
    const work = fromPromise(async () => {
      started++
    })
    const kernel = make(
      createMachine({ initial: 'a', states: { a: { on: { Moved: 'b' } }, b: { invoke: { src: work } } } }),
    )
    expect(() => stateAfter(kernel, 'Moved')).toThrow(EffectOutsideCommand)
    expect(started).toBe(0)
  })

  it('custom actions are never run, not even for the initial state', () => {
    let runs = 0
    const run = () => {
      runs++
    }
    const kernel = make(createMachine({ entry: run, on: { Go: { actions: run }, Gone: { actions: run } } }))
    expect(kernel.decide(stateAfter(kernel, 'Gone'), message('Go'))).toEqual({
      status: 'emitted',
      events: [],
    })
    expect(runs).toBe(0)
  })

  it('xstate loses a parent where its history state is first targeted from within: both engines go on alike', () => {
    const kernel = make(
      createMachine({
        id: 'm',
        initial: 'p',
        states: {
          p: {
            type: 'parallel',
            on: { Left: 'q' },
            states: { l: { on: { Back: 'h' } }, r: {}, h: { type: 'history' } },
          },
          q: {},
        },
      }),
    )
    const state = stateAfter(kernel, 'Back')
    expect(kernel.view(state).value).toEqual({ p: { l: {}, r: {} } })
    expect(kernel.dump(state)).toMatchObject({ nodes: ['m', 'm.p.l', 'm.p.r'] })
    // Such a state is not worth keeping: it is replayed.
    expect(() => kernel.restore(kernel.dump(state))).toThrow(StateMisfit)
    expect(kernel.view(kernel.evolve(state, message('Left'))).value).toBe('q')
  })

  it('a raised event is handled within the same step', () => {
    const kernel = make(
      createMachine({
        initial: 'a',
        states: { a: { on: { Moved: { actions: raise({ type: 'Again' }) }, Again: 'b' } }, b: {} },
      }),
    )
    expect(kernel.view(stateAfter(kernel, 'Moved')).value).toBe('b')
  })
})

describe('the interpreted engine', () => {
  it('keeps nothing of what it ran: an action holds a whole actor, and an actor that never starts keeps them all', () => {
    const kernel = interpretedKernel(
      createMachine({
        entry: () => undefined,
        on: { Go: { actions: [emit({ type: 'Gone' }), () => undefined] } },
      }),
      'test',
    )
    for (let count = 0; count < 100; count++) kernel.decide(stateAfter(kernel), message('Go'))
    const kept = inertActor as unknown as { readonly _deferred: readonly unknown[] }
    expect(kept._deferred).toEqual([])
  })

  it('changes nothing in the machine that it was given', () => {
    const guard = () => true
    const machine = createMachine({ on: { Go: { guard } } })
    interpretedKernel(machine, 'test')
    expect(machine.root.transitions.get('Go')?.[0]?.guard).toBe(guard)
    expect(machine.options.maxIterations).toBe(Number.POSITIVE_INFINITY)
  })

  it('freezes no context where it was told not to', () => {
    const machine = createMachine({ context: { list: [1] } })
    const frozen = (kernel: ReturnType<typeof interpretedKernel>) =>
      Object.isFrozen((kernel.view(kernel.initial('a')).context as { list: number[] }).list)
    expect(frozen(interpretedKernel(machine, 'test', 'unfrozen'))).toBe(false)
    expect(frozen(interpretedKernel(machine, 'test', 'frozen'))).toBe(true)
  })
})
