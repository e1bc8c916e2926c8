import type {
  AnyStateMachine,
  ContextFrom,
  EmittedFrom,
  EventFromLogic,
  InputFrom,
  SnapshotFrom,
  TagsFrom,
} from 'xstate'
import type { Rejection, rejectType } from './reject.ts'

/** What the types of a machine say, in our words. */
export interface MachineParts {
  readonly context: unknown
  /** All that it receives. */
  readonly received: { readonly type: string }
  /** All that it emits, rejections too. */
  readonly emitted: { readonly type: string }
  readonly value: unknown
  readonly tag: string
  readonly input: unknown
  /** Of its rejections. */
  readonly code: string
}

export interface PartsOf<M extends AnyStateMachine> {
  readonly context: ContextFrom<M>
  readonly received: Exclude<EventFromLogic<M>, { type: 'xstate.route' }>
  readonly emitted: EmittedFrom<M>
  readonly value: SnapshotFrom<M>['value']
  readonly tag: TagsFrom<M>
  readonly input: InputFrom<M>
  readonly code: Extract<EmittedFrom<M>, Rejection>['code']
}

/** What is stored: what is emitted, but for rejections. */
export type EmittedEvent<P extends MachineParts> = Exclude<P['emitted'], { readonly type: typeof rejectType }>

/** The domain events as the machine receives them. */
export type DomainEvent<P extends MachineParts> = Extract<
  P['received'],
  { readonly type: EmittedEvent<P>['type'] }
>

/** All that the machine receives but for its domain events. */
export type MachineCommand<P extends MachineParts> = Exclude<
  P['received'],
  { readonly type: EmittedEvent<P>['type'] }
>
