export { aggregate } from './aggregate.ts'
export type {
  Aggregate,
  AggregateTypes,
  CodeOf,
  CommandOf,
  DeepReadonly,
  EventOf,
  OutcomeOf,
  PartialValue,
  StateOf,
} from './aggregate-type.ts'
export { commandSchema } from './command-schema.ts'
export type { MachineAction } from './machine-action.ts'
export { type Model, model, type RejectionTexts } from './model.ts'
export { type Rejection, type RejectionParams, reject } from './reject.ts'
export type { PayloadSchema, Schemas } from './schemas.ts'
export type { StoredEvent, Upcast, UpcastEvent } from './upcast.ts'
