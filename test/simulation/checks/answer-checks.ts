import { isDeepStrictEqual } from 'node:util'
import type { Accepted, Rejected } from '../../../src/outcome.ts'
import type { Ask, History, Violation } from '../history.ts'
import { decided, type LedgerState } from '../ledger-model.ts'
import type { StoredStream } from './stored-command.ts'

/** What clients were told, held against what is stored. */
export function checkAnswers(
  { asks }: History,
  streams: ReadonlyMap<string, StoredStream>,
  violations: Violation[],
): void {
  for (const ask of asks) {
    const stored = streams.get(ask.stream)
    if (stored === undefined || ask.result === undefined || ask.result.kind === 'lost') continue
    const problem =
      ask.result.kind === 'outcome'
        ? ask.result.outcome.status === 'accepted'
          ? acceptedFalsely(ask, ask.result.outcome, stored)
          : rejectedFalsely(ask, ask.result.outcome, stored)
        : failedFalsely(ask, ask.result.error, stored)
    if (problem !== undefined) {
      const [rule, what] = problem
      violations.push({ rule, what: `#${ask.nth} ${ask.commandId} at ${ask.node} ${ask.stream}: ${what}` })
    }
  }
}

type Problem = readonly [rule: string, what: string] | undefined

/** Invariant 1: durable, same revision, same content; and invariant 3 for duplicates. */
function acceptedFalsely(ask: Ask, outcome: Accepted, stored: StoredStream): Problem {
  const { revision, events, duplicate } = outcome
  if (events.length === 0) return untrueOfHead(ask, revision, stored, 'accepted')
  const command = stored.commands.find(({ last }) => last === revision)
  const rule = '1 acknowledged'
  if (command === undefined) return [rule, `nothing ends at revision ${revision}, which was acknowledged`]
  if (command.commandId !== ask.commandId)
    return [rule, `${command.commandId} stands at revision ${revision}`]
  if (command.commandType !== ask.command.type)
    return ['3 one effect', `the stored command is a ${command.commandType}`]
  if (!isDeepStrictEqual(command.events, events)) {
    return [rule, `told ${JSON.stringify(events)}, stored ${JSON.stringify(command.events)}`]
  }
  if (command.committed.earliest >= (ask.answeredAt ?? 0))
    return [rule, 'it was acknowledged before it was durable']
  if (duplicate) return undefined
  if (command.system !== ask.system) return [rule, 'another system wrote it, and it is told as no duplicate']
  if (ask.expectedRevision !== undefined && command.first !== ask.expectedRevision + 1) {
    return [rule, `it stands at ${command.first}, though revision ${ask.expectedRevision} was expected`]
  }
  return undefined
}

function rejectedFalsely(ask: Ask, outcome: Rejected, stored: StoredStream): Problem {
  const { code, revision } = outcome
  if (code !== 'StaleRevision') return untrueOfHead(ask, revision, stored, code)
  return ask.expectedRevision === revision
    ? ['13 true of the head', `it expected revision ${revision}, and was told that this is stale`]
    : neverHead(ask, revision, stored)
}

/** The model says the same of the state at this revision, and that was the head while the client waited. */
function untrueOfHead(ask: Ask, revision: number, stored: StoredStream, told: string): Problem {
  const state = stored.states[revision + 1]
  if (state === undefined) return ['1 acknowledged', `there is no revision ${revision}`]
  if (saidOf(state, ask) !== told) {
    return ['13 true of the head', `told ${told} at ${revision}; the model says ${saidOf(state, ask)}`]
  }
  if (ask.expectedRevision !== undefined && ask.expectedRevision !== revision) {
    return [
      '13 true of the head',
      `decided at ${revision} though revision ${ask.expectedRevision} was expected`,
    ]
  }
  return neverHead(ask, revision, stored)
}

function saidOf(state: LedgerState, { command }: Ask): string {
  const answer = decided(state, command)
  switch (answer.status) {
    case 'accepted':
      return answer.events.length === 0 ? 'accepted' : 'accepted with events'
    case 'rejected':
      return answer.code
    case 'faulted':
      return 'faulted'
  }
}

/**
 * Invariant 13. A revision inside of an append is passed at the instant of its commit: a refusal between two
 * commands of one append is true then.
 */
function neverHead(ask: Ask, revision: number, { committed, ends }: StoredStream): Problem {
  const from = revision < 0 ? 0 : (committed[revision]?.earliest ?? Number.POSITIVE_INFINITY)
  const until = committed[revision + 1]?.latest ?? Number.POSITIVE_INFINITY
  if (!ends.has(revision)) return ['12 atomic', `revision ${revision} is in the middle of a command`]
  if (from < (ask.answeredAt ?? 0) && until > ask.askedAt) return undefined
  return [
    '13 true of the head',
    `revision ${revision} was the head from instant ${from} to ${until}, not between ${ask.askedAt} and ${ask.answeredAt}`,
  ]
}

/** A fault is the model's fault; a quarantine has a reason. */
function failedFalsely(ask: Ask, error: Error & { readonly tag?: string }, stored: StoredStream): Problem {
  if (error.tag === undefined && error.name !== 'InjectedFault' && error.name !== 'CallerGone') {
    return ['errors are ours', `${error.name}: ${error.message}`]
  }
  if (error.tag === 'MachineFault' && !stored.states.some((state) => saidOf(state, ask) === 'faulted')) {
    return ['errors are ours', error.message]
  }
  if (error.tag === 'AggregateQuarantined' && !stored.isMisfit) {
    return ['10 quarantine', `nothing is wrong with its stream: ${error.message}`]
  }
  return undefined
}
