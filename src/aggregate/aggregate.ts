import type { AnyStateMachine } from 'xstate'
import { DefinitionError, type Finding } from '../errors.ts'
import { readChart } from '../machine/chart.ts'
import type { Engine, Kernel } from '../machine/kernel.ts'
import { kernelOf } from '../machine/kernel-of.ts'
import { isMachine } from '../machine/xstate-internals.ts'
import { type Aggregate, behaviour } from './aggregate-type.ts'
import { checkDefinition } from './check/check-definition.ts'
import { CommandGate } from './command-gate.ts'
import { DefinedBehaviour } from './defined-behaviour.ts'
import { EventForms } from './event-forms.ts'
import type { CommandsCheck, EventsCheck, MachineCheck, NameCheck, TextsCheck } from './machine-checks.ts'
import type { MachineParts, PartsOf } from './machine-parts.ts'
import type { RejectionTexts } from './model.ts'
import { proofOfEnvironment } from './proof.ts'
import { Refusals } from './refusals.ts'
import type { MessagesOf, Schemas } from './schemas.ts'
import type { Upcast } from './upcast.ts'

/**
 * Defines an aggregate: a machine, and the schemas of what it is asked and of what is stored. The definition is
 * checked here, once; README and docs/defining-an-aggregate.md say what a machine may do.
 * @param definition.name the category of its streams, `<name>-<id>`: not empty, without `-`.
 * @param definition.machine made by xstate's `setup({...}).createMachine({...})`.
 * @param definition.commands the schemas of the commands' payloads by type; `true`: no payload.
 * @param definition.events the schemas of the domain events' payloads by type; `true`: no payload.
 * @param definition.rejections the texts of the codes with which the machine rejects.
 * @param definition.schemaVersion stored with every event, for `upcast`; count it up when the events change. Default: 1.
 * @param definition.upcast turns stored events of older versions into today's.
 * @param definition.engine `interpreted` lets xstate itself take every step: some thirty times slower, and the way to
 *   find out whether a doubt is about the compiled engine. Default: `compiled`, where the machine can be.
 * @returns the definition for `start({ aggregates })` and `system.get`; warnings and notes are its `findings`.
 * @throws DefinitionError with every error that was found, each with its path and mend.
 */
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
  readonly engine?: Engine['kind']
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
  return define({ rejections: {}, schemaVersion: 1, ...definition })
}

/** A definition without its types. */
interface Definition {
  readonly name: string
  readonly machine: AnyStateMachine
  readonly commands: Schemas
  readonly events: Schemas
  readonly rejections: RejectionTexts
  readonly schemaVersion: number
  readonly upcast?: Upcast
  readonly engine?: Engine['kind']
}

function define(definition: Definition): Aggregate<never> {
  const { name, machine, commands, events, rejections, schemaVersion } = definition
  if (!isMachine(machine)) throw new DefinitionError(String(name), [notAMachine])
  const chart = readChart(machine)
  const findings = checkDefinition({ name, chart, commands, events, rejections, schemaVersion })
  if (findings.some(({ severity }) => severity === 'error')) throw new DefinitionError(name, findings)
  const kernel = startable(name, machine, definition.engine)
  const gate = new CommandGate(name, commands)
  const proof = proofOfEnvironment()
  return Object.freeze({
    name: name as never,
    machine,
    engine: kernel.engine,
    structureHash: kernel.structureHash,
    findings,
    [behaviour]: new DefinedBehaviour({
      name,
      schemaVersion,
      kernel,
      gate,
      forms: new EventForms(events, definition.upcast, proof),
      refusals: new Refusals(chart, gate.types, rejections),
      proof,
    }),
  })
}

/** A machine that cannot begin would fail at every id: better here, once. */
function startable(name: string, machine: AnyStateMachine, engine?: Engine['kind']): Kernel {
  try {
    const kernel = kernelOf(machine, engine)
    kernel.initial('some-id')
    return kernel
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw new DefinitionError(name, [
      {
        severity: 'error',
        rule: 'initial-state',
        path: machine.id,
        message: `the machine cannot begin: ${reason}`,
        mend: 'let its context, entry actions and initial transitions compute plain values only',
      },
    ])
  }
}

const notAMachine: Finding = {
  severity: 'error',
  rule: 'machine',
  path: 'machine',
  message: 'this is no state machine of xstate 5',
  mend: 'make it with setup({...}).createMachine({...})',
}
