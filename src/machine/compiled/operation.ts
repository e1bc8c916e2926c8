import type { Assignment, ChartAction } from '../chart-action.ts'
import type { ChartValue } from '../chart-value.ts'
import type { Message } from '../message.ts'
import { ActionArguments, AssignArguments } from './action-arguments.ts'
import { parametersOf, parametersOrNone } from './parameters.ts'

/** What a step leaves behind beside the context: internal events still to be handled, and the machine's output. */
export interface Residue {
  readonly queue: Message[]
  output: unknown
}

/** One thing that a step does, in order: takes the context, gives the next one. */
export interface Operation {
  /** `assign`: the context only. `internal`: fills the residue, or just runs user code. */
  readonly kind: 'assign' | 'internal'
  readonly run: (context: unknown, event: Message, residue: Residue) => unknown
}

/** Many steps run the same list of actions: it is compiled once. */
const compiled = new WeakMap<readonly ChartAction[], readonly Operation[] | 'emits'>()

/** The operations of a list of actions; 'emits' where one emits: what applies events must not. */
export function compileOperations(actions: readonly ChartAction[]): readonly Operation[] | 'emits' {
  let operations = compiled.get(actions)
  if (operations === undefined) {
    operations = actions.some((action) => action.kind === 'emit')
      ? 'emits'
      : actions.flatMap(compileOperation)
    compiled.set(actions, operations)
  }
  return operations
}

function compileOperation(action: ChartAction): readonly Operation[] {
  switch (action.kind) {
    case 'assign':
      return [{ kind: 'assign', run: compileAssign(action.assignment, action.params) }]
    case 'raise':
      return [raising(action)]
    default: {
      // Nobody runs a custom action, but xstate computes its params, and that may throw.
      const parameters = parametersOf(action.params)
      if (parameters === undefined || action.params.kind === 'fixed') return []
      return [internal((context, event) => void parameters(context, event))]
    }
  }
}

function internal(effect: (context: unknown, event: Message, residue: Residue) => void): Operation {
  return {
    kind: 'internal',
    run: (context, event, residue) => {
      effect(context, event, residue)
      return context
    },
  }
}

type Compute = (argument: ActionArguments, parameters: unknown) => unknown

function compileAssign(assignment: Assignment, params: ChartValue): Operation['run'] {
  const parameters = parametersOrNone(params)
  if (assignment.kind === 'whole') {
    const compute = assignment.compute as unknown as Compute
    return (context, event) => {
      const computed = parameters(context, event)
      return Object.assign({}, context, compute(new AssignArguments(context, event), computed))
    }
  }
  const keys = [...assignment.keys].map(([key, value]) => ({ key, compute: compileValue(value) }))
  return (context, event) => {
    const computed = parameters(context, event)
    const argument = new AssignArguments(context, event)
    const update: Record<string, unknown> = {}
    for (const { key, compute } of keys) update[key] = compute(argument, computed)
    return Object.assign({}, context, update)
  }
}

function compileValue(value: ChartValue): Compute {
  if (value.kind === 'computed') return value.compute as unknown as Compute
  const fixed = value.kind === 'fixed' ? value.value : undefined
  return () => fixed
}

function raising(action: ChartAction & { readonly kind: 'raise' }): Operation {
  const parameters = parametersOrNone(action.params)
  const eventOf = compileValue(action.event)
  const delayed = action.delay.kind !== 'none'
  return internal((context, event, residue) => {
    const computed = parameters(context, event)
    const raised = eventOf(new ActionArguments(context, event), computed)
    // A delayed event needs a clock that a pure machine does not have: computed, as xstate does, and forgotten.
    if (!delayed) residue.queue.push(raised as Message)
  })
}

/** Tells the machine itself that a state inside is done, as xstate does when a final state is entered. */
export function doneEvent(id: string, output: ChartValue): Operation {
  const type = `xstate.done.state.${id}`
  const outputOf = compileOutput(output)
  return internal((context, event, residue) => {
    residue.queue.push({ type, output: outputOf(context, event) } as Message)
  })
}

/**
 * The machine is finished: its output is computed of an event that says which state was completed.
 * @param completed absent where that state has no output.
 */
export function finishing(completedId: string, completed: ChartValue, output: ChartValue): Operation {
  const type = `xstate.done.state.${completedId}`
  const completedOutput = compileOutput(completed)
  const outputOf = compileOutput(output)
  return internal((context, event, residue) => {
    const done = { type, output: completedOutput(context, event) } as Message
    residue.output = outputOf(context, done)
  })
}

function compileOutput(output: ChartValue): (context: unknown, event: Message) => unknown {
  if (output.kind !== 'computed') {
    const fixed = output.kind === 'fixed' ? output.value : undefined
    return () => fixed
  }
  const compute = output.compute as unknown as (argument: ActionArguments) => unknown
  return (context, event) => compute(new ActionArguments(context, event))
}

/** One emit of a command: gives the event. */
export type Emit = (context: unknown, event: Message) => unknown

/** The emits of a command's actions; undefined where they do more than emit. */
export function compileEmits(actions: readonly ChartAction[]): readonly Emit[] | undefined {
  const emits: Emit[] = []
  for (const action of actions) {
    if (action.kind === 'emit') emits.push(compileEmit(action.event, action.params))
    else if (!isIdle(action)) return undefined
  }
  return emits
}

/** Nobody runs it, and nothing is computed for it. */
function isIdle(action: ChartAction): boolean {
  return (action.kind === 'custom' || action.kind === 'missing') && action.params.kind !== 'computed'
}

function compileEmit(event: ChartValue, params: ChartValue): Emit {
  const parameters = parametersOf(params)
  if (event.kind !== 'computed') {
    const fixed = event.kind === 'fixed' ? event.value : undefined
    if (params.kind !== 'computed' || parameters === undefined) return () => fixed
    return (context, command) => {
      parameters(context, command)
      return fixed
    }
  }
  const compute = event.compute as unknown as Compute
  if (parameters === undefined) {
    return (context, command) => compute(new ActionArguments(context, command), undefined)
  }
  return (context, command) => {
    const computed = parameters(context, command)
    return compute(new ActionArguments(context, command), computed)
  }
}
