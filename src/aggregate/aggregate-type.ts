import type { AnyStateMachine } from 'xstate'
import type { Behaviour } from '../behaviour.ts'
import type { Finding } from '../errors.ts'
import type { Engine } from '../machine/kernel.ts'
import type { Message } from '../machine/message.ts'
import type { Outcome } from '../outcome.ts'

/** Everything that is typed about one aggregate, in one place so that declarations stay short. */
export interface AggregateTypes {
  readonly name: string
  /** What `ask` takes: the union of the command schemas' inputs, with `type`. */
  readonly command: Message
  /** What the machine gets: the union of the command schemas' outputs, with `type`. */
  readonly accepted: Message
  /** What outcomes hold: the union of the domain events. */
  readonly event: Message
  readonly context: unknown
  /** xstate's state value. */
  readonly value: unknown
  readonly tag: string
  /** The union of the machine's rejection codes. */
  readonly code: string
}

/** The key of the runtime's side of a definition. Not part of the public face. */
export const behaviour: unique symbol = Symbol('reenact.behaviour')

/** A checked definition, made by `aggregate()`. */
export interface Aggregate<out T extends AggregateTypes = AggregateTypes> {
  readonly name: T['name']
  /** The very machine of the definition, for diagrams and tools. */
  readonly machine: AnyStateMachine
  /** How the machine runs: `compiled`, or `interpreted` with the reason. */
  readonly engine: Engine
  /** Changes whenever a snapshot of the older machine might not fit. */
  readonly structureHash: string
  /** What the checker found beside errors: warnings and notes. */
  readonly findings: readonly Finding[]
  /** @internal */
  readonly [behaviour]: Behaviour
  /** Carries the types; never there at run time. */
  readonly types?: T
}

type TypesOf<A extends Aggregate> = NonNullable<A['types']>

/** What `ask` and `tell` take. */
export type CommandOf<A extends Aggregate> = TypesOf<A>['command']
/** The domain events as outcomes hold them. */
export type EventOf<A extends Aggregate> = DeepReadonly<TypesOf<A>['event']>
/** The codes with which the machine rejects, without those of Reenact itself. */
export type CodeOf<A extends Aggregate> = TypesOf<A>['code']
/** What `ask` answers. */
export type OutcomeOf<A extends Aggregate> = Outcome<EventOf<A>, CodeOf<A>>

/** What `state()` answers: the durable state. */
export interface StateOf<A extends Aggregate> {
  readonly value: TypesOf<A>['value']
  readonly context: DeepReadonly<TypesOf<A>['context']>
  /** Of the last event; -1: there is none. */
  readonly revision: number
  readonly status: 'active' | 'done'
  readonly tags: ReadonlySet<TypesOf<A>['tag']>
  /** Whether the machine is in this state: a key, or keys with what is below them. */
  matches(value: PartialValue<TypesOf<A>['value']>): boolean
}

/** A state value from the root down, as deep as one likes. */
export type PartialValue<Value> = Value extends object
  ? (keyof Value & string) | { readonly [K in keyof Value]?: PartialValue<Value[K]> }
  : Value

/** Read-only all the way down: what the runtime shows is never changed through it. */
export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T
