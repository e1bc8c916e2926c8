import { ReenactError } from '../errors.ts'
import type { JsonValue } from '../event/json.ts'

/** Which machine, and in which state it was: a readable state value such as `open` or `{"door":"shut"}`. */
export interface MachinePlace {
  readonly machine: string
  readonly value: unknown
}

const placeOf = ({ machine, value }: MachinePlace): string =>
  `the machine '${machine}' in the state ${typeof value === 'string' ? `'${value}'` : JSON.stringify(value)}`

/**
 * A command moved the machine, its context or its children. A command only decides: it emits domain events, and
 * those change the state. `cause` is the failed write, where the context was written to in place.
 */
export class CommandChangedState extends ReenactError {
  readonly tag = 'CommandChangedState'
  readonly commandType: string
  readonly change: CommandChange
  constructor(at: MachinePlace, commandType: string, change: CommandChange, cause?: unknown) {
    super(
      `The command '${commandType}' ${changes[change]} of ${placeOf(at)}. A command changes nothing: let it emit a domain event, and let that event change the state.`,
      cause,
    )
    this.commandType = commandType
    this.change = change
  }
}

export type CommandChange = 'target' | 'context' | 'mutation' | 'child'

const changes: Readonly<Record<CommandChange, string>> = {
  target: 'took a transition with a target out',
  context: 'assigned to the context',
  mutation: 'wrote in place to the context',
  child: 'spawned a child',
}

/** No transition is enabled for a domain event. The state stays as it was. */
export class EventNotHandled extends ReenactError {
  readonly tag = 'EventNotHandled'
  readonly eventType: string
  readonly reason: 'unhandled' | 'blocked' | 'done'
  constructor(at: MachinePlace, eventType: string, reason: 'unhandled' | 'blocked' | 'done') {
    super(`The event '${eventType}' ${reasons[reason](eventType)} (${placeOf(at)}).`)
    this.eventType = eventType
    this.reason = reason
  }
}

const reasons: Readonly<Record<EventNotHandled['reason'], (type: string) => string>> = {
  unhandled: (type) =>
    `is not handled there: add '${type}' to \`on\`, as \`${type}: {}\` if it changes nothing`,
  blocked: () => 'was refused by every guard: give its last candidate no guard',
  done: () => 'came after the final state, which handles nothing',
}

/** Something else than a command emitted an event or spawned a child: that would happen again at every replay. */
export class EffectOutsideCommand extends ReenactError {
  readonly tag = 'EffectOutsideCommand'
  constructor(machine: string | undefined, during: string, effect: string) {
    super(
      `The machine ${machine === undefined ? '' : `'${machine}' `}${effect} ${during}. That would happen again at every replay: only commands emit, and nothing spawns.`,
    )
  }
}

/** A stored state does not fit the machine: it was made by another machine, or is damaged. */
export class StateMisfit extends ReenactError {
  readonly tag = 'StateMisfit'
  constructor(machine: string, reason: string, dump: JsonValue) {
    super(
      `A stored state does not fit the machine '${machine}': ${reason} Replay the stream instead. The state begins: ${JSON.stringify(dump).slice(0, 200)}`,
    )
  }
}
