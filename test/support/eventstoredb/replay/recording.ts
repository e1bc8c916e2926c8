import { readFileSync } from 'node:fs'

/** A message as a recording shows it, or how many of them were left out at this place. */
export type RecordedMessage =
  | { readonly seq: number; readonly message: PlainMessage }
  | { readonly omitted: number }

export interface PlainMessage {
  /** The fields that the replay itself looks at; the others are only carried along. */
  readonly correlationId?: PlainValue
  readonly options?: PlainMessage
  readonly proposedMessagesList?: readonly PlainValue[]
  readonly structured?: string
  readonly json?: string
  readonly base64?: string
  readonly bytes?: number
  readonly chars?: number
  readonly sha256?: string
  readonly head?: string
  readonly omitted?: number
  readonly [key: string]: PlainValue | undefined
}
export type PlainValue = string | number | boolean | null | PlainMessage | readonly PlainValue[]

/** One call as it went. `seq` and the other numbers are one counter over the whole recording: they give the order. */
export interface RecordedCall {
  readonly rpc: string
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly opened: number
  readonly requests: readonly RecordedMessage[]
  readonly responses: readonly RecordedMessage[]
  readonly halfClosedByClient?: number
  readonly cancelledByClient?: number
  readonly ended?: number
  /** `null`: it was open when the scenario ended. */
  readonly status: { readonly code: number; readonly name: string; readonly details: string } | null
  readonly trailers?: Readonly<Record<string, string>>
}

/** What a real EventStoreDB 23.10.6 answered to the client in one scenario. */
export interface Recording {
  readonly scenario: string
  readonly description: string
  readonly server: string
  /** What may differ from run to run, in words. */
  readonly mayVary?: string
  readonly calls: readonly (RecordedCall | { readonly omitted: number })[]
}

export function loadRecording(name: string): Recording {
  const file = new URL(`../recordings/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as Recording
}

/** The calls that a recording holds in full. */
export function callsOf(recording: Recording): readonly RecordedCall[] {
  return recording.calls.filter((call): call is RecordedCall => 'rpc' in call)
}
