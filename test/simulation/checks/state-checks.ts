import { isDeepStrictEqual } from 'node:util'
import { fingerprintOf } from '../../../actors/fingerprint.ts'
import { CommandWindow } from '../../../actors/window.ts'
import { behaviour } from '../../../src/aggregate/aggregate-type.ts'
import type { MachineState } from '../../../src/machine/kernel.ts'
import type { EventStore } from '../../../src/store/event-store.ts'
import type { History, Violation } from '../history.ts'
import { ledger } from '../ledger.ts'
import type { StoredStream } from './stored-command.ts'

/** Invariants 2 and 12: every state that was shown is that of a full replay, at the end of a whole command. */
export function checkLooks(
  { looks }: History,
  streams: ReadonlyMap<string, StoredStream>,
  violations: Violation[],
): void {
  for (const { stream, state, answeredAt, past } of looks) {
    const stored = streams.get(stream)
    const { revision, value, context } = state
    const replayed = stored?.states[revision + 1]
    if (stored === undefined || (replayed === undefined && stored.isMisfit)) continue
    const { count, total, isClosed } = replayed ?? {}
    const expected = { value: isClosed ? 'closed' : 'open', context: { count, total } }
    if (!isDeepStrictEqual({ value, context }, expected)) {
      const what = `state() of ${stream} at ${revision} showed ${JSON.stringify(context)}; a replay gives ${JSON.stringify(expected)}`
      violations.push({ rule: '2 replay', what })
    }
    if (past !== 'within' && !stored.ends.has(revision)) {
      violations.push({
        rule: '12 atomic',
        what: `state() of ${stream} showed a part of a command: ${revision}`,
      })
    }
    const lastEnd = past === undefined || past === 'within' ? revision : lastEndUntil(past.at, stored)
    if (revision !== lastEnd) {
      const what = `at() of ${stream} gave revision ${revision} in the place of ${lastEnd}`
      violations.push({ rule: '2 replay', what })
    }
    if ((stored.committed[revision]?.earliest ?? 0) >= answeredAt) {
      violations.push({
        rule: '18 durable state',
        what: `state() of ${stream} showed ${revision} before it was durable`,
      })
    }
  }
}

/** The revision at which the last command ends that ends by then. */
function lastEndUntil(revision: number, { ends }: StoredStream): number {
  return [...ends].reduce((last, end) => (end <= revision ? Math.max(last, end) : last), -1)
}

/** Invariant 2: every snapshot, with its window of remembered commands, is what a full replay gives. */
export async function checkSnapshots(
  store: EventStore,
  history: History,
  streams: ReadonlyMap<string, StoredStream>,
  violations: Violation[],
): Promise<void> {
  for (const [stream, { commands, ends, isMisfit }] of streams) {
    if (isMisfit) continue
    let below = Number.POSITIVE_INFINITY
    for (;;) {
      const snapshot = await store.snapshots?.load(stream, below)
      if (snapshot === undefined) break
      const { revision, eventId } = snapshot
      below = revision - 1
      const body = JSON.parse(snapshot.body) as { readonly state: unknown; readonly window: unknown }
      const window = new CommandWindow(history.windowCommands)
      for (const { commandId, first, last } of commands) {
        if (last <= revision) window.remember(fingerprintOf(commandId), first)
      }
      const events = history.log.get(stream) ?? []
      const machine = ledger[behaviour]
      const id = stream.slice('ledger-'.length)
      const state = events
        .slice(0, revision + 1)
        .reduce<MachineState>((before, event) => machine.replay(before, event), machine.initial(id))
      const problems = [
        isDeepStrictEqual(body.state, machine.dump(state)) ? '' : 'its state',
        isDeepStrictEqual(body.window, window.dump()) ? '' : 'its window of remembered commands',
        events[revision]?.id === eventId ? '' : 'the id of its event',
        ends.has(revision) ? '' : 'its place inside of a command',
      ].filter((problem) => problem !== '')
      if (problems.length === 0) continue
      violations.push({
        rule: '2 snapshot',
        what: `the snapshot of ${stream} at ${revision}: ${problems.join(', ')}`,
      })
    }
  }
}
