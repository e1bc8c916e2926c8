import type { Decision } from '../src/behaviour.ts'
import type { JsonObject } from '../src/event/json.ts'
import type { Message } from '../src/machine/message.ts'
import type { Outcome } from '../src/outcome.ts'
import type { Deadline } from './deadline-list.ts'
import type { Queued } from './mailbox.ts'

/**
 * Where a command stands.
 * - `undecided`: waits in the mailbox (also again, after a restart).
 * - `accepted`: left events; answered when they are durable.
 * - `unconfirmed`: rejected, failed in its machine, or accepted without events; answered when its revision is
 *   confirmed as the head (PROTOCOL rule 10).
 * - `follows`: the same command stands before it as `accepted`; answered with that one's events.
 * - `failed`: ends in an error of the runtime, in its turn.
 * - `gone`: answered or given up already; the mailbox passes over it.
 */
export type Stage = 'undecided' | 'accepted' | 'unconfirmed' | 'follows' | 'failed' | 'gone'

/**
 * Who chose the id of a command. One that the system made is new: nobody can have asked for it before, so that it is
 * looked for neither in the mailbox nor among the remembered commands.
 */
export type Naming = 'byCaller' | 'bySystem'

/** What a caller said along with a command; most say nothing. */
export interface Details {
  readonly correlationId: string
  readonly causationId: string
  readonly metadata: JsonObject | undefined
  /** The caller's own check; `undefined`: none. */
  readonly expectedRevision: number | undefined
}

/** One who waits for the outcome of a command. */
export interface Asker extends Deadline {
  /** Milliseconds; 0: waits for ever (a `tell`). */
  readonly timeoutMs: number
  /** `undefined` where nobody listened when it asked: a look at the clock would cost as much as the mailbox. */
  readonly askedAt: number | undefined
  /** Has its outcome, error or timeout, or went away. */
  settled: boolean
  resolve(outcome: Outcome): void
  reject(error: Error): void
  /** Its caller waits no more. */
  goAway(reason: Error): void
}

/** One command in a mailbox. */
export class Entry implements Queued<Entry> {
  /** Belongs to the mailbox. */
  behind: Entry | undefined
  readonly command: Message
  readonly commandId: string
  /** Of its command id; a hit among the remembered commands is verified against the store. */
  readonly fingerprint: number
  readonly naming: Naming
  readonly details: Details | undefined
  /** Estimated bytes of the command, for the bounds of memory. */
  readonly bytes: number
  /** When it arrived, in the count of its system; a confirmation of the head must have been asked for later. */
  arrival = 0
  /** The first one; the others, if any, who asked with the same command id. */
  asker: Asker | undefined
  moreAskers: Set<Asker> | undefined
  /** Callers on whose behalf it is still to be decided: all but those whose time ran out. */
  keepers = 0
  stage: Stage = 'undecided'
  /** Answered or given up: who asks the same now must not join it, though it may keep its place for a while. */
  left = false
  /** The revision that must be durable before its answer leaves. */
  revision = -1
  decision: Decision | undefined
  /** Ends in this instead of a decision. */
  error: Error | undefined
  /** An entry with the same command id that stood before it in the mailbox. Never changes: a restart may need it. */
  earlier: Entry | undefined
  /** Where it `follows`: the one with whose events it is answered. */
  first: Entry | undefined
  /** Appends of it that lost against another writer. */
  conflicts = 0
  /** The remembered commands were searched for it in this epoch of its aggregate: it is none of them. */
  searchedIn = -1

  constructor(
    command: Message,
    commandId: string,
    fingerprint: number,
    naming: Naming,
    details: Details | undefined,
  ) {
    this.command = command
    this.commandId = commandId
    this.fingerprint = fingerprint
    this.naming = naming
    this.details = details
    const metadata = details?.metadata
    this.bytes = estimatedBytes(command) + (metadata === undefined ? 128 : estimatedBytes(metadata) + 128)
  }

  get expectedRevision(): number | undefined {
    return this.details?.expectedRevision
  }

  join(asker: Asker): void {
    this.keepers++
    if (this.asker === undefined) this.asker = asker
    else if (this.moreAskers === undefined) this.moreAskers = new Set([asker])
    else this.moreAskers.add(asker)
  }

  /** After a restart it is decided again, unless nobody waits any more. */
  undecide(): void {
    if (this.stage === 'gone') return
    this.stage = 'undecided'
    this.decision = undefined
    this.first = undefined
  }

  /** The same command, accepted before this one in the same mailbox. */
  get acceptedBefore(): Entry | undefined {
    let entry = this.earlier
    while (entry !== undefined && entry.stage !== 'accepted') entry = entry.earlier
    return entry
  }

  /** Whether this command may have an effect, as far as this mailbox knows, if nothing more is decided. */
  get executed(): 'no' | 'unknown' {
    const mayBe = this.stage === 'accepted' || this.stage === 'follows' || this.acceptedBefore !== undefined
    return mayBe ? 'unknown' : 'no'
  }

  /** The same where the others who wait for it go on: a rejection that is not confirmed may be decided otherwise. */
  get executedForOthers(): 'no' | 'unknown' {
    const mayBecome = this.stage === 'undecided' || this.stage === 'unconfirmed'
    return mayBecome && this.keepers > 0 ? 'unknown' : this.executed
  }
}

/**
 * A rough size of a command in memory: walking it is much cheaper than encoding it, and the bounds need no precision.
 * Deep structures are counted to a depth of 8; what lies deeper counts as one pointer.
 */
export function estimatedBytes(value: unknown): number {
  return bytesOf(value, 0)
}

/** Apart from what walks objects, so that V8 puts it into the walk: nearly all values are leaves. */
function bytesOf(value: unknown, depth: number): number {
  if (typeof value === 'string') return 16 + value.length * 2
  return typeof value === 'object' && value !== null ? bytesOfObject(value, depth) : 8
}

function bytesOfObject(value: object, depth: number): number {
  if (depth === 8) return 8
  let bytes = 16
  if (Array.isArray(value)) {
    for (const part of value) bytes += bytesOf(part, depth + 1)
  } else {
    for (const key in value) bytes += 8 + bytesOf((value as Record<string, unknown>)[key], depth + 1)
  }
  return bytes
}
