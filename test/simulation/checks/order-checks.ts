import { grouped } from '../grouped.ts'
import type { Ask, History, Violation } from '../history.ts'

/**
 * Invariant 5: for each aggregate of a system, answers leave in the order of the asks. Left out are those that may
 * leave at once (errors of the runtime, duplicates), and asks that joined a command which was waiting already.
 */
export function checkOrder({ asks }: History, violations: Violation[]): void {
  for (const ofActor of grouped(asks, ({ system, stream }) => `${system} ${stream}`).values()) {
    const ordered = ofActor.filter((ask) => isOrdered(ask) && !hasJoined(ask, ofActor))
    let latest: Ask | undefined
    for (const ask of ordered) {
      if (latest !== undefined && answerOf(ask) < answerOf(latest)) {
        violations.push({
          rule: '5 in order',
          what: `#${ask.nth} was asked after #${latest.nth} of ${ask.node} ${ask.stream}, and answered before`,
        })
      }
      latest = ask
    }
    checkEffects(ordered, violations)
  }
}

/** Effects of one system stand in its stream in the order of the asks. */
function checkEffects(ordered: readonly Ask[], violations: Violation[]): void {
  let latest: { readonly nth: number; readonly revision: number } | undefined
  for (const { nth, node, stream, result } of ordered) {
    if (result?.kind !== 'outcome' || result.outcome.status !== 'accepted') continue
    const { revision, events } = result.outcome
    if (events.length === 0) continue
    if (latest !== undefined && revision < latest.revision) {
      violations.push({
        rule: '5 in order',
        what: `#${nth} was asked after #${latest.nth} of ${node} ${stream}, and stands before it`,
      })
    }
    latest = { nth, revision }
  }
}

function isOrdered({ result }: Ask): boolean {
  if (result?.kind === 'error') return result.error.tag === 'MachineFault'
  return result?.kind === 'outcome' && !(result.outcome.status === 'accepted' && result.outcome.duplicate)
}

function hasJoined(ask: Ask, all: readonly Ask[]): boolean {
  return all.some(
    (other) =>
      other.nth < ask.nth &&
      other.commandId === ask.commandId &&
      (other.answeredAt === undefined || mayStandQueued(other, ask)),
  )
}

/** It was not answered when the other was asked, or its caller no longer waited while its command went on. */
function mayStandQueued(other: Ask, ask: Ask): boolean {
  if (answerOf(other) > ask.askedAt) return true
  return other.result?.kind === 'error' && noLongerWaiting.has(other.result.error.name)
}

const noLongerWaiting = new Set(['CommandTimeout', 'CallerGone'])

function answerOf(ask: Ask): number {
  return ask.answeredAt ?? Number.POSITIVE_INFINITY
}
