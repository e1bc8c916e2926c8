import { isDeepStrictEqual } from 'node:util'
import { grouped } from '../grouped.ts'
import type { Ask, History, Violation } from '../history.ts'
import { decided } from '../ledger-model.ts'
import type { StoredCommand, StoredStream } from './stored-command.ts'

/** What holds of the final log, whatever clients were told. */
export function checkLog(
  history: History,
  streams: ReadonlyMap<string, StoredStream>,
  violations: Violation[],
): void {
  const systems = new Set(history.asks.map(({ system }) => system))
  const asksOf = grouped(history.asks, ({ commandId, stream }) => `${stream} ${commandId}`)
  for (const { commands } of streams.values()) {
    checkOneEffect(commands, history.windowCommands, violations)
    for (const command of commands) {
      if (!systems.has(command.system)) continue
      checkCause(command, asksOf.get(`${command.stream} ${command.commandId}`) ?? [], violations)
    }
  }
}

/** Invariant 3: a second effect only where the first one has left the window of remembered commands. */
function checkOneEffect(commands: readonly StoredCommand[], window: number, violations: Violation[]): void {
  const seen = new Map<string, number>()
  for (const [nth, { commandId, stream, first }] of commands.entries()) {
    const before = seen.get(commandId)
    if (before !== undefined && nth - before - 1 < window) {
      violations.push({
        rule: '3 one effect',
        what: `${commandId} has a second effect at ${first} of ${stream}, ${nth - before - 1} commands after the first`,
      })
    }
    seen.set(commandId, nth)
  }
}

/** Invariants 6 and 14: somebody asked for it and was not told otherwise, and it was decided on the true state. */
function checkCause(command: StoredCommand, asks: readonly Ask[], violations: Violation[]): void {
  const { stream, commandId, first, committed, events, before } = command
  const what = `${commandId} at ${first} of ${stream}`
  const causes = asks.filter(
    (ask) =>
      ask.system === command.system &&
      ask.command.type === command.commandType &&
      ask.askedAt < committed.latest &&
      mayHaveEffect(ask),
  )
  const [cause] = causes
  if (cause === undefined) {
    const told = asks.map(({ nth, result }) => `#${nth} ${result?.kind}`).join(', ')
    violations.push({
      rule: '14 not executed',
      what: `${what} has an effect that nobody was to expect (${told})`,
    })
    return
  }
  const fits = causes.some((ask) => {
    const answer = decided(before, ask.command)
    return answer.status === 'accepted' && isDeepStrictEqual(answer.events, events)
  })
  if (!fits) {
    const answer = JSON.stringify(decided(before, cause.command))
    violations.push({
      rule: '6 decided on the true state',
      what: `${what} holds ${JSON.stringify(events)}; the model says ${answer}`,
    })
  }
}

const withoutEffect = new Set([
  'InvalidCommand',
  'CommandIdReused',
  'MachineFault',
  'EventTooLarge',
  'MailboxFull',
  'StoreUnavailable',
  'AccessDenied',
  'ConflictRetriesExhausted',
])

/** Whether the answer to this ask leaves it open, or says, that its command took effect. */
export function mayHaveEffect({ result }: Ask): boolean {
  if (result === undefined || result.kind === 'lost') return true
  if (result.kind === 'outcome') return result.outcome.status === 'accepted'
  const { tag, executed, name } = result.error
  if (executed !== undefined) return executed === 'unknown'
  return !withoutEffect.has(tag ?? '') && name !== 'InjectedFault'
}
