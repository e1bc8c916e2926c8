import type { Behaviour } from '../src/behaviour.ts'
import { InvalidCommand, InvalidId, type Issue } from '../src/errors.ts'
import type { JsonObject } from '../src/event/json.ts'
import { jsonCopy, jsonFate, jsonRefusal } from '../src/event/json-walk.ts'
import type { CommandIds } from './command-ids.ts'
import { type Details, Entry } from './entry.ts'
import { fingerprintOf } from './fingerprint.ts'

/** What a caller may say along with a command. */
export interface AskOptions {
  /**
   * Names this command for ever: asked again with the same id it has no second effect, and answers with the events
   * of the first run. Default: a fresh one (it is on the outcome and on `CommandTimeout`). 1 to 256 characters.
   */
  readonly commandId?: string
  /** Ties together everything that came from one cause outside. Default: the command id. */
  readonly correlationId?: string
  /** What caused this command. Default: the command id. */
  readonly causationId?: string
  /** A JSON object that is stored with every event of the command: who, tenant ... At most 64 KiB as JSON. */
  readonly metadata?: JsonObject
  /**
   * The revision that the caller saw (a form filled in on revision 7); -1: the aggregate must be new. At any other
   * revision the command is rejected with `StaleRevision`. A duplicate is recognised before.
   */
  readonly expectedRevision?: number
}

const longestId = 512
const longestCommandId = 256
const metadataBytes = 64 * 1024

/** @throws InvalidId for what cannot name an aggregate in every store. */
export function checkId(aggregate: string, id: unknown): asserts id is string {
  if (typeof id !== 'string') throw new InvalidId(aggregate, id, 'it must be a string')
  if (id.length === 0) throw new InvalidId(aggregate, id, 'it must not be empty')
  if (id.length > longestId)
    throw new InvalidId(aggregate, id, `it must have at most ${longestId} characters`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(id))
    throw new InvalidId(aggregate, id, 'it must not hold control characters')
  if (!id.isWellFormed()) throw new InvalidId(aggregate, id, 'it holds half of a surrogate pair')
}

/**
 * Makes an entry of a caller's command and options, checked.
 * @throws InvalidCommand with every issue.
 */
export function entryOf(
  behaviour: Behaviour,
  id: string,
  command: unknown,
  options: AskOptions | undefined,
  ids: CommandIds,
): Entry {
  if (options === undefined) {
    const accepted = behaviour.accept(id, command)
    const commandId = ids.next()
    return new Entry(accepted, commandId, ids.fingerprint, 'bySystem', undefined)
  }
  const issues = issuesOf(options)
  if (issues.length > 0) throw new InvalidCommand({ aggregate: behaviour.name, id }, typeOf(command), issues)
  const accepted = behaviour.accept(id, command)
  const { commandId } = options
  if (commandId !== undefined) {
    const details = detailsOf(options, commandId)
    return new Entry(accepted, commandId, fingerprintOf(commandId), 'byCaller', details)
  }
  const fresh = ids.next()
  return new Entry(accepted, fresh, ids.fingerprint, 'bySystem', detailsOf(options, fresh))
}

function detailsOf(options: AskOptions, commandId: string): Details | undefined {
  const { correlationId, causationId, metadata, expectedRevision } = options
  const saysNothing =
    correlationId === undefined &&
    causationId === undefined &&
    metadata === undefined &&
    expectedRevision === undefined
  if (saysNothing) return undefined
  return {
    correlationId: correlationId ?? commandId,
    causationId: causationId ?? commandId,
    // A copy: what the caller changes afterwards is not what was asked.
    metadata: jsonCopy(metadata) as JsonObject | undefined,
    expectedRevision,
  }
}

function typeOf(command: unknown): string {
  const type = (command as { type?: unknown } | null | undefined)?.type
  return typeof type === 'string' ? type : String(type)
}

function issuesOf(options: AskOptions): readonly Issue[] {
  const issues: Issue[] = []
  for (const name of ['commandId', 'correlationId', 'causationId'] as const) {
    const value: unknown = options[name]
    if (value === undefined) continue
    const fits =
      typeof value === 'string' &&
      value.length >= 1 &&
      value.length <= longestCommandId &&
      value.isWellFormed()
    if (!fits)
      issues.push({
        path: ['options', name],
        message: `must be a string of 1 to ${longestCommandId} characters`,
      })
  }
  const { expectedRevision, metadata } = options
  if (expectedRevision !== undefined && !(Number.isSafeInteger(expectedRevision) && expectedRevision >= -1)) {
    issues.push({ path: ['options', 'expectedRevision'], message: 'must be a whole number of at least -1' })
  }
  if (metadata !== undefined) issues.push(...metadataIssues(metadata))
  return issues
}

function metadataIssues(metadata: unknown): readonly Issue[] {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    return [{ path: ['options', 'metadata'], message: 'must be a JSON object' }]
  }
  if (jsonFate(metadata) === 'refused') {
    const { path, reason } = jsonRefusal(metadata)
    return [{ path: ['options', 'metadata', ...path], message: reason }]
  }
  const bytes = Buffer.byteLength(JSON.stringify(metadata))
  if (bytes <= metadataBytes) return []
  return [
    {
      path: ['options', 'metadata'],
      message: `has ${bytes} bytes as JSON; at most ${metadataBytes} are stored`,
    },
  ]
}
