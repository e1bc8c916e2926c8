import { Acceptance, type Behaviour, type DecidedEvent, type Decision } from '../behaviour.ts'
import { EventTooLarge, InvalidCommand, MachineFault, StoredEventMisfit } from '../errors.ts'
import type { JsonValue } from '../event/json.ts'
import { jsonFate, jsonRefusal } from '../event/json-walk.ts'
import type { RecordedEvent } from '../event/recorded-event.ts'
import type { Kernel, MachineState, StateView } from '../machine/kernel.ts'
import type { Message } from '../machine/message.ts'
import { youngArray } from '../young.ts'
import type { CommandGate } from './command-gate.ts'
import type { EventForms } from './event-forms.ts'
import { Misfit } from './misfit.ts'
import type { Proof } from './proof.ts'
import type { Refusals, Refused } from './refusals.ts'

/** What a definition is made of, when it is checked. */
export interface BehaviourParts {
  readonly name: string
  readonly schemaVersion: number
  readonly kernel: Kernel
  readonly gate: CommandGate
  readonly forms: EventForms
  readonly refusals: Refusals
  readonly proof: Proof
}

/** A definition as the runtime runs it. `decide` is the hot path of everything: it makes no closure and no copy. */
export class DefinedBehaviour implements Behaviour {
  readonly name: string
  readonly structureHash: string
  readonly schemaVersion: number
  readonly commandTypes: ReadonlySet<string>
  readonly #kernel: Kernel
  readonly #gate: CommandGate
  readonly #forms: EventForms
  readonly #refusals: Refusals
  readonly #proof: Proof

  constructor(parts: BehaviourParts) {
    this.name = parts.name
    this.structureHash = parts.kernel.structureHash
    this.schemaVersion = parts.schemaVersion
    this.commandTypes = parts.gate.types
    this.#kernel = parts.kernel
    this.#gate = parts.gate
    this.#forms = parts.forms
    this.#refusals = parts.refusals
    this.#proof = parts.proof
  }

  accept(id: string, command: unknown): Message {
    const checked = this.#gate.check(command)
    if (checked.issues === undefined) return checked.message
    throw new InvalidCommand({ aggregate: this.name, id }, checked.commandType, checked.issues)
  }

  decide(id: string, state: MachineState, command: Message, maxBytes: number): Decision {
    // Where the decision is, for the message of a fault: the command, then each event.
    let at = command.type
    try {
      const emission = this.#kernel.decide(state, command)
      if (emission.status !== 'emitted') return this.#refused(emission, command, state)
      // Of the right length from the start: the first push into an empty array takes room for seventeen.
      const events = youngArray<DecidedEvent>(emission.events.length)
      let next = state
      let bytes = 0
      for (let nth = 0; nth < events.length; nth++) {
        const emitted = emission.events[nth]!
        at = emitted.type
        const event = this.#forms.encode(emitted)
        next = this.#kernel.evolve(next, event.message)
        bytes += event.bytes
        events[nth] = event
      }
      if (this.#proof === 'proven' && events.length > 0) assertStorable(this.#kernel.view(next).context)
      if (bytes <= maxBytes) return new Acceptance(events, next, bytes)
      const address = { aggregate: this.name, id }
      return { status: 'faulted', error: new EventTooLarge(address, command.type, bytes, maxBytes) }
    } catch (thrown) {
      return this.#faulted(id, command, at, thrown)
    }
  }

  /** Apart from `decide`, for a closure there would cost every call. */
  #refused(emission: Refused, command: Message, state: MachineState): Decision {
    return this.#refusals.decisionOf(emission, command, () => this.#kernel.view(state))
  }

  #faulted(id: string, command: Message, at: string, thrown: unknown): Decision {
    const address = { aggregate: this.name, id }
    const path = thrown instanceof Misfit ? thrown.path : at
    const error = new MachineFault(address, command.type, path, reasonOf(thrown), thrown)
    return { status: 'faulted', error }
  }

  initial(id: string): MachineState {
    return this.#kernel.initial(id)
  }

  replay(state: MachineState, stored: RecordedEvent): MachineState {
    try {
      const read = this.#forms.read(stored)
      if (!Array.isArray(read)) return this.#kernel.evolve(state, read as Message)
      let next = state
      for (const message of read as readonly Message[]) next = this.#kernel.evolve(next, message)
      return next
    } catch (thrown) {
      throw misfitOf(stored, thrown)
    }
  }

  decode(stored: RecordedEvent): readonly Message[] {
    try {
      const read = this.#forms.read(stored)
      return Array.isArray(read) ? (read as readonly Message[]) : [read as Message]
    } catch (thrown) {
      throw misfitOf(stored, thrown)
    }
  }

  view(state: MachineState): StateView {
    return this.#kernel.view(state)
  }

  /** @throws Misfit where the context is not JSON: a snapshot of it would be another state. */
  dump(state: MachineState): JsonValue {
    const dump = this.#kernel.dump(state)
    if (jsonFate(dump) === 'same') return dump
    assertStorable(this.#kernel.view(state).context)
    return JSON.parse(JSON.stringify(dump)) as JsonValue
  }

  restore(dump: JsonValue): MachineState {
    return this.#kernel.restore(dump)
  }
}

/** @throws Misfit */
function assertStorable(context: unknown): void {
  if (jsonFate(context) !== 'refused') return
  const { path, reason } = jsonRefusal(context)
  throw new Misfit(['context', ...path].join('.'), `the context cannot be stored: ${reason}.`)
}

function reasonOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  return /[.!?]$/.test(text) ? text : `${text}.`
}

function misfitOf(stored: RecordedEvent, thrown: unknown): StoredEventMisfit {
  return new StoredEventMisfit(stored.stream, stored.revision, stored.type, reasonOf(thrown), thrown)
}
