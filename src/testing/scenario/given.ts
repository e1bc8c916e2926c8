import type { Aggregate, CommandOf, EventOf } from '../../aggregate/aggregate-type.ts'
import { behaviour } from '../../aggregate/aggregate-type.ts'
import { answerOf } from './answer.ts'
import { replayed, type StoredForm, storedForm } from './history.ts'
import { Told } from './told.ts'

/** What has happened before. */
export class Given<A extends Aggregate> {
  readonly #definition: A
  readonly #events: readonly StoredForm[]
  readonly #id: string

  constructor(definition: A, events: readonly StoredForm[], id: string) {
    this.#definition = definition
    this.#events = events
    this.#id = id
  }

  /** The id of the aggregate, for machines that know theirs. Default: `test`. */
  withId(id: string): Given<A> {
    return new Given(this.#definition, this.#events, id)
  }

  /**
   * Gives the command to the aggregate; say then what must come of it.
   * @throws ScenarioFailure where a given event does not fit the machine.
   */
  when(command: CommandOf<A>): Told<A> {
    const machine = this.#definition[behaviour]
    const state = replayed(machine, this.#id, machine.initial(this.#id), this.#events)
    return new Told<A>(machine, this.#id, state, command.type, answerOf(machine, this.#id, state, command))
  }
}

/**
 * Begins a scenario: the aggregate after these events (none: a new one). They go the way of stored events, through
 * JSON, `upcast`, the schema and the machine. No system, no store, no waiting.
 *
 * @example given(account, { type: 'Opened', owner: 'alice', overdraft: 0 })
 *            .when({ type: 'Deposit', amount: 5 })
 *            .then({ type: 'Deposited', amount: 5 })
 */
export function given<A extends Aggregate>(
  definition: A,
  ...events: readonly NoInfer<EventOf<A>>[]
): Given<A> {
  const { schemaVersion } = definition[behaviour]
  return givenStored(definition, ...events.map((event) => storedForm(event, schemaVersion)))
}

/** As `given`, with events as older versions of the code stored them: for tests of `upcast`. */
export function givenStored<A extends Aggregate>(definition: A, ...events: readonly StoredForm[]): Given<A> {
  return new Given(definition, events, 'test')
}
