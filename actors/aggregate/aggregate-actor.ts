import type { Behaviour } from '../../src/behaviour.ts'
import type { AggregateAddress, AggregateQuarantined } from '../../src/errors.ts'
import { eventIdOf } from '../../src/event/event-id.ts'
import type { RecordedEvent } from '../../src/event/recorded-event.ts'
import type { MachineState } from '../../src/machine/kernel.ts'
import type { Verdict } from '../../src/store/event-store.ts'
import { CommandMailbox } from '../command-mailbox.ts'
import type { Entry } from '../entry.ts'
import type { Environment } from '../environment.ts'
import type { EventWriter } from '../event-writer.ts'
import type { ActorReference } from '../nact.ts'
import type { Runnable, RunQueue } from '../run-queue.ts'
import type { Supervisor } from '../supervisor.ts'
import type { CommandWindow } from '../window.ts'
import { applyHeard } from './appends.ts'
import { crashed } from './crashed.ts'
import type { InFlight } from './in-flight.ts'
import { takeTurn } from './running.ts'
import type { SnapshotStage } from './snapshots.ts'

/**
 * The phases of an aggregate's life, a module each:
 * - `recovering` (recovering.ts): reads its stream; commands wait. Next: running, quarantined, or gone.
 * - `running` (running.ts): decides, and goes on without waiting for its appends.
 * - `unsettled` (unsettled.ts): whether its append is stored is not known; nothing is decided. Next: running, or
 *   recovering when a conflict is proven.
 * - `waiting` (refused.ts): the store refused its append and nothing was sent; tries again after a while. Next: running.
 * - `crashed` (crashed.ts): a turn threw while an append was under way; its verdict comes first. Next: recovering.
 * - `quarantined` (quarantined.ts): out of service until it is released. Next: recovering.
 * - `passivated` (passivated.ts): gone from memory; the next command makes a new actor.
 */
export type Phase =
  | 'recovering'
  | 'running'
  | 'unsettled'
  | 'waiting'
  | 'crashed'
  | 'quarantined'
  | 'passivated'

/** What is stored for certain, as this process knows it. */
export interface Durable {
  revision: number
  state: MachineState
  /** Which event stands at `revision`: its id, or the id of the append whose event number `lastIndex` it is. */
  lastEvent: string
  /** -1: `lastEvent` is the id of the event itself, or empty at revision -1. */
  lastIndex: number
  readonly window: CommandWindow
}

/** The id of the event at the durable revision; put together only where it is needed. */
export function lastEventIdOf({ lastEvent, lastIndex }: Durable): string {
  return lastIndex < 0 ? lastEvent : eventIdOf(lastEvent, lastIndex)
}

/** Shared by all that have none, so that nothing is made for it at each append. Nobody adds to it. */
export const nonePending: Entry[] = []

/** A verdict that waits for the aggregate's turn. */
export interface HeardVerdict {
  readonly inFlight: InFlight
  readonly verdict: Verdict
}

/** A question to the store whether `revision` is the head, asked at the instant `askedAt`. */
export interface HeadCheck {
  readonly revision: number
  readonly askedAt: number
}

/** Between `low` and `high` the head stood at an instant after `askedAt`. */
export interface Confirmation {
  low: number
  high: number
  askedAt: number
}

export type AggregateMessage =
  | { readonly kind: 'start'; readonly actor: AggregateActor }
  | { readonly kind: 'restart'; readonly actor: AggregateActor; readonly cause: Error }

/**
 * One live aggregate: its mailbox, its durable and its live state, and its phase. The modules beside this file are
 * what it does in each phase; they alone change it.
 */
export class AggregateActor implements Runnable {
  readonly environment: Environment
  readonly behaviour: Behaviour
  readonly id: string
  readonly stream: string
  readonly supervisor: Supervisor
  readonly writer: EventWriter
  /** Its nact actor, under the supervisor of its shard, while it has one. */
  reference: ActorReference<AggregateMessage> | undefined

  phase: Phase = 'recovering'
  scheduled = false
  nextReady: Runnable | undefined
  readonly mailbox = new CommandMailbox()
  mailboxBytes = 0
  /** So many of the commands that waited were given up, and may keep their places still. */
  givenUp = 0

  durable: Durable | undefined
  /** State and revision with all that is decided: what the next command is decided on. */
  liveState: MachineState | undefined
  liveRevision = -1
  /** Accepted and not yet on their way. */
  pending: Entry[] = nonePending
  pendingBytes = 0
  inFlight: InFlight | undefined
  heard: HeardVerdict | undefined
  /** Stands in the queue of its event writer. */
  handedOver = false
  /** A refused append is tried again command by command, to find the one to blame. */
  oneByOne = 0

  headCheck: HeadCheck | undefined
  confirmation: Confirmation | undefined
  /** Reading the stored command behind a fingerprint; nothing is decided meanwhile. */
  searching = false
  /** Raised by each rewind; an answer to a question of an older epoch is ignored. */
  epoch = 0
  /** The highest revision that the store is known to hold. */
  seenRevision = -1
  /** Attempts in a row that the store refused, could not answer, or that found nothing new. */
  storeAttempts = 0
  /** Events of a command of another writer whose rest has not been seen. */
  partOfCommand: RecordedEvent[] | undefined

  /** Bytes of its window, as the registry has counted them. */
  windowBytes = 0
  snapshotRevision = -1
  snapshotStage: SnapshotStage = 'none'
  /** When it was last asked something. */
  lastUsed = 0
  /** Neighbours in the registry's order of use. */
  usedBefore: AggregateActor | undefined
  usedAfter: AggregateActor | undefined
  /** The registry wants it gone as soon as it is idle. */
  leaving = false
  quarantine: AggregateQuarantined | undefined
  /** Who wants to see its state once it has recovered. */
  onlookers: { resolve(): void; reject(error: Error): void }[] | undefined

  constructor(
    environment: Environment,
    behaviour: Behaviour,
    id: string,
    stream: string,
    supervisor: Supervisor,
    writer: EventWriter,
  ) {
    this.environment = environment
    this.behaviour = behaviour
    this.id = id
    this.stream = stream
    this.supervisor = supervisor
    this.writer = writer
  }

  get turns(): RunQueue {
    return this.supervisor.turns
  }

  get address(): AggregateAddress {
    return { aggregate: this.behaviour.name, id: this.id }
  }

  turn(budget: number): number {
    const answered = applyHeard(this)
    return answered + takeTurn(this, Math.max(0, budget - answered))
  }

  /** A verdict of the store, to be applied in the next turn. */
  hear(heard: HeardVerdict): void {
    applyHeard(this)
    this.heard = heard
    this.turns.schedule(this)
  }

  crashed(error: unknown): void {
    crashed(this, error)
  }

  /** Nothing waits, nothing is under way: it can be put away. */
  get idle(): boolean {
    return (
      this.mailbox.size === 0 &&
      this.inFlight === undefined &&
      this.pending.length === 0 &&
      this.snapshotStage !== 'underWay' &&
      this.onlookers === undefined
    )
  }
}
