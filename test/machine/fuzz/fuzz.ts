import { isDeepStrictEqual } from 'node:util'
import { ReenactError } from '../../../src/errors.ts'
import { readChart } from '../../../src/machine/chart.ts'
import { compiledKernel } from '../../../src/machine/compiled/compiled-kernel.ts'
import { notCompiled } from '../../../src/machine/compiled/coverage.ts'
import { interpretedKernel } from '../../../src/machine/interpreted-kernel.ts'
import type { Emission, Kernel, MachineState } from '../../../src/machine/kernel.ts'
import type { Message } from '../../../src/machine/message.ts'
import type { Machine, Snapshot } from '../../../src/machine/xstate-internals.ts'
import { type SeededRandom, seededRandom } from '../../../src/testing/seeded-random.ts'
import { commandTypes, eventTypes, makeMachine } from './machine-maker.ts'
import { Oracle } from './oracle.ts'

export interface FuzzOptions {
  readonly seed: number
  /** At least so many steps; every machine gets its whole sequence. */
  readonly steps: number
  /** Whether xstate's public functions judge as well: four times slower. */
  readonly judge: 'oracle' | 'interpreter'
}

export interface FuzzReport {
  readonly machines: number
  /** Machines that were left to xstate. */
  readonly interpreted: number
  readonly steps: number
  readonly seen: Readonly<Record<string, number>>
  readonly difference: Difference | undefined
}

/** Where two engines disagree: enough to see it again. */
export interface Difference {
  readonly seed: number
  readonly step: number
  readonly operation: string
  readonly message: Message
  readonly what: string
  readonly expected: unknown
  readonly actual: unknown
}

const stepsOfMachine = 60

/** Runs generated machines on the compiled and the interpreted engine side by side until they differ. */
export function fuzz({ seed, steps, judge }: FuzzOptions): FuzzReport {
  const seen: Record<string, number> = {}
  let machines = 0
  let interpreted = 0
  let done = 0
  for (; done < steps; machines++) {
    const machineSeed = seed + machines
    const random = seededRandom(machineSeed)
    const machine = makeMachine(random)
    if (notCompiled(readChart(machine)) !== undefined) {
      interpreted++
      continue
    }
    const run = new Comparison(machine, random, machineSeed, judge, seen)
    const difference = run.all()
    done += run.step
    if (difference !== undefined) return { machines, interpreted, steps: done, seen, difference }
  }
  return { machines, interpreted, steps: done, seen, difference: undefined }
}

type Outcome<T> =
  | { readonly status: 'returned'; readonly value: T }
  | { readonly status: 'threw'; readonly name: string; readonly message: string }

function outcomeOf<T>(task: () => T): Outcome<T> {
  try {
    return { status: 'returned', value: task() }
  } catch (thrown) {
    const { name, message, reason, change } = thrown as Error & { reason?: string; change?: string }
    // Our own messages show the state value, whose keys have no order once a machine is done.
    const said = thrown instanceof ReenactError ? `${reason} ${change}` : message
    return { status: 'threw', name, message: said }
  }
}

/** States of two engines are never equal; that there is one is. */
function shownOutcome(outcome: Outcome<MachineState>): unknown {
  return outcome.status === 'returned' ? outcome.status : outcome
}

/** One machine on all engines. */
class Comparison {
  step = 0
  readonly #random: SeededRandom
  readonly #seed: number
  readonly #oracle: Oracle | undefined
  readonly #seen: Record<string, number>
  readonly #interpreter: Kernel
  readonly #compiled: Kernel
  #message: Message = { type: 'initial' }
  #operation = 'initial'

  constructor(
    machine: Machine,
    random: SeededRandom,
    seed: number,
    judge: FuzzOptions['judge'],
    seen: Record<string, number>,
  ) {
    this.#random = random
    this.#seed = seed
    this.#seen = seen
    this.#oracle = judge === 'oracle' ? new Oracle(machine) : undefined
    this.#interpreter = interpretedKernel(machine, 'the reference')
    this.#compiled = compiledKernel(machine)
  }

  all(): Difference | undefined {
    const expected = outcomeOf(() => this.#interpreter.initial('fuzz'))
    const actual = outcomeOf(() => this.#compiled.initial('fuzz'))
    const judged = this.#oracle?.initial()
    this.step++
    if (expected.status === 'threw' || actual.status === 'threw')
      return this.#same('outcome', shownOutcome(expected), shownOutcome(actual))
    let oracle = judged?.status === 'stepped' ? judged.next : undefined
    let reference = expected.value
    let state = actual.value
    let difference = this.#sameState(reference, state, oracle)
    while (difference === undefined && this.step < stepsOfMachine) {
      this.step++
      const decides = this.#random.chance(0.45)
      this.#operation = decides ? 'decide' : 'evolve'
      this.#message = this.#nextMessage(decides ? commandTypes : eventTypes)
      if (decides) {
        difference = this.#decide(reference, state, oracle)
        continue
      }
      const next = this.#evolve(reference, state, oracle)
      if ('what' in next) return next
      ;({ reference, state, oracle } = next)
      difference = this.#sameState(reference, state, oracle)
      if (this.#random.chance(0.05)) {
        // A snapshot of one engine continues on the other.
        const dump = JSON.parse(JSON.stringify(this.#interpreter.dump(reference)))
        const restored = outcomeOf(() => this.#compiled.restore(dump))
        const kept = outcomeOf(() => this.#interpreter.restore(dump))
        if (restored.status === 'threw' || kept.status === 'threw') {
          // xstate can lose a parent at a history state; such a state is replayed, never restored.
          difference ??= this.#same('restored', kept, restored)
          this.#count('not restored')
          continue
        }
        state = restored.value
        reference = kept.value
        this.#count('restored')
      }
    }
    return difference
  }

  /** Mostly of the usual types; now and then a command is applied, an event asked for, or something else comes. */
  #nextMessage(usual: readonly string[]): Message {
    const { chance, pick, below } = this.#random
    const type = chance(0.03)
      ? pick(['Unknown', 'a.z', 'cmd.z', 'a', '*', 'xstate.done.state.m', 'xstate.init'])
      : pick<string>(chance(0.9) ? usual : [...commandTypes, ...eventTypes])
    return { type, x: below(10) } as Message
  }

  #decide(
    reference: MachineState,
    state: MachineState,
    oracle: Snapshot | undefined,
  ): Difference | undefined {
    const message = this.#message
    const expected = outcomeOf(() => this.#interpreter.decide(reference, message))
    const actual = outcomeOf(() => this.#compiled.decide(state, message))
    this.#count(`decide ${expected.status === 'threw' ? `threw ${expected.name}` : expected.value.status}`)
    return this.#same('emission', expected, actual) ?? this.#judgeEmission(expected, reference, oracle)
  }

  /** Does the interpreter itself say what xstate's public functions say? */
  #judgeEmission(
    emission: Outcome<Emission>,
    reference: MachineState,
    snapshot: Snapshot | undefined,
  ): Difference | undefined {
    if (snapshot === undefined || this.#oracle === undefined) return undefined
    const { type } = this.#message
    if (type.startsWith('xstate') || type === '*') return undefined
    if (snapshot.status === 'done') {
      return this.#same('judged', { status: 'returned', value: { status: 'done' } }, emission)
    }
    const step = this.#oracle.step(snapshot, this.#message)
    if (emission.status === 'threw') {
      // A target is refused even where it leads to where the machine is: xstate shows no difference then.
      if (emission.name === 'CommandChangedState') return undefined
      return this.#same('judged throw', 'threw', step.status)
    }
    if (step.status === 'threw') return this.#same('judged throw', 'threw', emission)
    if (step.enabled === 0) {
      // Which states have candidates cannot be told from outside where xstate has lost some of them.
      return this.#isWhole(reference)
        ? this.#same('judged', this.#oracle.refusal(snapshot, type), emission.value)
        : undefined
    }
    const first = step.emitted.find((event) => event.type === 'reject') as
      | (Message & { code: string })
      | undefined
    const judged = first
      ? { status: 'rejected', code: first.code }
      : { status: 'emitted', events: step.emitted }
    return (
      this.#same('judged', judged, emission.value) ??
      this.#same('judged identity', true, step.next === snapshot)
    )
  }

  /** Whether its states can be active together: xstate can lose some at a history state. */
  #isWhole(reference: MachineState): boolean {
    const dump = this.#interpreter.dump(reference)
    return outcomeOf(() => this.#interpreter.restore(dump)).status === 'returned'
  }

  #evolve(
    reference: MachineState,
    state: MachineState,
    oracle: Snapshot | undefined,
  ): { reference: MachineState; state: MachineState; oracle: Snapshot | undefined } | Difference {
    const message = this.#message
    const expected = outcomeOf(() => this.#interpreter.evolve(reference, message))
    const actual = outcomeOf(() => this.#compiled.evolve(state, message))
    this.#count(`evolve ${expected.status === 'threw' ? `threw ${expected.name}` : expected.status}`)
    if (expected.status === 'threw' || actual.status === 'threw') {
      return (
        this.#same('outcome', shownOutcome(expected), shownOutcome(actual)) ?? { reference, state, oracle }
      )
    }
    const identity = this.#same('identity', expected.value === reference, actual.value === state)
    if (identity !== undefined) return identity
    const next = { reference: expected.value, state: actual.value, oracle: undefined }
    if (oracle === undefined || this.#oracle === undefined) return next
    const step = this.#oracle.step(oracle, message)
    if (step.status === 'threw') return this.#difference('judged throw', 'threw', 'returned')
    return (
      this.#same('judged emits', [], step.emitted) ??
      this.#same('judged identity', step.next === oracle, expected.value === reference) ?? {
        ...next,
        oracle: step.next,
      }
    )
  }

  #sameState(
    reference: MachineState,
    state: MachineState,
    oracle: Snapshot | undefined,
  ): Difference | undefined {
    const expected = this.#shown(this.#interpreter, reference)
    if (expected.status === 'done') this.#count('done')
    const judged = oracle && {
      ...expected,
      value: oracle.value,
      context: oracle.context,
      status: oracle.status,
      output: oracle.output,
      tags: [...oracle.tags].sort(),
    }
    return (
      this.#same('state', expected, this.#shown(this.#compiled, state)) ??
      (judged && this.#same('judged state', judged, expected))
    )
  }

  #shown(kernel: Kernel, state: MachineState) {
    const view = kernel.view(state)
    const dump = kernel.dump(state) as { nodes: string[]; history?: Record<string, string[]> }
    return {
      value: view.value,
      context: view.context,
      status: view.status,
      tags: [...view.tags].sort(),
      output: (view as unknown as { output: unknown }).output,
      nodes: [...dump.nodes].sort(),
      history: dump.history ?? {},
    }
  }

  #same(what: string, expected: unknown, actual: unknown): Difference | undefined {
    return isDeepStrictEqual(expected, actual) ? undefined : this.#difference(what, expected, actual)
  }

  #difference(what: string, expected: unknown, actual: unknown): Difference {
    const [seed, step, operation, message] = [this.#seed, this.step, this.#operation, this.#message]
    return { seed, step, operation, message, what, expected, actual }
  }

  #count(what: string): void {
    this.#seen[what] = (this.#seen[what] ?? 0) + 1
  }
}
