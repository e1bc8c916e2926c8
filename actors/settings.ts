import type { Backoff } from './backoff.ts'
import type { ActorRetention } from './supervisor.ts'

/**
 * Every number that the runtime goes by, each with the reason for its default. `start({ ... })` takes any of them.
 */
export interface Settings {
  /** How long `ask` waits unless told otherwise. Long enough for the election of a store's leader (2-20 s). */
  readonly timeoutMs: number
  /** Commands of one mailbox; more are refused with `MailboxFull`. Above the outstanding of a hot import. */
  readonly mailboxCommands: number
  /** The same in estimated bytes. */
  readonly mailboxBytes: number
  /** Commands of all mailboxes together. */
  readonly systemCommands: number
  readonly systemBytes: number
  /** How far one aggregate decides ahead of what is durable: a conflict throws so much work away. */
  readonly aheadCommands: number
  readonly aheadBytes: number
  /** Commands of one aggregate in one append. */
  readonly appendCommands: number
  /**
   * Appends that one writer has under way; the rest gathers. Their answers may come all at once, and the process waits
   * for them: with 4,096 the delay of the event loop was 29 to 42 ms (p99), with 512 it is 14 to 29.
   */
  readonly appendsOfWriter: number
  /**
   * An append without a verdict for so long is taken as unknown (its verdict is heard all the same), and a snapshot
   * that is not saved by then is given up. Longer than a store's own deadline, so that this is the last resort.
   */
  readonly appendTimeoutMs: number
  /**
   * Event writers; a stream always has the same one. One thread drives them all, so a second one only halves the
   * batches: on the embedded store that cost 15% of the commands.
   */
  readonly writers: number
  /**
   * Shards: supervisors, each with its run queue. As with writers: two of them take turns, and each finds code and data
   * of the other in the processor's cache (a fifth more fetches from memory).
   */
  readonly shards: number
  /** Commands of one aggregate in one turn. */
  readonly turnCommandsOfAggregate: number
  /**
   * Commands of a shard in one turn, and of verdicts that are applied at once. Half of 256: with 10,000 commands under
   * way the event loop's delay (p99) fell from 22 to 19 ms on the embedded store; 64 cost a tenth of the commands.
   */
  readonly turnCommands: number
  /** Milliseconds of a shard's turn: the delay of the event loop stays some times this. */
  readonly turnMs: number
  /** W: remembered command ids of each aggregate. One effect is promised while at most W commands follow. */
  readonly windowCommands: number
  /** Attempts of one command against other writers before `ConflictRetriesExhausted`. */
  readonly maxConflictRetries: number
  readonly conflictBackoff: Backoff
  /** Attempts against a store that refuses or cannot be read before callers get `StoreUnavailable`. */
  readonly maxStoreRetries: number
  readonly storeBackoff: Backoff
  /**
   * Between two sends of an unsettled append. Longer than the 2 s after which EventStoreDB gives up an append of its
   * own: an earlier repeat meets the original under way and costs those 2 s (measured).
   */
  readonly resendBackoff: Backoff
  /** The store holds less than it acknowledged: quarantine after so long. Longer than a follower may lag. */
  readonly storeBehindMs: number
  /** Aggregates that read their streams at the same time. */
  readonly recoveries: number
  /** Whether an aggregate at rest keeps its nact actor; see actors/supervisor.ts. */
  readonly nactActors: ActorRetention
  /** A snapshot after so many events; 0: none. */
  readonly snapshotEvery: number
  /**
   * Snapshots that are saved at the same time; the others wait in line. Aggregates that are asked in turn come to theirs
   * together: a thousand at once held up all others for 200 ms.
   */
  readonly snapshotsAtOnce: number
  /** An aggregate that was asked nothing for so long is passivated; 0: never. */
  readonly passivateAfterMs: number
  /** Beyond so many live aggregates the least recently used are passivated. */
  readonly liveAggregates: number
  /** The same for the bytes of their windows of remembered commands: a full one of 1,000 has 8 to 16 KB. */
  readonly liveWindowBytes: number
}

export const defaultSettings: Settings = {
  timeoutMs: 30_000,
  mailboxCommands: 16_384,
  mailboxBytes: 16 * 1024 * 1024,
  systemCommands: 262_144,
  systemBytes: 256 * 1024 * 1024,
  aheadCommands: 4_096,
  aheadBytes: 4 * 1024 * 1024,
  appendCommands: 1_024,
  appendsOfWriter: 512,
  appendTimeoutMs: 20_000,
  writers: 1,
  shards: 1,
  turnCommandsOfAggregate: 128,
  turnCommands: 128,
  turnMs: 2,
  windowCommands: 1_000,
  maxConflictRetries: 20,
  conflictBackoff: { firstMs: 2, mostMs: 500 },
  maxStoreRetries: 8,
  storeBackoff: { firstMs: 50, mostMs: 5_000 },
  resendBackoff: { firstMs: 5_000, mostMs: 30_000 },
  storeBehindMs: 60_000,
  recoveries: 32,
  nactActors: 'kept',
  snapshotEvery: 1_000,
  snapshotsAtOnce: 4,
  passivateAfterMs: 600_000,
  liveAggregates: 100_000,
  liveWindowBytes: 512 * 1024 * 1024,
}

/** The bounds of each number: a wrong one is told at `start`, not by a strange run. */
const leastOf: Partial<Record<keyof Settings, number>> = {
  snapshotEvery: 0,
  passivateAfterMs: 0,
  maxConflictRetries: 0,
  maxStoreRetries: 0,
}

/** So many are made at the start: there is no such thing as an endless number of them. */
const madeAtOnce: ReadonlySet<string> = new Set(['writers', 'shards', 'windowCommands'])

/** Half a millisecond is a time; half a command is a window that remembers nothing. */
function checkNumber(name: string, value: unknown, least: number): void {
  const counts = !name.endsWith('Ms')
  const fits =
    typeof value === 'number' &&
    value >= least &&
    (!counts || Number.isSafeInteger(value) || (value === Infinity && !madeAtOnce.has(name)))
  if (fits) return
  const kind = counts ? 'whole number' : 'number'
  throw new RangeError(
    `The setting '${name}' of start() must be a ${kind} of at least ${least}, not ${String(value)}.`,
  )
}

function checkBackoff(name: string, value: unknown): void {
  const { firstMs, mostMs } = Object(value) as Backoff
  checkNumber(`${name}.firstMs`, firstMs, 0)
  checkNumber(`${name}.mostMs`, mostMs, firstMs)
}

function checkRetention(value: unknown): void {
  if (value === 'kept' || value === 'onDemand') return
  throw new RangeError(
    `The setting 'nactActors' of start() must be 'kept' or 'onDemand', not ${String(value)}.`,
  )
}

/** @throws RangeError for a setting that is no such number, naming it. */
export function settingsOf(given: Partial<Settings>): Settings {
  const settings: Record<string, unknown> = { ...defaultSettings }
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue
    if (!Object.hasOwn(defaultSettings, name)) {
      throw new RangeError(
        `start() knows no setting '${name}'. It knows: ${Object.keys(defaultSettings).join(', ')}.`,
      )
    }
    if (name === 'nactActors') checkRetention(value)
    else if (name.endsWith('Backoff')) checkBackoff(name, value)
    else checkNumber(name, value, leastOf[name as keyof Settings] ?? 1)
    settings[name] = value
  }
  return settings as unknown as Settings
}
