import type { AnyStateMachine } from 'xstate'
import type { Behaviour } from '../behaviour.ts'
import { readChart } from '../machine/chart.ts'
import { kernelOf } from '../machine/kernel-of.ts'
import { type Aggregate, behaviour } from './aggregate-type.ts'
import { CommandGate } from './command-gate.ts'
import { DefinedBehaviour } from './defined-behaviour.ts'
import { outputProofOfEnvironment } from './event-form.ts'
import { EventForms } from './event-forms.ts'
import type { CommandsCheck, EventsCheck, MachineCheck, NameCheck, TextsCheck } from './machine-checks.ts'
import type { MachineParts, PartsOf } from './machine-parts.ts'
import type { RejectionTexts } from './model.ts'
import { Refusals } from './refusals.ts'
import type { MessagesOf, Schemas } from './schemas.ts'
import type { Upcast } from './upcast.ts'

export function aggregate<
  const N extends string,
  M extends AnyStateMachine,
  const C extends Schemas,
  const E extends Schemas,
  const R extends RejectionTexts = Readonly<Record<never, string>>,
  P extends MachineParts = PartsOf<M>,
>(definition: {
  readonly name: N & NameCheck<NoInfer<N>>
  readonly machine: M & MachineCheck<NoInfer<P>, NoInfer<keyof R>>
  readonly commands: C & CommandsCheck<NoInfer<P>, NoInfer<C>, NoInfer<E>>
  readonly events: E & EventsCheck<NoInfer<P>, NoInfer<E>>
  readonly rejections?: R & TextsCheck<NoInfer<P>, NoInfer<R>>
  readonly schemaVersion?: number
  readonly upcast?: Upcast
}): Aggregate<{
  readonly name: N
  readonly command: MessagesOf<C>['input']
  readonly accepted: MessagesOf<C>['output']
  readonly event: MessagesOf<E>['output']
  readonly context: P['context']
  readonly value: P['value']
  readonly tag: P['tag']
  readonly code: P['code']
}> {
  const { name, machine } = definition
  const kernel = kernelOf(machine)
  const gate = new CommandGate(name, definition.commands)
  const defined: Behaviour = new DefinedBehaviour({
    name,
    schemaVersion: definition.schemaVersion ?? 1,
    kernel,
    gate,
    forms: new EventForms(definition.events, definition.upcast, outputProofOfEnvironment()),
    refusals: new Refusals(readChart(machine), gate.types, definition.rejections ?? {}),
  })
  return Object.freeze({
    name,
    machine,
    engine: kernel.engine,
    structureHash: kernel.structureHash,
    findings: [],
    [behaviour]: defined,
  })
}
