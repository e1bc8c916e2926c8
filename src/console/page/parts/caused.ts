import type { CausedCommand } from '../../wire.ts'

/** A command and what it caused. */
export interface Cause {
  readonly command: CausedCommand
  readonly caused: readonly Cause[]
}

/**
 * Puts the commands of one correlation under what caused them: a command, or one of its events, by its id. What was
 * caused by something that is not among them stands at the top.
 */
export function causesOf(commands: readonly CausedCommand[]): readonly Cause[] {
  const byCause = new Map<string, CausedCommand>()
  for (const command of commands) {
    byCause.set(command.origin.commandId, byCause.get(command.origin.commandId) ?? command)
    for (const { eventId } of command.events) byCause.set(eventId, command)
  }
  const causeOf = (command: CausedCommand): CausedCommand | undefined => {
    const cause = byCause.get(command.origin.causationId)
    return cause === undefined || cause === command || isInCircle(command, byCause) ? undefined : cause
  }
  const below = new Map<CausedCommand | undefined, CausedCommand[]>()
  for (const command of commands) {
    const cause = causeOf(command)
    below.set(cause, [...(below.get(cause) ?? []), command])
  }
  const under = (cause: CausedCommand | undefined): readonly Cause[] =>
    (below.get(cause) ?? []).map((command) => ({ command, caused: under(command) }))
  return under(undefined)
}

/** Ids are whatever callers gave: commands may even claim to have caused each other. Such stand at the top. */
function isInCircle(command: CausedCommand, byCause: ReadonlyMap<string, CausedCommand>): boolean {
  const seen = new Set<CausedCommand>()
  for (let at = byCause.get(command.origin.causationId); at !== undefined && !seen.has(at); ) {
    if (at === command) return true
    seen.add(at)
    at = byCause.get(at.origin.causationId)
  }
  return false
}
