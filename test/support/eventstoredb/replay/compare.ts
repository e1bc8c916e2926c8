import { normalise } from './normalise.ts'
import type { PlainMessage, RecordedCall } from './recording.ts'
import type { ReplayedCall } from './replayed-call.ts'

/** One call as it came out, in the words of a recording. */
interface Outcome {
  readonly responses: readonly unknown[]
  readonly status: unknown
  readonly trailers: unknown
}

/** What a recording leaves to chance, as far as its messages do not tell. */
export interface Chance {
  /** Whether the answers of one call may come in another order. Default: `as recorded`. */
  readonly order?: 'as recorded' | 'any'
  /** Calls, by their place, that the client cancelled at a moment that the recording did not see. */
  readonly cancelled?: readonly number[]
}

const transportTrailers = new Set(['date', 'server', 'content-length', 'content-type', 'content-encoding'])
const cancelled = 1
/** Who lost the connection says so in words of its own. */
const isLost = (status: { readonly code: number; readonly details: string }): boolean =>
  status.code === 14 || status.details.includes('RST_STREAM')
/** Texts of the gRPC library, not of the server. */
const libraryTexts = new Set([1, 8])

function statusOf(status: { readonly code: number; readonly details: string } | null | undefined): unknown {
  if (status === null || status === undefined) return 'open'
  if (isLost(status)) return 'connection lost'
  if (libraryTexts.has(status.code)) return { code: status.code }
  return { code: status.code, details: status.details === 'OK' ? '' : status.details }
}

/** The recorded responses, without those that were left out, and the same places of those that came. */
function samePlaces(recorded: RecordedCall, came: readonly PlainMessage[]): [PlainMessage[], PlainMessage[]] {
  const wanted: PlainMessage[] = []
  const actual: PlainMessage[] = []
  let place = 0
  for (const response of recorded.responses) {
    if ('omitted' in response) {
      place += response.omitted
      continue
    }
    wanted.push(response.message)
    const message = came[place++]
    if (message !== undefined) actual.push(message)
  }
  return [wanted, [...actual, ...came.slice(place)]]
}

/** Of a call that the client cancelled, how much it still got is chance. */
function cutAsRecorded(recorded: RecordedCall, came: readonly PlainMessage[]): readonly PlainMessage[] {
  const count = recorded.responses.reduce((sum, each) => sum + ('omitted' in each ? each.omitted : 1), 0)
  return came.slice(0, count)
}

const correlationOf = (message: PlainMessage): string => JSON.stringify(message.correlationId ?? null)

function inOrderOf(wanted: readonly PlainMessage[], came: readonly PlainMessage[]): PlainMessage[] {
  const place = new Map(wanted.map((message, index) => [correlationOf(message), index]))
  const rank = (message: PlainMessage): number => place.get(correlationOf(message)) ?? wanted.length
  return [...came].sort((a, b) => rank(a) - rank(b))
}

function trailersOf(replayed: ReplayedCall): Record<string, unknown> {
  const all = replayed.status?.metadata.getMap() ?? {}
  return Object.fromEntries(
    Object.entries(all)
      .filter(([key]) => !transportTrailers.has(key))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

function differ(at: string, wanted: unknown, came: unknown, found: string[]): void {
  if (found.length >= 8 || JSON.stringify(wanted) === JSON.stringify(came)) return
  const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
  if (!isObject(wanted) || !isObject(came)) {
    const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 160)
    found.push(`${at}: recorded ${show(wanted)}, came ${show(came)}`)
    return
  }
  for (const key of new Set([...Object.keys(wanted), ...Object.keys(came)])) {
    differ(`${at}.${key}`, Reflect.get(wanted, key), Reflect.get(came, key), found)
  }
}

/** The number of the last thing that the recording saw of a call. */
const lastOf = (call: RecordedCall): number =>
  Math.max(
    call.opened,
    ...[...call.requests, ...call.responses].map((each) => ('seq' in each ? each.seq : 0)),
  )

/** What differs between the recorded calls and those of a replay, once what may vary is replaced. */
export function compareCalls(
  recorded: readonly RecordedCall[],
  replayed: readonly (ReplayedCall | undefined)[],
  chance: Chance,
): readonly string[] {
  const wanted: Outcome[] = []
  const came: Outcome[] = []
  const end = Math.max(0, ...recorded.map(lastOf))
  for (const [index, call] of recorded.entries()) {
    const other = replayed[index]
    if (other === undefined) continue
    // Of a call that was the last to be heard of, the recording does not know how it would have ended.
    const isUnfinished = call.status === null && lastOf(call) === end
    const isCut = call.status?.code === cancelled || chance.cancelled?.includes(index) === true
    const [messages, actual] = samePlaces(
      call,
      isCut ? cutAsRecorded(call, other.responses) : other.responses,
    )
    const responses = chance.order === 'any' ? inOrderOf(messages, actual) : actual
    const status = isUnfinished ? 'not recorded' : statusOf(other.status)
    wanted.push({
      responses: messages,
      status: isUnfinished ? status : statusOf(call.status),
      trailers: call.trailers ?? {},
    })
    came.push({ responses, status, trailers: trailersOf(other) })
  }
  const found: string[] = []
  differ('calls', normalise(wanted), normalise(came), found)
  return found
}
