import type { PlainMessage, PlainValue, RecordedCall } from './recording.ts'
import type { ReplayedCall } from './replayed-call.ts'

const anyId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

function pair(
  recorded: PlainValue | undefined,
  came: PlainValue | undefined,
  ids: Map<string, string>,
): void {
  if (typeof recorded === 'string' && typeof came === 'string') {
    if (anyId.test(recorded) && recorded !== came) ids.set(recorded, came)
    return
  }
  if (typeof recorded !== 'object' || typeof came !== 'object' || recorded === null || came === null) return
  for (const [key, value] of Object.entries(recorded)) pair(value as PlainValue, Reflect.get(came, key), ids)
}

/** Which id of this server stands at the place of which id of the recorded one. */
function serverIds(
  recorded: readonly RecordedCall[],
  replayed: readonly (ReplayedCall | undefined)[],
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>()
  for (const [index, call] of recorded.entries()) {
    let place = 0
    for (const response of call.responses) {
      if ('omitted' in response) place += response.omitted
      else pair(response.message, replayed[index]?.responses[place++], ids)
    }
  }
  return ids
}

/** A request that speaks of ids which the server made, with those of this server. */
export function withServerIds(
  message: PlainMessage,
  recorded: readonly RecordedCall[],
  replayed: readonly (ReplayedCall | undefined)[],
): PlainMessage {
  if (!('ack' in message) && !('nack' in message)) return message
  const ids = serverIds(recorded, replayed)
  const text = JSON.stringify(message, (_key, value: unknown) =>
    typeof value === 'string' ? (ids.get(value) ?? value) : value,
  )
  return JSON.parse(text) as PlainMessage
}
