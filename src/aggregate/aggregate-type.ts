import type { Behaviour } from '../behaviour.ts'
import type { Message } from '../machine/message.ts'

/** Everything that is typed about one aggregate, in one place so that declarations stay short. */
export interface AggregateTypes {
  readonly name: string
  /** What `ask` takes: the union of the command schemas' inputs, with `type`. */
  readonly command: Message
  /** What outcomes hold: the union of the domain events. */
  readonly event: Message
  readonly context: unknown
  /** xstate's state value. */
  readonly value: unknown
  /** The union of the machine's rejection codes. */
  readonly code: string
}

/** The key of the runtime's side of a definition. Not part of the public face. */
export const behaviour: unique symbol = Symbol('reenact.behaviour')

/** A checked definition, made by `aggregate()`. */
export interface Aggregate<out T extends AggregateTypes = AggregateTypes> {
  readonly name: T['name']
  /** @internal */
  readonly [behaviour]: Behaviour
  /** Carries the types; never there at run time. */
  readonly types?: T
}

type TypesOf<A extends Aggregate> = NonNullable<A['types']>

export type CommandOf<A extends Aggregate> = TypesOf<A>['command']
export type EventOf<A extends Aggregate> = TypesOf<A>['event']
export type CodeOf<A extends Aggregate> = TypesOf<A>['code']
