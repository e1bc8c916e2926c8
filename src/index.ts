export { AggregateReference, type WaitOptions } from '../actors/reference.ts'
export type { AskOptions } from '../actors/request.ts'
export { defaultSettings, type Settings } from '../actors/settings.ts'
export {
  type StartOptions,
  type StopReport,
  type System,
  type SystemMetrics,
  start,
  type UnsettledCommand,
} from '../actors/system.ts'
export type { HistoryOptions, HistoryStep } from '../actors/time-travel/history.ts'
export type { Moment } from '../actors/time-travel/moment.ts'
export * from './aggregate/index.ts'
export {
  AccessDenied,
  type AggregateAddress,
  AggregateQuarantined,
  CommandIdReused,
  CommandTimeout,
  ConflictRetriesExhausted,
  DefinitionError,
  EventTooLarge,
  type Finding,
  HistoryUnreadable,
  InvalidCommand,
  InvalidId,
  type Issue,
  MachineFault,
  MailboxFull,
  NotInHistory,
  type QuarantineReason,
  ReenactError,
  StoreUnavailable,
  SystemStopped,
  UnknownAggregate,
} from './errors.ts'
export type { JsonObject, JsonValue } from './event/json.ts'
export type { Position } from './event/position.ts'
export type { CommandOrigin, RecordedEvent } from './event/recorded-event.ts'
export type { InspectionEvent, InspectionScope, Inspector, StepEvent, TroubleEvent } from './inspection.ts'
export type { Logger } from './logger.ts'
export type { Engine } from './machine/kernel.ts'
export type { Message } from './machine/message.ts'
export type { Accepted, BuiltInCode, Outcome, Rejected } from './outcome.ts'
export { type Clock, type Runtime, systemRuntime, type Timer } from './runtime.ts'
export { type EmbeddedStoreOptions, embeddedStore } from './store/embedded/embedded-store.ts'
export type { StoreProvider } from './store/event-store.ts'
export { eventsOf } from './store/events-of.ts'
export { memoryStore } from './store/memory/memory-store.ts'
