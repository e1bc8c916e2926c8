import type { CommandOrigin, JsonObject } from '../../event/recorded-event.ts'

/**
 * What stands in the metadata of each event. `$correlationId` and `$causationId` are the ecosystem's names: the
 * server's own projections and the admin page know them.
 */
interface EventMetadata {
  readonly $correlationId: string
  readonly $causationId: string
  readonly commandId: string
  readonly commandType: string
  readonly count: number
  readonly system: string
  readonly schemaVersion: number
  readonly metadata?: JsonObject
  /** How many events its append holds; left out where the append is this command alone. */
  readonly appendSize?: number
  readonly index: number
}

/**
 * The metadata of every event of a command as JSON text. All of them differ in the index alone, so the rest is made
 * once.
 * @throws TypeError where the caller's metadata cannot be JSON.
 */
export function metadataWriter(
  origin: CommandOrigin,
  schemaVersion: number,
  appendSize: number,
): (index: number) => string {
  const shared: Omit<EventMetadata, 'index'> = {
    $correlationId: origin.correlationId,
    $causationId: origin.causationId,
    commandId: origin.commandId,
    commandType: origin.commandType,
    count: origin.count,
    system: origin.system,
    schemaVersion,
    ...(origin.metadata === undefined ? {} : { metadata: origin.metadata }),
    ...(appendSize === origin.count ? {} : { appendSize }),
  }
  const text = JSON.stringify(shared)
  const head = text.slice(0, -1)
  return (index) => `${head},"index":${index}}`
}

/** What the metadata of a stored event says; `origin` is absent where Reenact did not write it. */
export interface ReadMetadata {
  readonly schemaVersion: number
  readonly index: number
  readonly origin?: CommandOrigin
  /** How many events the append held. */
  readonly appendSize: number
}

/** The metadata of an event that somebody else wrote: it is then a whole command without an id. */
const foreign = { schemaVersion: 1, index: 0, appendSize: 1 } as const

export function readMetadata(text: string): ReadMetadata {
  const metadata = parseObject(text)
  if (metadata === undefined) return foreign
  const { $correlationId, $causationId, commandId, commandType, count, system, schemaVersion, index } =
    metadata
  const { appendSize, metadata: given } = metadata
  const version = isCount(schemaVersion) ? schemaVersion : foreign.schemaVersion
  if (
    typeof $correlationId !== 'string' ||
    typeof $causationId !== 'string' ||
    typeof commandId !== 'string' ||
    typeof commandType !== 'string' ||
    typeof system !== 'string' ||
    !isCount(count) ||
    !isCount(index) ||
    index >= count
  ) {
    return { ...foreign, schemaVersion: version }
  }
  const own = {
    commandId,
    commandType,
    count,
    system,
    correlationId: $correlationId,
    causationId: $causationId,
  }
  return {
    schemaVersion: version,
    index,
    appendSize: isCount(appendSize) ? appendSize : count,
    origin: isObject(given) ? { ...own, metadata: given } : own,
  }
}

/** @returns `undefined` where the text is not JSON, or not an object. */
export function parseObject(text: string): JsonObject | undefined {
  if (text === '') return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
