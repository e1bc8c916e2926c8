import { EffectOutsideCommand } from '../machine-errors.ts'
import type { Message } from '../message.ts'
import { inertActor } from '../xstate-internals.ts'

/**
 * What xstate gives to actions. `self`, `system` and `spawn` are there, as with xstate, but cost nothing unless a
 * machine asks for them, which a pure one does not.
 */
export class ActionArguments {
  readonly context: unknown
  readonly event: Message
  constructor(context: unknown, event: Message) {
    this.context = context
    this.event = event
  }
  get self(): unknown {
    return inertActor
  }
  get system(): unknown {
    return inertActor.system
  }
}

/** Not derived from the other: V8 does not inline `super()`, and one is made for every event that is applied. */
export class AssignArguments implements ActionArguments {
  readonly context: unknown
  readonly event: Message
  constructor(context: unknown, event: Message) {
    this.context = context
    this.event = event
  }
  get self(): unknown {
    return inertActor
  }
  get system(): unknown {
    return inertActor.system
  }
  get spawn(): () => never {
    return () => {
      throw new EffectOutsideCommand(
        undefined,
        `while the event '${this.event.type}' was applied`,
        'spawned a child',
      )
    }
  }
}
