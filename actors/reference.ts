import type { Aggregate, CommandOf, OutcomeOf, StateOf } from '../src/aggregate/aggregate-type.ts'
import type { Behaviour } from '../src/behaviour.ts'
import { CommandIdReused, MailboxFull, StoreUnavailable, SystemStopped } from '../src/errors.ts'
import { streamOf } from '../src/event/stream-name.ts'
import type { Outcome } from '../src/outcome.ts'
import type { AggregateActor, Durable } from './aggregate/aggregate-actor.ts'
import { goAway, timeOut } from './aggregate/answers.ts'
import type { CommandIds } from './command-ids.ts'
import type { Deadline } from './deadline-list.ts'
import type { Asker, Entry } from './entry.ts'
import { type Environment, logged } from './environment.ts'
import type { LiveAddress, LiveAggregates } from './registry.ts'
import { type AskOptions, entryOf } from './request.ts'
import { shown } from './shown.ts'

export interface WaitOptions {
  /** How long to wait for the outcome, in milliseconds. Default: the setting `timeoutMs`. */
  readonly timeoutMs?: number
  /**
   * Ends the waiting, not the command: the promise rejects with the signal's reason. A signal that is aborted already
   * ends it before the command is taken.
   */
  readonly signal?: AbortSignal
}

/** What a reference needs of the system that made it. */
export interface ReferenceContext {
  readonly environment: Environment
  readonly live: LiveAggregates
  readonly isStopping: () => boolean
  readonly commandIds: CommandIds
}

/** One aggregate of a system, by its id. Made without I/O; cheap to make again. */
export class AggregateReference<A extends Aggregate = Aggregate> {
  readonly id: string
  readonly #behaviour: Behaviour
  readonly #context: ReferenceContext
  readonly #address: LiveAddress
  /** The actor that answered last: looked up again only after it was passivated. */
  #actor: AggregateActor | undefined

  /** @internal */
  constructor(context: ReferenceContext, behaviour: Behaviour, id: string) {
    this.#context = context
    this.#behaviour = behaviour
    this.#address = { behaviour, id, stream: streamOf(behaviour.name, id) }
    this.id = id
  }

  /**
   * Asks the aggregate to execute a command and waits for the outcome.
   * @returns `accepted` when its events are durable, `rejected` when the aggregate refused it: a decision of the
   *   domain is a value.
   * @throws InvalidCommand, CommandIdReused, MachineFault, EventTooLarge, MailboxFull, CommandTimeout, StoreUnavailable,
   *   AccessDenied, ConflictRetriesExhausted, AggregateQuarantined, SystemStopped: trouble of the machine room.
   */
  ask(command: CommandOf<A>, options?: AskOptions & WaitOptions): Promise<OutcomeOf<A>> {
    const signal = options?.signal
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
    try {
      const timeoutMs = timeoutOf(options, this.#context.environment)
      const entry = this.#entryOf(command, options)
      let resolve!: (outcome: Outcome) => void
      let reject!: (error: Error) => void
      // Nothing else in there: V8 then makes neither the function nor its variables.
      const outcome = new Promise<Outcome>((resolved, rejected) => {
        resolve = resolved
        reject = rejected
      }) as Promise<OutcomeOf<A>>
      const asker = this.#enqueue(entry, timeoutMs, resolve, reject)
      return signal === undefined || asker === undefined ? outcome : waitUnless(signal, asker, outcome)
    } catch (error) {
      return Promise.reject(error as Error)
    }
  }

  /**
   * Fire and forget: failures and rejections reach the log and the inspection stream, nobody else.
   * @throws InvalidCommand at once: a command that cannot be right is the caller's mistake.
   */
  tell(command: CommandOf<A>, options?: AskOptions): void {
    const { logger, debug } = this.#context.environment
    const entry = this.#entryOf(command, options)
    const at = logged({ aggregate: this.#behaviour.name, id: this.id })
    const { commandId } = entry
    this.#enqueue(
      entry,
      0,
      (outcome) => {
        if (debug && outcome.status === 'rejected') {
          logger.debug({ ...at, commandId, code: outcome.code }, 'a told command was rejected')
        }
      },
      (error) => logger.error({ ...at, commandId, err: error }, 'a told command failed'),
    )
  }

  /**
   * The durable state, as this process knows it: nothing that a crash could take back. Loads the aggregate where it is
   * not live.
   * @throws AggregateQuarantined, StoreUnavailable, AccessDenied, SystemStopped
   */
  async state(): Promise<StateOf<A>> {
    const { environment, isStopping } = this.#context
    if (isStopping()) throw new SystemStopped('no')
    const actor = this.#reach()
    environment.registry.used(actor, environment.runtime.clock.now())
    if (actor.quarantine !== undefined) throw actor.quarantine
    if (actor.durable === undefined || actor.phase === 'recovering') await recovered(actor)
    const { state, revision } = actor.durable as Durable
    return shown<A>(this.#behaviour, state, revision)
  }

  #reach(): AggregateActor {
    const known = this.#actor
    // The turn that follows says when it was used, for a look at the clock costs too much for each command.
    if (known !== undefined && known.phase !== 'passivated' && !known.leaving) return known
    const { live, environment } = this.#context
    this.#actor = live.reach(this.#address, environment.runtime.clock.now())
    return this.#actor
  }

  #entryOf(command: unknown, options: AskOptions | undefined): Entry {
    const { isStopping, commandIds } = this.#context
    if (isStopping()) throw new SystemStopped('no')
    return entryOf(this.#behaviour, this.id, command, options, commandIds)
  }

  /** @returns `undefined` where the asker is answered already. */
  #enqueue(
    asked: Entry,
    timeoutMs: number,
    resolve: (outcome: Outcome) => void,
    reject: (error: Error) => void,
  ): Asker | undefined {
    const { environment } = this.#context
    const actor = this.#reach()
    if (actor.quarantine !== undefined) {
      reject(actor.quarantine)
      return undefined
    }
    const entry = joinedOrNew(actor, asked)
    if (entry instanceof Error) {
      reject(entry)
      return undefined
    }
    const askedAt = environment.inspection.activeForTrouble ? environment.runtime.clock.now() : undefined
    const asker = new Waiting(actor, entry, timeoutMs, askedAt, resolve, reject)
    entry.join(asker)
    if (timeoutMs > 0) environment.timeouts.add(asker, timeoutMs)
    return asker
  }
}

/** A caller in the list of timeouts. */
class Waiting implements Asker {
  earlier: Deadline | undefined
  later: Deadline | undefined
  settled = false
  readonly timeoutMs: number
  readonly askedAt: number | undefined
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: Error) => void
  readonly #actor: AggregateActor
  readonly #entry: Entry

  constructor(
    actor: AggregateActor,
    entry: Entry,
    timeoutMs: number,
    askedAt: number | undefined,
    resolve: (outcome: Outcome) => void,
    reject: (error: Error) => void,
  ) {
    this.#actor = actor
    this.#entry = entry
    this.timeoutMs = timeoutMs
    this.askedAt = askedAt
    this.resolve = resolve
    this.reject = reject
  }

  expire(): void {
    timeOut(this.#actor, this.#entry, this)
  }

  goAway(reason: Error): void {
    goAway(this.#actor, this.#entry, this, reason)
  }
}

/**
 * An ask with the id of a queued command joins that command, unless it is decided and may be refused: its caller
 * must learn of a head that was confirmed after it asked, so it queues behind (PROTOCOL rule 16).
 */
function joinedOrNew(actor: AggregateActor, asked: Entry): Entry | Error {
  const { environment } = actor
  if (asked.naming === 'byCaller') {
    const joined = joinedBy(actor, asked)
    if (joined !== undefined) return joined
  } else {
    asked.searchedIn = actor.epoch
  }
  const full = fullness(actor, asked.commandId, asked.bytes)
  if (full !== undefined) return full
  asked.arrival = environment.instant()
  push(actor, asked)
  return asked
}

/** The queued command that this one joins, or why it may not; `undefined` where it queues itself. */
function joinedBy(actor: AggregateActor, asked: Entry): Entry | Error | undefined {
  const { environment } = actor
  const queued = actor.mailbox.find(asked.commandId)
  asked.earlier = queued
  if (queued === undefined || (queued.stage !== 'undecided' && queued.stage !== 'accepted')) return undefined
  if (queued.command.type !== asked.command.type) {
    return new CommandIdReused(actor.address, asked.commandId, asked.command.type, queued.command.type)
  }
  if (queued.expectedRevision !== asked.expectedRevision) return undefined
  const crowded = crowdedness(actor, queued)
  if (crowded !== undefined) return crowded
  queued.arrival = environment.instant()
  environment.outstanding.joined++
  return queued
}

/** Those who wait for one command are bounded like commands: each of them takes memory, too. */
function crowdedness(actor: AggregateActor, entry: Entry): MailboxFull | undefined {
  const { settings, outstanding } = actor.environment
  const { commandId } = entry
  if ((entry.moreAskers?.size ?? 0) + 1 >= settings.mailboxCommands) {
    const limit = `${settings.mailboxCommands} callers wait for this command`
    return new MailboxFull(actor.address, commandId, 'aggregate', limit)
  }
  if (outstanding.joined < settings.systemCommands) return undefined
  const limit = `${settings.systemCommands} callers wait for commands that others asked`
  return new MailboxFull(actor.address, commandId, 'system', limit)
}

function fullness(actor: AggregateActor, commandId: string, bytes: number): MailboxFull | undefined {
  const { settings, outstanding } = actor.environment
  if (actor.mailbox.size >= settings.mailboxCommands && actor.givenUp > 0) {
    actor.mailbox.retain((entry) => entry.stage !== 'gone')
    actor.givenUp = 0
  }
  if (actor.mailbox.size >= settings.mailboxCommands) {
    return new MailboxFull(actor.address, commandId, 'aggregate', `${settings.mailboxCommands} commands`)
  }
  if (actor.mailboxBytes + bytes > settings.mailboxBytes) {
    return new MailboxFull(actor.address, commandId, 'aggregate', `${settings.mailboxBytes} bytes`)
  }
  if (outstanding.commands >= settings.systemCommands) {
    return new MailboxFull(actor.address, commandId, 'system', `${settings.systemCommands} commands`)
  }
  if (outstanding.bytes + bytes > settings.systemBytes) {
    return new MailboxFull(actor.address, commandId, 'system', `${settings.systemBytes} bytes`)
  }
  return undefined
}

function push(actor: AggregateActor, entry: Entry): void {
  const { environment } = actor
  const { outstanding, inspection } = environment
  actor.mailbox.push(entry)
  actor.mailboxBytes += entry.bytes
  outstanding.commands++
  outstanding.bytes += entry.bytes
  actor.turns.schedule(actor)
  if (!inspection.activeForSteps) return
  inspection.emitStep({
    kind: 'commandReceived',
    at: environment.runtime.clock.now(),
    aggregate: actor.behaviour.name,
    id: actor.id,
    commandId: entry.commandId,
    command: entry.command,
    depth: actor.mailbox.size,
  })
}

function timeoutOf(options: WaitOptions | undefined, environment: Environment): number {
  const timeoutMs = options?.timeoutMs ?? environment.settings.timeoutMs
  if (timeoutMs === Number.POSITIVE_INFINITY) return 0
  if (typeof timeoutMs === 'number' && timeoutMs > 0) return timeoutMs
  throw new RangeError(`timeoutMs must be a number of milliseconds above 0, not ${String(timeoutMs)}.`)
}

/** Gives the same promise back: one that follows it would be told later, after the answers of later asks. */
function waitUnless<T>(signal: AbortSignal, asker: Asker, outcome: Promise<T>): Promise<T> {
  const abort = (): void => asker.goAway(signal.reason as Error)
  // A signal that outlives the command would otherwise keep it for ever.
  const forget = (): void => signal.removeEventListener('abort', abort)
  signal.addEventListener('abort', abort)
  outcome.then(forget, forget)
  return outcome
}

function recovered(actor: AggregateActor): Promise<void> {
  if (actor.phase === 'passivated') {
    return Promise.reject(new StoreUnavailable(`The stream ${actor.stream} was given up.`, 'Ask again.'))
  }
  return new Promise((resolve, reject) => {
    actor.onlookers ??= []
    actor.onlookers.push({ resolve, reject })
  })
}
