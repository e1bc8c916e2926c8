import type { LogRecord } from './log-record.ts'
import { invalidArgument, type RpcError, thrownByHandler } from './rpc-error.ts'
import type { streams } from './stubs.ts'

/** What a filtered read of $all looks for, and how it says how far it has come. */
export interface EventFilter {
  readonly matches: (record: LogRecord) => boolean
  /** How many records one page looks at. */
  readonly window: number
  /** After how many looked-at records a subscription hears a checkpoint. */
  readonly checkpointInterval: number
}

const pageSize = 32

const isError = (value: unknown): value is RpcError =>
  typeof value === 'object' && value !== null && 'code' in value

function matcher(
  expression: streams.ReadReq.Options.FilterOptions.Expression,
): ((text: string) => boolean) | RpcError {
  const regex = expression.getRegex()
  if (regex !== '') {
    try {
      const compiled = new RegExp(regex)
      return (text) => compiled.test(text)
    } catch {
      return thrownByHandler()
    }
  }
  const prefixes = expression.getPrefixList()
  return (text) => prefixes.some((prefix) => text.startsWith(prefix))
}

/** Reads the filter of a request, or says the error that the server answers to it. */
export function readFilter(options: streams.ReadReq.Options.FilterOptions): EventFilter | RpcError {
  const kind = options.hasStreamIdentifier() ? 'stream' : 'type'
  const expression = options.getStreamIdentifier() ?? options.getEventType()
  if (!options.hasMax() && !options.hasCount()) {
    return invalidArgument(
      "'None' is not a valid EventStore.Client.Streams.ReadReq+Types+Options+Types+FilterOptions+WindowOneofCase",
    )
  }
  if (expression === undefined) return thrownByHandler()
  const matches = matcher(expression)
  if (isError(matches)) return matches
  const window = options.hasMax() ? options.getMax() : pageSize
  return {
    matches: (record) => record.kind !== 'system' && matches(kind === 'stream' ? record.stream : record.type),
    window,
    checkpointInterval: window * options.getCheckpointintervalmultiplier(),
  }
}
