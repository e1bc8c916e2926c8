import { grouped } from '../grouped.ts'
import type { Ask, History, Violation } from '../history.ts'
import type { StoredStream } from './stored-command.ts'

/**
 * Linearizability for each aggregate, from the outside: it knows the final log and what clients saw, and nothing of
 * the instants in the store, so that it serves for real stores as well. The log is the order of all effects, and
 * every outcome names its revision, so each operation has its place in that order; what is to be checked is that no
 * operation stands before one that was over when it began. A command whose caller was left without an answer may
 * take its place at any time after it was first asked (PROTOCOL rule 17).
 */
export function checkLinearizable(
  { asks }: History,
  streams: ReadonlyMap<string, StoredStream>,
  violations: Violation[],
): void {
  for (const [stream, ofStream] of grouped(asks, (ask) => ask.stream)) {
    const stored = streams.get(stream)
    if (stored === undefined) continue
    const operations = [...effectsOf(ofStream, stored), ...ofStream.flatMap(observationOf)]
    checkRealTime(stream, operations, violations)
  }
}

interface Operation {
  readonly name: string
  readonly begunAt: number
  /** `undefined`: nobody knows, and nobody may rely on it. */
  readonly endedAt: number | undefined
  /** The first revision that it may see as the head, and the one that stands after it. */
  readonly seen: number
  readonly left: number
}

function effectsOf(asks: readonly Ask[], { commands }: StoredStream): readonly Operation[] {
  return commands.flatMap((command) => {
    const ofCommand = asks.filter(({ commandId }) => commandId === command.commandId)
    // A stranger's command: nobody saw it begin or end.
    if (ofCommand.length === 0) return []
    const answers = ofCommand.flatMap(({ result, answeredAt }) =>
      result?.kind === 'outcome' && result.outcome.revision === command.last ? [answeredAt ?? 0] : [],
    )
    return {
      name: `${command.commandId} at ${command.first}`,
      begunAt: Math.min(...ofCommand.map(({ askedAt }) => askedAt)),
      endedAt: answers.length === 0 ? undefined : Math.min(...answers),
      seen: command.first - 1,
      left: command.last,
    }
  })
}

/** A refusal, or an acceptance without events: it saw one revision and left it as it was. */
function observationOf({ nth, result, askedAt, answeredAt }: Ask): readonly Operation[] {
  if (result?.kind !== 'outcome') return []
  const { outcome } = result
  if (outcome.status === 'accepted' && outcome.events.length > 0) return []
  const { revision } = outcome
  return [{ name: `#${nth}`, begunAt: askedAt, endedAt: answeredAt, seen: revision, left: revision }]
}

function checkRealTime(stream: string, operations: readonly Operation[], violations: Violation[]): void {
  const byBegin = [...operations].sort((one, other) => one.begunAt - other.begunAt)
  const byEnd = operations
    .filter(({ endedAt }) => endedAt !== undefined)
    .sort((one, other) => (one.endedAt ?? 0) - (other.endedAt ?? 0))
  let furthest: Operation | undefined
  let ended = 0
  for (const operation of byBegin) {
    for (; (byEnd[ended]?.endedAt ?? Number.POSITIVE_INFINITY) < operation.begunAt; ended++) {
      const over = byEnd[ended] as Operation
      if (furthest === undefined || over.left > furthest.left) furthest = over
    }
    if (furthest === undefined || operation.seen >= furthest.left) continue
    violations.push({
      rule: 'linearizable',
      what: `${operation.name} of ${stream} began when ${furthest.name} was over, and stands before it`,
    })
  }
}
