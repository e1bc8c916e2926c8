import type { DomainEvent, EmittedEvent, MachineCommand, MachineParts } from './machine-parts.ts'
import type { Mistake, NotJson, NotJsonAt, SaysNothing } from './mistake.ts'
import type { Kinds, SchemaFault, SentenceAt } from './schema-checks.ts'
import type { PayloadInput, PayloadOutput, Schemas } from './schemas.ts'

/** `unknown` where the name is right. */
export type NameCheck<N extends string> = N extends '' | `${string}-${string}` | `$${string}`
  ? Mistake<`'${N}' is no name for an aggregate: it must not be empty, hold a - (its streams are called name-id), or begin with $`>
  : unknown

/** `unknown` where the types of the machine are right. */
export type MachineCheck<P extends MachineParts, Codes> = [MachineFault<P>] extends [never]
  ? [CodeFault<P['code'], Codes>] extends [never]
    ? unknown
    : Mistake<CodeFault<P['code'], Codes>>
  : Mistake<MachineFault<P>>

type MachineFault<P extends MachineParts> = string extends P['received']['type']
  ? 'the machine has no types: give setup({ types }) its context, events and emitted'
  : string extends P['emitted']['type']
    ? "the machine's types lack emitted: list the domain events that it emits"
    : SaysNothing<P['context'][string & keyof P['context']]> extends true
      ? "the machine's types lack context"
      : [Exclude<EmittedEvent<P>['type'], P['received']['type']>] extends [never]
        ? ContextFault<P> | InputFault<P['input']>
        : NotReceived<Exclude<EmittedEvent<P>['type'], P['received']['type']>>

type NotReceived<K> = K extends string
  ? `'${K}' is emitted but is not among the events of the machine's types: a domain event is received, too`
  : never

type ContextFault<P extends MachineParts> =
  NotJsonAt<P['context'], 'context'> extends infer Path extends string ? NotJson<Path> : never

type InputFault<Input> =
  SaysNothing<Input> extends true
    ? never
    : { id: string } extends Input
      ? never
      : 'the input of a machine is { id: string } or nothing: everything else comes with commands'

type CodeFault<Code extends string, Codes> = string extends Code
  ? never
  : Exclude<Code, Codes> extends infer Missing extends string
    ? `'${Missing}' is a code that the machine rejects with: give it a text in rejections`
    : never

/** The texts where they are right. */
export type TextsCheck<P extends MachineParts, R> = SentenceAt<
  {
    readonly [K in keyof R & string]: K extends 'Unhandled' | 'GuardBlocked' | 'Done' | 'StaleRevision'
      ? `'${K}' is a code of Reenact itself: choose another`
      : K extends P['code']
        ? never
        : `'${K}' is no code that the machine rejects with: list Rejection<'${K}'> in emitted of its types, or leave it out`
  },
  R
>

/** The schemas where they fit the machine, or where the machine itself must be mended first. */
export type CommandsCheck<P extends MachineParts, C extends Schemas, E extends Schemas> = Listed<
  P,
  C,
  Unlisted<Exclude<MachineCommand<P>['type'], keyof C>, E>,
  {
    readonly [K in keyof C & string]:
      | SchemaFault<'command', K, C[K], never>
      | (K extends EmittedEvent<P>['type']
          ? `'${K}' is a domain event, for the machine emits it: move its schema to events`
          : K extends P['received']['type']
            ? Fit<'command', K, C[K], Of<MachineCommand<P>, K>, never>
            : `'${K}' is no command of the machine: list it in events of its types, or leave it out`)
  }
>

/** What has a schema in `events` is told of there. */
type Unlisted<K, E> = K extends keyof E
  ? never
  : K extends string
    ? `'${K}' is a command of the machine: it needs a schema in commands, or true if it has no payload`
    : never

export type EventsCheck<P extends MachineParts, E extends Schemas> = Listed<
  P,
  E,
  Unstored<Exclude<EmittedEvent<P>['type'], keyof E>>,
  {
    readonly [K in keyof E & string]:
      | SchemaFault<'domain event', K, E[K], never>
      | (K extends EmittedEvent<P>['type']
          ? Fit<'domain event', K, E[K], Of<DomainEvent<P>, K>, Of<EmittedEvent<P>, K>>
          : `'${K}' is no domain event of the machine: list it in emitted of its types, or leave it out`)
  }
>

type Unstored<K> = K extends string
  ? `'${K}' is emitted by the machine: it needs a schema in events, or true if it has no payload`
  : never

type Of<M, K> = Extract<M, { readonly type: K }>

/** A sentence about a key that is not there, else one at each key that is wrong, else the schemas. */
type Listed<P extends MachineParts, S, Missing extends string, Faults> = [MachineFault<P>] extends [never]
  ? [Missing] extends [never]
    ? SentenceAt<Faults, S>
    : Mistake<Missing>
  : S

/** Between schema and machine: what comes out must be what the machine receives, what it emits must go in. */
type Fit<Kind extends Kinds, K extends string, S, Received, Emitted> = S extends true
  ? [Exclude<keyof Received, 'type'>] extends [never]
    ? never
    : `'${K}' has a payload: it needs a schema, not true`
  : [Exclude<keyof Received, 'type'>] extends [never]
    ? `'${K}' has no payload in the machine's types: write true instead of a schema`
    : PayloadOutput<S> extends Omit<Received, 'type'>
      ? Kind extends 'command'
        ? never
        : [Emitted] extends [PayloadInput<S>]
          ? never
          : `what the machine emits as '${K}' does not fit its schema${At<Emitted, PayloadInput<S>>}`
      : `what the schema of '${K}' gives does not fit the machine${At<PayloadOutput<S>, Omit<Received, 'type'>>}`

/** The first level of keys where one type does not fit the other. */
type At<From, To> = {
  [K in keyof To & string]: K extends keyof From ? (From[K] extends To[K] ? never : K) : K
}[keyof To & string] extends infer K extends string
  ? [K] extends [never]
    ? ''
    : ` at '${K}'`
  : ''
