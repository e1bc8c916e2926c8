import { assign } from 'xstate'
import type { Message } from '../machine/message.ts'
import { expecting } from './expectation.ts'
import type { Given, MachineAction } from './machine-action.ts'
import type { Mistake } from './mistake.ts'
import { emitAction, type Rejection, type RejectionParams, reject, rejectType } from './reject.ts'
import type { ContextCheck, SchemasCheck } from './schema-checks.ts'
import type { MessagesOf, PayloadInput, Schemas } from './schemas.ts'

/** The texts of the codes with which a machine rejects, by code. */
export type RejectionTexts = Readonly<Record<string, string>>

/** The types of a model, in one place. */
export interface ModelTypes {
  readonly context: object
  /** What a machine receives: the outputs of the command schemas. */
  readonly command: Message
  /** What a machine evolves by: the outputs of the event schemas. */
  readonly event: Message
  /** What a machine emits: the inputs of the event schemas. */
  readonly emitted: Message
  readonly code: string
}

type Received<T extends ModelTypes> = T['command'] | T['event']
type WithType<M, Type> = Extract<M, { readonly type: Type }>

/** The name alone may stand for the event where it has no payload, or where the payload of a command fits. */
interface EmitParams<Command extends Message, E extends Schemas> {
  readonly of: {
    readonly [K in keyof E & string]: E[K] extends true
      ? undefined
      : true extends Fits<Command, PayloadInput<E[K]>>
        ? PayloadInput<E[K]> | undefined
        : PayloadInput<E[K]>
  }
}

type Fits<Command, Payload> = Command extends Payload ? true : never

type EmitActions<T extends ModelTypes, E extends Schemas> = {
  readonly [K in keyof E & string]: MachineAction<
    unknown,
    EmitParams<T['command'], E>['of'][K],
    WithType<T['emitted'], K>
  >
}

/** xstate itself would take a misspelt key without a word. */
type KeysOfContext<Assigned, Context> = {
  readonly [K in Exclude<keyof Assigned, keyof Context> & string]: Mistake<`'${K}' is no key of the context`>
}

/** What `model()` returns. */
export interface Model<T extends ModelTypes, C extends Schemas, E extends Schemas, R extends RejectionTexts> {
  /** For `setup({ types })`. */
  readonly types: {
    readonly context: T['context']
    readonly events: Received<T>
    readonly emitted: T['emitted'] | Rejection<T['code']>
  }
  readonly commands: C
  readonly events: E
  readonly rejections: R
  /**
   * For `setup({ actions })`: for each domain event the action, named like it, that emits it, and `reject`, which
   * refuses the command. An event's payload is its `params`; without them it is a copy of the command's payload.
   */
  readonly actions: EmitActions<T, E> & {
    readonly reject: MachineAction<unknown, RejectionParams<T['code']>, Rejection<T['code']>>
  }
  /**
   * The action that applies a domain event: what `assigner` returns is assigned to the context.
   * @throws at the transition where it stands on an event of another type.
   */
  on<Type extends T['event']['type'], Assigned extends Partial<T['context']>, Params = undefined>(
    type: Type | readonly Type[],
    assigner: (
      given: Given<T['context'], WithType<T['event'], Type>>,
      params: Params,
    ) => Assigned & KeysOfContext<NoInfer<Assigned>, T['context']>,
  ): MachineAction<Given<T['context'], Received<T>>, NoInfer<Params>, never>
  /**
   * A guard that reads its command or domain event.
   * @throws at the transition where it stands on an event of another type.
   */
  when<Type extends Received<T>['type'], Params = undefined>(
    type: Type | readonly Type[],
    guard: (given: Given<T['context'], WithType<Received<T>, Type>>, params: Params) => boolean,
  ): (given: Given<T['context'], Received<T>>, params: NoInfer<Params>) => boolean
}

/**
 * Help around a literal `setup(...)`, never a wrapper of it: from schemas, which are the one source of the types,
 * it makes the types, the emit actions and typed helpers for guards and assigns. Using it is optional.
 * @param definition.context carries the type: `{} as { balance: number }`.
 * @param definition.commands what the aggregate is asked, by type.
 * @param definition.events what is stored, by type.
 * @param definition.rejections the texts of the codes with which commands are refused.
 * @returns `types` and `actions` for `setup`, `on` and `when` for assigns and guards, and the schemas for `aggregate()`.
 */
export function model<
  Context extends object,
  const C extends Schemas,
  const E extends Schemas,
  const R extends RejectionTexts = Readonly<Record<never, string>>,
>(definition: {
  readonly context: Context & ContextCheck<NoInfer<Context>>
  readonly commands: C & SchemasCheck<'command', NoInfer<C>, NoInfer<keyof E>>
  readonly events: E & SchemasCheck<'domain event', NoInfer<E>, never>
  readonly rejections?: R
}): Model<
  {
    readonly context: Context
    readonly command: MessagesOf<C>['output']
    readonly event: MessagesOf<E>['output']
    readonly emitted: MessagesOf<E>['input']
    readonly code: keyof R & string
  },
  C,
  E,
  R
> {
  const actions: Record<string, unknown> = { [rejectType]: reject() }
  for (const [type, schema] of Object.entries(definition.events)) {
    actions[type] = schema === true ? emitAction({ type }) : emitCopy(type)
  }
  const made = {
    types: {},
    commands: definition.commands,
    events: definition.events,
    rejections: definition.rejections ?? {},
    actions,
    on: (type: string | readonly string[], assigner: never) => assign(expecting('on', type, assigner)),
    when: (type: string | readonly string[], guard: never) => expecting('when', type, guard),
  }
  return made as never
}

function emitCopy(type: string): unknown {
  return emitAction(({ event }: Given<unknown, Message>, params: object | undefined) => {
    const emitted = { ...(params ?? event) } as { type: string }
    emitted.type = type
    return emitted
  })
}
