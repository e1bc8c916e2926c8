import { isDeepStrictEqual } from 'node:util'
import type { Aggregate, CodeOf, CommandOf, EventOf } from '../../aggregate/aggregate-type.ts'
import type { Behaviour } from '../../behaviour.ts'
import type { JsonValue } from '../../event/json.ts'
import type { MachineState } from '../../machine/kernel.ts'
import type { BuiltInCode } from '../../outcome.ts'
import { type Answer, answerOf, shown } from './answer.ts'
import { ScenarioFailure } from './scenario-failure.ts'
import { checkState, type StateExpectation } from './state-expectation.ts'

/** A scenario whose outcome is checked: look at the state, or go on with the next command. */
export interface Checked<A extends Aggregate> {
  /** The state afterwards; only what is named is compared, and of the context only the keys that are named. */
  thenState(expected: StateExpectation<A>): Checked<A>
  /** Goes on from here with the next command. */
  when(command: CommandOf<A>): Told<A>
}

/** A command was given to an aggregate; what must have come of it? Each check throws `ScenarioFailure`. */
export class Told<A extends Aggregate> implements Checked<A> {
  readonly #behaviour: Behaviour
  readonly #id: string
  readonly #before: MachineState
  readonly #commandType: string
  readonly #answer: Answer

  constructor(behaviour: Behaviour, id: string, before: MachineState, commandType: string, answer: Answer) {
    this.#behaviour = behaviour
    this.#id = id
    this.#before = before
    this.#commandType = commandType
    this.#answer = answer
  }

  /** It was accepted with exactly these events, in this order. */
  // biome-ignore lint/suspicious/noThenProperty: given, when, then is what people know; awaiting it is caught below.
  then(...events: readonly [EventOf<A>, ...(readonly EventOf<A>[])]): Checked<A> {
    if (typeof events[0] === 'function') {
      throw new ScenarioFailure(
        'A scenario is not awaited, it checks at once. End it with then(event), thenRejected(code) or the like.',
      )
    }
    return this.#expect({ accepted: plain(events) })
  }

  /** It was accepted, and no event came of it. */
  thenAccepted(): Checked<A> {
    return this.#expect({ accepted: [] })
  }

  /** It was refused with this code; `details` are compared where they are given. */
  thenRejected(code: CodeOf<A> | Exclude<BuiltInCode, 'StaleRevision'>, details?: JsonValue): Checked<A> {
    const answer = this.#answer
    if (answer.status !== 'rejected') return this.#expect({ rejected: { code } })
    const { message } = answer
    const expected =
      details === undefined ? { ...answer, code } : { ...answer, code, details: plain(details) }
    return this.#expect(shown({ ...expected, message }))
  }

  /** The machine failed (`MachineFault`); `reason`, where given, is found in the error's message. */
  thenFault(reason: string | RegExp = ''): Checked<A> {
    const answer = this.#answer
    if (answer.status !== 'faulted') return this.#expect({ faulted: String(reason) })
    const { message } = answer.error
    const fits = typeof reason === 'string' ? message.includes(reason) : reason.test(message)
    return fits ? this.#checked() : this.#expect({ faulted: String(reason) })
  }

  /** The command does not fit its schema; `paths`, where given, are the places of all issues: `['amount']`. */
  thenInvalid(...paths: readonly string[]): Checked<A> {
    const answer = this.#answer
    if (answer.status !== 'invalid') return this.#expect({ invalid: paths })
    const found = answer.error.issues.map(({ path }) => path.join('.'))
    if (paths.length === 0 || isDeepStrictEqual(found, paths)) return this.#checked()
    throw this.#failure({ invalid: found }, { invalid: paths })
  }

  /** It was accepted, and this is the state afterwards. */
  thenState(expected: StateExpectation<A>): Checked<A> {
    if (this.#answer.status !== 'accepted') {
      throw new ScenarioFailure(`${this.#what} was expected to be accepted.`, {
        actual: shown(this.#answer),
        expected: { accepted: 'some events' },
      })
    }
    return this.#checked().thenState(expected)
  }

  /** Goes on with the next command, whatever came of this one. */
  when(command: CommandOf<A>): Told<A> {
    return this.#checked().when(command)
  }

  get #what(): string {
    return `The command '${this.#commandType}' to '${this.#behaviour.name}'`
  }

  #expect(expected: object): Checked<A> {
    const actual = shown(this.#answer)
    if (!isDeepStrictEqual(plain(actual), expected)) throw this.#failure(actual, expected)
    return this.#checked()
  }

  #failure(actual: object, expected: object): ScenarioFailure {
    const [was] = Object.keys(actual)
    const [should] = Object.keys(expected)
    const how = was === should ? `${was}, but not as expected` : `${was}; expected was ${should}`
    return new ScenarioFailure(`${this.#what} was ${how}.`, { actual, expected })
  }

  /** Without `then`, so that it may be returned from an async function. */
  #checked(): Checked<A> {
    const machine = this.#behaviour
    const state = this.#answer.status === 'accepted' ? this.#answer.state : this.#before
    const checked: Checked<A> = {
      thenState: (expected) => {
        checkState(machine.view(state), expected, this.#what)
        return checked
      },
      when: (command) =>
        new Told<A>(machine, this.#id, state, command.type, answerOf(machine, this.#id, state, command)),
    }
    return checked
  }
}

/** As it would be stored: `undefined` keys are gone. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}
