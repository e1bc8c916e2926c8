/**
 * Every error that Reenact throws, one class each, told apart by `tag` (or `instanceof`). A decision of the domain
 * is never an error: see `outcome.ts`. Each message says what was wrong, where, and what to do.
 */
export abstract class ReenactError extends Error {
  abstract readonly tag: string
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = new.target.name
  }
}

/** Where an error happened. */
export interface AggregateAddress {
  readonly aggregate: string
  readonly id: string
}

/** One thing that is wrong with a value, and where in it. */
export interface Issue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** One thing that is wrong with a definition. */
export interface Finding {
  /** `error`: the definition is refused; `warning`: it works, but look; `note`: worth knowing. */
  readonly severity: 'error' | 'warning' | 'note'
  /** The rule of the definition checker, for example `command-target`. */
  readonly rule: string
  /** Where: `account.open.on.Deposit`. */
  readonly path: string
  readonly message: string
  /** What to write instead. */
  readonly mend: string
}

const issueList = (issues: readonly Issue[]): string =>
  issues
    .map((issue) => `\n  - ${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`)
    .join('')

/** The definition of an aggregate breaks a rule; all findings are listed with their path and mend. */
export class DefinitionError extends ReenactError {
  readonly tag = 'DefinitionError'
  readonly aggregate: string
  readonly findings: readonly Finding[]
  constructor(aggregate: string, findings: readonly Finding[]) {
    const errors = findings.filter((finding) => finding.severity === 'error')
    const list = errors.map(
      (finding) => `\n  - ${finding.path}: ${finding.message}\n    Mend: ${finding.mend}`,
    )
    super(
      `The definition of the aggregate '${aggregate}' has ${errors.length === 1 ? 'one error' : `${errors.length} errors`}:${list.join('')}`,
    )
    this.aggregate = aggregate
    this.findings = findings
  }
}

/** `system.get` was given a definition that `start` was not. */
export class UnknownAggregate extends ReenactError {
  readonly tag = 'UnknownAggregate'
  constructor(aggregate: string, known: readonly string[]) {
    super(
      `This system does not run the aggregate '${aggregate}'. It runs: ${known.join(', ') || 'none'}. Add the definition to \`aggregates\` of start().`,
    )
  }
}

/** The id of an aggregate must be a string of 1 to 512 characters (whole Unicode characters, no control characters). */
export class InvalidId extends ReenactError {
  readonly tag = 'InvalidId'
  constructor(aggregate: string, id: unknown, reason: string) {
    super(`${JSON.stringify(id) ?? String(id)} is no id for the aggregate '${aggregate}': ${reason}.`)
  }
}

/** The command's type is unknown, its payload breaks its schema, or its options are wrong. Nothing was done. */
export class InvalidCommand extends ReenactError {
  readonly tag = 'InvalidCommand'
  readonly aggregate: string
  readonly id: string
  readonly commandType: string
  readonly issues: readonly Issue[]
  constructor(at: AggregateAddress, commandType: string, issues: readonly Issue[]) {
    super(`The command '${commandType}' for ${at.aggregate} '${at.id}' is not valid:${issueList(issues)}`)
    this.aggregate = at.aggregate
    this.id = at.id
    this.commandType = commandType
    this.issues = issues
  }
}

/** This command id was used for a command of another type: its author must choose another id. Nothing was done. */
export class CommandIdReused extends ReenactError {
  readonly tag = 'CommandIdReused'
  readonly commandId: string
  constructor(at: AggregateAddress, commandId: string, commandType: string, firstType: string) {
    super(
      `The command id '${commandId}' at ${at.aggregate} '${at.id}' belongs to a '${firstType}' already, so this '${commandType}' was not executed. Give every command an id of its own.`,
    )
    this.commandId = commandId
  }
}

/** The machine failed at this command: a guard, action, schema or assign threw, or broke a rule. Nothing is stored, the aggregate lives on. */
export class MachineFault extends ReenactError {
  readonly tag = 'MachineFault'
  readonly aggregate: string
  readonly id: string
  readonly commandType: string
  /** Where in the machine: an event type, a payload path. */
  readonly path: string
  constructor(at: AggregateAddress, commandType: string, path: string, reason: string, cause?: unknown) {
    super(
      `The machine of ${at.aggregate} '${at.id}' failed at the command '${commandType}' (${path}): ${reason} Nothing was stored; mend the machine and ask again.`,
      cause,
    )
    this.aggregate = at.aggregate
    this.id = at.id
    this.commandType = commandType
    this.path = path
  }
}

/** The events of one command hold more bytes than the store takes in one append. Nothing was stored. */
export class EventTooLarge extends ReenactError {
  readonly tag = 'EventTooLarge'
  readonly bytes: number
  readonly maxBytes: number
  constructor(at: AggregateAddress, commandType: string, bytes: number, maxBytes: number) {
    super(
      `The events of the command '${commandType}' at ${at.aggregate} '${at.id}' hold ${bytes} bytes; the store takes ${maxBytes} in one append. Nothing was stored. Keep large content elsewhere and store a reference.`,
    )
    this.bytes = bytes
    this.maxBytes = maxBytes
  }
}

/** The mailbox of this aggregate, or the whole system, is full. The command was not taken; ask again later. */
export class MailboxFull extends ReenactError {
  readonly tag = 'MailboxFull'
  readonly scope: 'aggregate' | 'system'
  constructor(at: AggregateAddress, commandId: string, scope: 'aggregate' | 'system', limit: string) {
    super(
      `The command '${commandId}' was not taken: ${scope === 'aggregate' ? `the mailbox of ${at.aggregate} '${at.id}'` : 'the system'} is full (${limit}). Ask again later, or raise the limit.`,
    )
    this.scope = scope
  }
}

/** No outcome within the caller's time. Ask again with the same `commandId` to learn it, or to finish it. */
export class CommandTimeout extends ReenactError {
  readonly tag = 'CommandTimeout'
  readonly commandId: string
  /** `no`: it was not executed and will not be for this ask. `unknown`: it may have been, or may yet be. */
  readonly executed: 'no' | 'unknown'
  constructor(at: AggregateAddress, commandId: string, timeoutMs: number, executed: 'no' | 'unknown') {
    super(
      `No outcome of the command '${commandId}' at ${at.aggregate} '${at.id}' within ${timeoutMs} ms; ${executed === 'no' ? 'it was not executed' : 'whether it was executed is not known'}. Ask again with the same commandId to finish it.`,
    )
    this.commandId = commandId
    this.executed = executed
  }
}

/** The store cannot be reached or opened. Of the command at hand nothing was sent. */
export class StoreUnavailable extends ReenactError {
  readonly tag = 'StoreUnavailable'
  constructor(what: string, todo: string, cause?: unknown) {
    super(`${what} ${todo}`, cause)
  }
}

/** The store denies access; asking again does not help. */
export class AccessDenied extends ReenactError {
  readonly tag = 'AccessDenied'
  constructor(what: string, cause?: unknown) {
    super(`${what} Check the user, the password and the access rights of the store.`, cause)
  }
}

/** Other writers won every attempt. The command has no effect. */
export class ConflictRetriesExhausted extends ReenactError {
  readonly tag = 'ConflictRetriesExhausted'
  readonly commandId: string
  readonly attempts: number
  constructor(at: AggregateAddress, commandId: string, attempts: number) {
    super(
      `The command '${commandId}' at ${at.aggregate} '${at.id}' lost against another writer ${attempts} times and was given up; it has no effect. Ask again, and let one process own an aggregate where you can.`,
    )
    this.commandId = commandId
    this.attempts = attempts
  }
}

/**
 * Why an aggregate was taken out of service.
 * - `EventMisfit`: a stored event does not fit its machine. `StreamDamaged`: the stream does not begin at 0, is
 *   deleted or has a gap. `StoreBehind`: the store holds less than it acknowledged (a restored back-up).
 */
export type QuarantineReason = 'EventMisfit' | 'StreamDamaged' | 'StoreBehind'

/** This aggregate is out of service; its neighbours are not. See the reason; then `system.release(...)`. */
export class AggregateQuarantined extends ReenactError {
  readonly tag = 'AggregateQuarantined'
  readonly reason: QuarantineReason
  constructor(at: AggregateAddress, reason: QuarantineReason, detail: string, cause?: unknown) {
    super(
      `${at.aggregate} '${at.id}' is in quarantine (${reason}): ${detail} Mend the cause, then call system.release(definition, '${at.id}').`,
      cause,
    )
    this.reason = reason
  }
}

/** `system.at` was asked for a moment that the history of this aggregate does not hold. */
export class NotInHistory extends ReenactError {
  readonly tag = 'NotInHistory'
  readonly aggregate: string
  readonly id: string
  /** The last revision that is stored; -1: there is no event. */
  readonly lastRevision: number
  constructor(at: AggregateAddress, asked: string, lastRevision: number, found: string) {
    super(`${at.aggregate} '${at.id}' has no state ${asked}: ${found}`)
    this.aggregate = at.aggregate
    this.id = at.id
    this.lastRevision = lastRevision
  }
}

/** The past of an aggregate cannot be replayed: its stream is damaged, or an event does not fit today's machine. */
export class HistoryUnreadable extends ReenactError {
  readonly tag = 'HistoryUnreadable'
  readonly aggregate: string
  readonly id: string
  constructor(at: AggregateAddress, cause: Error) {
    super(`The history of ${at.aggregate} '${at.id}' cannot be replayed any further: ${cause.message}`, cause)
    this.aggregate = at.aggregate
    this.id = at.id
  }
}

/** The system is stopping or has stopped. `executed` as of `CommandTimeout`. */
export class SystemStopped extends ReenactError {
  readonly tag = 'SystemStopped'
  readonly executed: 'no' | 'unknown'
  constructor(executed: 'no' | 'unknown', commandId?: string) {
    super(
      `The system has stopped${commandId === undefined ? '' : `; the command '${commandId}' ${executed === 'no' ? 'was not executed' : 'may have been executed: ask again with the same commandId after a restart'}`}.`,
    )
    this.executed = executed
  }
}

/** A stored event does not fit the machine of its aggregate: internal; callers see `AggregateQuarantined`. */
export class StoredEventMisfit extends ReenactError {
  readonly tag = 'StoredEventMisfit'
  readonly revision: number
  constructor(stream: string, revision: number, eventType: string, reason: string, cause?: unknown) {
    super(
      `The stored event '${eventType}' at revision ${revision} of ${stream} does not fit the machine: ${reason}`,
      cause,
    )
    this.revision = revision
  }
}

/** The stream of an aggregate was deleted in the store (soft or with a tombstone): internal; callers see `AggregateQuarantined`. */
export class StreamDeleted extends ReenactError {
  readonly tag = 'StreamDeleted'
  constructor(stream: string, cause?: unknown) {
    super(
      `The stream ${stream} was deleted in the store. Reenact never deletes the stream of an aggregate.`,
      cause,
    )
  }
}
