import { and, assign, emit, not, or, raise, stateIn } from 'xstate'
import type { SeededRandom } from '../../../src/testing/seeded-random.ts'

/** The context of generated machines: a number that guards look at, and a log of who assigned, in which order. */
export interface FuzzContext {
  readonly n: number
  readonly log: readonly string[]
}

export interface FuzzEvent {
  readonly type: string
  readonly x?: number
  readonly output?: unknown
}

interface Given {
  readonly context: FuzzContext
  readonly event: FuzzEvent
}

/** What all generated machines name, so that names, params and their absence are tried as well. */
export const registered = {
  guards: {
    even: ({ context }: Given) => context.n % 2 === 0,
    atLeast: ({ event }: Given, params: { least: number }) => (event.x ?? 0) >= params.least,
    evenAndSmall: and(['even', ({ event }: Given) => (event.x ?? 0) < 6]),
    alias: 'even',
  },
  actions: {
    emitNamed: emit(({ context, event }: Given, params?: { tag: string }) => ({
      type: 'Named',
      tag: params?.tag,
      n: context.n,
      x: event.x,
    })),
    reject: emit((_: Given, params: { code: string }) => ({ type: 'reject', code: params.code })),
    bump: assign(({ context }: Given, params?: { by: number }) => ({ n: context.n + (params?.by ?? 1) })),
    bumpKeys: assign({ n: ({ context }: Given) => context.n + 3, log: ({ context }: Given) => context.log }),
    custom: () => undefined,
  },
}

/** Makes guards and actions out of a random source; each has a name of its own, which its log and events show. */
export class BehaviourMaker {
  readonly #random: SeededRandom
  readonly #ids: readonly string[]
  #count = 0

  constructor(random: SeededRandom, ids: readonly string[]) {
    this.#random = random
    this.#ids = ids
  }

  #name(kind: string): string {
    return `${kind}${this.#count++}`
  }

  guard(depth = 0): unknown {
    const { below, chance, pick } = this.#random
    const salt = below(7)
    const modulus = 2 + below(3)
    const holds = ({ context, event }: Given) => (context.n * 3 + (event.x ?? 1) + salt) % modulus !== 0
    if (chance(0.01)) {
      return ({ context }: Given) => {
        if (context.n % 5 === 0) throw new Error(`guard ${salt}`)
        return true
      }
    }
    const makers: readonly (() => unknown)[] = [
      () => holds,
      () => holds,
      () => 'even',
      () => ({ type: 'even' }),
      () => 'evenAndSmall',
      () => 'alias',
      () => ({ type: 'atLeast', params: { least: below(8) } }),
      () => ({ type: 'atLeast', params: ({ context }: Given) => ({ least: context.n % 9 }) }),
      () => stateIn(`#${pick(this.#ids)}`),
      () => stateIn(pick(['a', 'b', { a: 'b' }, { b: {} }, 'a.b']) as never),
    ]
    const combinators: readonly (() => unknown)[] = [
      () => and([this.guard(depth + 1) as never, this.guard(depth + 1) as never]),
      () => or([this.guard(depth + 1) as never, this.guard(depth + 1) as never]),
      () => not(this.guard(depth + 1) as never),
    ]
    return pick(depth < 2 ? [...makers, ...combinators] : makers)()
  }

  /** What a command does: emit, refuse, and now and then what it must not. */
  commandAction(): unknown {
    const { chance, pick, below } = this.#random
    if (chance(0.03)) return this.stateAction()
    const name = this.#name('E')
    const makers: readonly (() => unknown)[] = [
      () =>
        emit(({ context, event }: Given) => ({
          type: name,
          n: context.n,
          x: event.x,
          log: context.log.length,
        })),
      () => emit({ type: name } as never),
      () => 'emitNamed',
      () => ({ type: 'emitNamed', params: { tag: name } }),
      () => ({ type: 'emitNamed', params: ({ event }: Given) => ({ tag: `${name}${event.x}` }) }),
      () => ({ type: 'reject', params: { code: name } }),
      () => 'custom',
      () => 'notImplemented',
    ]
    if (chance(0.01)) {
      return emit(() => {
        throw new Error(`emit ${name}`)
      })
    }
    return pick(below(4) === 0 ? makers : makers.slice(0, 5))()
  }

  /** What a domain event does: assign, and now and then raise, or emit, which it must not. */
  stateAction(): unknown {
    const { chance, pick, below } = this.#random
    const name = this.#name('s')
    const noted = ({ context, event }: Given): readonly string[] => [
      ...context.log.slice(-8),
      `${name}:${event.type}:${event.x ?? ''}:${JSON.stringify(event.output) ?? ''}`,
    ]
    if (chance(0.01)) return this.commandAction()
    if (chance(0.02)) return raise({ type: pick(['E0', 'E1', 'a.b', 'Raised']) } as never)
    if (chance(0.01)) return raise((({ context }: Given) => ({ type: 'E2', x: context.n })) as never)
    if (chance(0.005)) return raise({ type: 'E0' } as never, { delay: 5 } as never)
    if (chance(0.005)) {
      return assign((({ context }: Given) => {
        if (context.n % 4 === 0) throw new Error(`assign ${name}`)
        return {}
      }) as never)
    }
    const step = 1 + below(4)
    const makers: readonly (() => unknown)[] = [
      () => assign(((given: Given) => ({ n: given.context.n + step, log: noted(given) })) as never),
      () => assign({ log: noted } as never),
      () => assign({ n: ({ context }: Given) => (context.n * 2 + step) % 1000, log: noted } as never),
      () => assign({ n: step } as never),
      () => assign((() => undefined) as never),
      () => 'bump',
      () => ({ type: 'bump', params: { by: step } }),
      () => ({ type: 'bump', params: ({ event }: Given) => ({ by: event.x ?? 2 }) }),
      () => 'bumpKeys',
      () => 'custom',
      () => ({ type: 'custom', params: ({ context }: Given) => context.n }),
    ]
    return pick(makers)()
  }

  /** Some of what a maker makes, in a list or alone, as xstate takes it. */
  some(make: () => unknown, most: number): unknown {
    const count = this.#random.below(most + 1)
    const list = Array.from({ length: count }, make)
    return list.length === 1 && this.#random.chance(0.5) ? list[0] : list
  }

  output(): unknown {
    const name = this.#name('o')
    return this.#random.chance(0.5) ? { said: name } : ({ context }: Given) => ({ said: name, n: context.n })
  }
}
