import { fillRequests } from './omitted.ts'
import type { PlainMessage, RecordedCall } from './recording.ts'

/** One thing that happened in a recording, as the replay repeats or awaits it. */
export type Step =
  | { readonly kind: 'open'; readonly call: number }
  | { readonly kind: 'send'; readonly call: number; readonly message: PlainMessage }
  | { readonly kind: 'halfClose'; readonly call: number }
  | { readonly kind: 'cancel'; readonly call: number }
  /** `count` responses of the call have come by now. */
  | { readonly kind: 'response'; readonly call: number; readonly count: number }
  | { readonly kind: 'end'; readonly call: number }

export type TimedStep = Step & { readonly seq: number }

function stepsOf(recorded: RecordedCall, call: number): readonly TimedStep[] {
  const steps: TimedStep[] = [{ kind: 'open', call, seq: recorded.opened }]
  for (const request of fillRequests(recorded.requests)) {
    steps.push({ kind: 'send', call, seq: request.seq, message: request.message })
  }
  let count = 0
  for (const response of recorded.responses) {
    count += 'omitted' in response ? response.omitted : 1
    if ('message' in response) steps.push({ kind: 'response', call, count, seq: response.seq })
  }
  if (recorded.halfClosedByClient !== undefined) {
    steps.push({ kind: 'halfClose', call, seq: recorded.halfClosedByClient })
  }
  if (recorded.cancelledByClient !== undefined) {
    steps.push({ kind: 'cancel', call, seq: recorded.cancelledByClient })
  }
  if (recorded.ended !== undefined) steps.push({ kind: 'end', call, seq: recorded.ended })
  return steps
}

/** All that happened in a recording, in its order. */
export function scriptOf(calls: readonly RecordedCall[]): readonly TimedStep[] {
  return calls.flatMap(stepsOf).sort((a, b) => a.seq - b.seq)
}
